import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inProject } from '../project-root.ts';
import { projectEnvironment } from '../process/run-command.ts';
import { cacheFolder } from './cache-folder.ts';

/** Without a new byte for this long the download is given up. */
const NO_PROGRESS_LIMIT_MS = 20_000;
const LOOK_EVERY_MS = 1_000;

const electronPackage = (): string => inProject('node_modules', 'electron');

/** Version that package.json pins. */
export function pinnedElectronVersion(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(join(electronPackage(), 'package.json'), 'utf8'),
  );
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) {
    return String(manifest.version);
  }
  throw new Error('the electron package names no version');
}

/** Folder of the downloaded Electron, or `null` while it is not there. */
export function downloadedElectron(): string | null {
  const folder = join(electronPackage(), 'dist');
  const versionFile = join(folder, 'version');
  const there = existsSync(versionFile) && existsSync(join(electronPackage(), 'path.txt'));
  const version = there ? readFileSync(versionFile, 'utf8').trim().replace(/^v/, '') : '';
  return version === pinnedElectronVersion() ? folder : null;
}

/**
 * Electron's own download, with its own check of the file, kept in our cache. Gives up when it fails or when 20 s pass without a
 * new byte. The result is the folder, or the reason why there is none.
 */
export async function downloadElectron(): Promise<
  | { readonly kind: 'ready'; readonly folder: string }
  | { readonly kind: 'failed'; readonly reason: string }
> {
  const cache = join(cacheFolder(), 'electron-download');
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(join(cache, 'partial-'));
  try {
    const outcome = await runInstaller(cache, scratch);
    const folder = downloadedElectron();
    if (outcome === 'ended' && folder !== null) return { kind: 'ready', folder };
    const reason =
      outcome === 'stalled' ? 'its download made no progress for 20 s' : 'its download failed';
    return { kind: 'failed', reason };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function runInstaller(cache: string, scratch: string): Promise<'ended' | 'stalled'> {
  const installer = spawn(process.execPath, [join(electronPackage(), 'install.js')], {
    stdio: 'ignore',
    env: projectEnvironment({
      electron_config_cache: cache,
      TMPDIR: scratch,
      TEMP: scratch,
      TMP: scratch,
      ELECTRON_SKIP_BINARY_DOWNLOAD: undefined,
    }),
  });
  return new Promise((resolve) => {
    let size = -1;
    let grewAt = performance.now();
    const look = setInterval(async () => {
      const now = (await sizeOf(scratch)) + (await sizeOf(join(electronPackage(), 'dist')));
      if (now !== size) grewAt = performance.now();
      size = now;
      if (performance.now() - grewAt > NO_PROGRESS_LIMIT_MS) finish('stalled');
    }, LOOK_EVERY_MS);
    const finish = (outcome: 'ended' | 'stalled'): void => {
      clearInterval(look);
      installer.kill('SIGKILL');
      resolve(outcome);
    };
    installer.on('error', () => finish('ended'));
    installer.on('exit', () => finish('ended'));
  });
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = names.map((name) =>
    stat(join(folder, name)).then(
      (s) => s.size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
