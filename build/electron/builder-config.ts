import type { Configuration } from 'electron-builder';

/** `release` is what people get; `drivable` lets Playwright attach, and differs in nothing else. */
export type Variant = 'release' | 'drivable';
export const variants: readonly Variant[] = ['release', 'drivable'];

export interface BuilderOptions {
  readonly variant: Variant;
  /** Folder with Electron's own files; absent where electron-builder may download them itself. */
  readonly electronFolder?: string;
  readonly electronVersion: string;
  /** Where the packing goes. */
  readonly output: string;
}

/** One configuration for every packing and every installer. */
export function builderConfig(options: BuilderOptions): Configuration {
  return {
    appId: 'org.parkline.phone',
    productName: 'Parkline',
    executableName: 'parkline',
    copyright: 'Parkline contributors, MIT licence',
    directories: { app: 'dist', output: options.output, buildResources: 'build/icons' },
    files: ['**/*', '!**/*.map'],
    asar: true,
    // The bundle is complete: `false` keeps electron-builder from looking for node_modules to copy.
    beforeBuild: () => Promise.resolve(false),
    nodeGypRebuild: false,
    buildDependenciesFromSource: false,
    removePackageScripts: true,
    publish: null,
    electronVersion: options.electronVersion,
    ...(options.electronFolder === undefined ? {} : { electronDist: options.electronFolder }),
    extraResources: [
      { from: 'build/icons/tray', to: 'tray' },
      { from: 'build/icons/png/256x256.png', to: 'icon.png' },
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
    protocols: [{ name: 'Telephone call', schemes: ['tel', 'sip', 'sips'], role: 'Viewer' }],
    linux: {
      target: ['AppImage', 'deb'],
      icon: 'png',
      category: 'Network;Telephony',
      synopsis: 'Softphone that shows parked calls and takes them back with one press',
      maintainer: 'Parkline contributors',
    },
    mac: {
      target: ['dmg', 'zip'],
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
    win: { target: ['nsis'], icon: 'icon.png' },
    nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
  };
}
