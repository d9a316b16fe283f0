import type { Configuration, TargetConfiguration, WindowsConfiguration } from 'electron-builder';

/** `release` is what people get; `drivable` lets Playwright attach, and differs in nothing else. */
export type Variant = 'release' | 'drivable';
export const variants: readonly Variant[] = ['release', 'drivable'];

export interface BuilderOptions {
  readonly variant: Variant;
  /** Folder with Electron's own files; absent where electron-builder may download them itself. */
  readonly electronFolder?: string;
  readonly electronVersion: string;
  /** Secrets for signing; electron-builder itself reads CSC_LINK, CSC_KEY_PASSWORD, WIN_CSC_LINK and Apple's. */
  readonly env?: NodeJS.ProcessEnv;
  /** Where the packing goes. */
  readonly output: string;
}

/** One configuration for every packing and every installer. */
export function builderConfig(options: BuilderOptions): Configuration {
  const env = options.env ?? {};
  return {
    appId: 'org.parkline.phone',
    productName: 'Parkline',
    executableName: 'parkline',
    copyright: 'Parkline contributors, MIT licence',
    directories: { app: 'dist', output: options.output, buildResources: 'build/icons' },
    // The portal is the server's, and only a browser has a use for the worker.
    files: ['**/*', '!**/*.map', '!renderer/portal/**', '!renderer/service-worker.js'],
    asar: true,
    // The bundle is complete: `false` keeps electron-builder from looking for node_modules to copy.
    beforeBuild: () => Promise.resolve(false),
    nodeGypRebuild: false,
    buildDependenciesFromSource: false,
    removePackageScripts: true,
    // Makes the lists of versions (`latest*.yml`). The address is never asked: the app looks at its account's own server.
    publish: [{ provider: 'generic', url: 'https://updates.invalid/downloads/' }],
    electronVersion: options.electronVersion,
    ...(options.electronFolder === undefined ? {} : { electronDist: options.electronFolder }),
    extraResources: [
      { from: 'build/icons/tray', to: 'tray' },
      { from: 'build/icons/png/256x256.png', to: 'icon.png' },
      { from: 'build/electron/command-line', to: 'bin' },
    ],
    electronFuses: {
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: options.variant === 'drivable',
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
      // Ad-hoc signing again after the fuses are flipped; without it macOS on arm64 refuses the binary.
      resetAdHocDarwinSignature: true,
    },
    protocols: [
      { name: 'Telephone call', schemes: ['tel', 'callto', 'sip', 'sips'], role: 'Viewer' },
      { name: 'Parkline sign-in', schemes: ['parkline'], role: 'Viewer' },
    ],
    linux: {
      target: forBoth('AppImage', 'deb'),
      icon: 'png',
      category: 'Network;Telephony',
      synopsis: 'Softphone that shows parked calls and takes them back with one press',
      maintainer: 'Parkline contributors',
    },
    mac: {
      target: forBoth('dmg', 'zip'),
      // By Apple's rules a downloaded app must be notarised; without the account's words in the environment it is not.
      notarize: 'APPLE_API_KEY' in env || 'APPLE_ID' in env,
      icon: 'icon.png',
      category: 'public.app-category.business',
      hardenedRuntime: true,
      gatekeeperAssess: false,
      entitlements: 'build/electron/entitlements.mac.plist',
      entitlementsInherit: 'build/electron/entitlements.mac.plist',
      extendInfo: {
        NSMicrophoneUsageDescription: 'Parkline needs the microphone so that others can hear you.',
      },
    },
    win: { target: forBoth('nsis'), icon: 'icon.png', ...azureSigning(env) },
    deb: {
      // The command line of the phone, where shells find it.
      fpm: ['build/electron/command-line/parkline-phone.deb=/usr/bin/parkline-phone'],
    },
    nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
    artifactName: '${productName}-${version}-${os}-${arch}.${ext}',
  };
}

/** Every installer for both processors. */
const forBoth = (...targets: readonly string[]): TargetConfiguration[] =>
  targets.map((target) => ({ target, arch: ['x64', 'arm64'] }));

/**
 * Microsoft's signing in the cloud, when the environment names an account; its secrets (AZURE_TENANT_ID and the like) are read by
 * the signing tool itself. A certificate in a file goes by WIN_CSC_LINK instead.
 */
function azureSigning(env: NodeJS.ProcessEnv): Pick<WindowsConfiguration, 'azureSignOptions'> {
  const endpoint = env['PARKLINE_AZURE_ENDPOINT'];
  const account = env['PARKLINE_AZURE_ACCOUNT'];
  const profile = env['PARKLINE_AZURE_PROFILE'];
  const publisher = env['PARKLINE_PUBLISHER'];
  if (!endpoint || !account || !profile || !publisher) return {};
  return {
    azureSignOptions: {
      endpoint,
      codeSigningAccountName: account,
      certificateProfileName: profile,
      publisherName: publisher,
    },
  };
}
