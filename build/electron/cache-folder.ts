import { homedir } from 'node:os';
import { join } from 'node:path';

export interface CacheSurroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

const here = (): CacheSurroundings => ({
  platform: process.platform,
  env: process.env,
  home: homedir(),
});

/** Where large downloads are kept, outside the project, so that a fresh clone finds them again. */
export function cacheFolder(at: CacheSurroundings = here()): string {
  if (at.platform === 'darwin') return join(at.home, 'Library', 'Caches', 'parkline');
  if (at.platform === 'win32') {
    return join(at.env['LOCALAPPDATA'] ?? join(at.home, 'AppData', 'Local'), 'parkline', 'cache');
  }
  return join(at.env['XDG_CACHE_HOME'] || join(at.home, '.cache'), 'parkline');
}
