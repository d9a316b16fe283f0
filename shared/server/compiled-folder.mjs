/**
 * Where the server keeps what Node compiled of it, see `compiled-folder.d.mts`. Plain JavaScript, as `build/bootstrap.mjs` asks too, under
 * whatever Node there is, and as one place must decide for both: what lies there is executed.
 */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

/** Others may write: group 020, everybody 002. */
const WRITABLE_BY_OTHERS = 0o022;

export function compiledFolder({ env = process.env, home = homedir } = {}) {
  try {
    // What is not absolute counts as unset (XDG Base Directory Specification, "Basics").
    const asked = env.XDG_CACHE_HOME;
    const caches = asked !== undefined && isAbsolute(asked) ? asked : join(home(), '.cache');
    if (!isAbsolute(caches)) return undefined;
    const folder = join(caches, 'parkline', 'compiled');
    // Nothing is made in a place of somebody else: root would leave there what its owner cannot use.
    if (!isOurs(nearest(folder))) return undefined;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return [caches, dirname(folder), folder].every(isOurs) ? folder : undefined;
  } catch {
    // No home, no permission, a full disk: starts take longer, that is all.
    return undefined;
  }
}

/** Nobody else can put anything there. Windows says so by access lists, and a profile is its user's. */
function isOurs(folder) {
  const self = process.geteuid?.();
  if (self === undefined) return true;
  const { uid, mode } = statSync(folder);
  return uid === self && (mode & WRITABLE_BY_OTHERS) === 0;
}

/** The folder itself, or the nearest above it that there is. */
function nearest(folder) {
  return existsSync(folder) ? folder : nearest(dirname(folder));
}
