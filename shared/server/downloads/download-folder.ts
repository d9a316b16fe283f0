import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** For which desks a file is. `feed`: the list of versions that installed apps read. */
export type DownloadKind = 'windows' | 'macos' | 'linux' | 'feed' | 'other';

/** One file that users or their apps may fetch. */
export interface Download {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly kind: DownloadKind;
  /** When it was put there, ms since 1970. */
  readonly changedAt: number;
}

/** A plain name in one folder: no path, no hidden file. */
const NAME = /^[A-Za-z0-9][\w .+()@-]{0,199}$/;

/**
 * The folder in which the admin puts installers and the update feed, as the app's packing writes them (`latest.yml`,
 * `latest-mac.yml`, `latest-linux.yml` beside the installers: electron-updater's generic provider). What is put there is
 * served at once.
 */
export class DownloadFolder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** What is there, by name; empty when there is no such folder. */
  async list(): Promise<readonly Download[]> {
    const names = await readdir(this.#path).catch(() => []);
    const found = await Promise.all(names.sort().map((name) => this.find(name)));
    return found.flatMap((each) => (each === null ? [] : [each.download]));
  }

  /** One file and its path; `null` when the name is none of ours or there is no such file. */
  async find(name: string): Promise<{ readonly path: string; readonly download: Download } | null> {
    if (!NAME.test(name)) return null;
    const path = join(this.#path, name);
    const found = await stat(path).catch(() => null);
    if (found === null || !found.isFile()) return null;
    const { size, mtimeMs } = found;
    return { path, download: { name, size, kind: kindOf(name), changedAt: Math.trunc(mtimeMs) } };
  }
}

/** What a file is, by the endings that the app's packing gives (electron-builder). */
export function kindOf(name: string): DownloadKind {
  const lower = name.toLowerCase();
  if (/^latest(-[a-z0-9-]+)?\.yml$|\.blockmap$/.test(lower)) return 'feed';
  if (/\.(exe|msi)$/.test(lower)) return 'windows';
  if (/\.(dmg|pkg)$|mac.*\.zip$/.test(lower)) return 'macos';
  if (/\.(appimage|deb|rpm)$/.test(lower)) return 'linux';
  return 'other';
}
