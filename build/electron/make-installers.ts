import { Arch, build, Platform } from 'electron-builder';
import { inProject } from '../project-root.ts';
import { builderConfig } from './builder-config.ts';
import { bundleElectron, bundleRenderer } from './bundle.ts';
import { pinnedElectronVersion } from './own-download.ts';

/** Where installers and the lists of versions go: what is in it is put into the server's download folder as it is. */
export const installerFolder = (): string => inProject('out', 'installers');

/**
 * Makes the installers of this system, for both processors, with the Electron that the lock file names. electron-builder fetches
 * that Electron and its own tools; signing and notarising go by the environment (README.md beside this file).
 * @returns the files it made
 */
export async function makeInstallers(): Promise<readonly string[]> {
  await bundleRenderer();
  await bundleElectron();
  return build({
    projectDir: inProject(),
    targets: Platform.current().createTarget(null, Arch.x64, Arch.arm64),
    publish: 'never',
    config: builderConfig({
      variant: 'release',
      electronVersion: pinnedElectronVersion(),
      output: installerFolder(),
      env: process.env,
    }),
  });
}
