import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import Sqlite from 'better-sqlite3';
import { onDispose, type Disposable } from '../../domain/disposable.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import { codeOf, type StoreRefusal } from './store-refusal.ts';

/** The files of one server. Everything that must survive is in the database. */
export class DataDirectory {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Makes the directory, private to its owner, when it is absent. */
  static open(path: string): Result<DataDirectory, StoreRefusal> {
    const full = resolve(path);
    try {
      makeDirectory(full);
      return DataDirectory.#at(full);
    } catch (cause) {
      return err(unusable(full, sentenceOf(cause)));
    }
  }

  /** Makes nothing: `no-data` where there is no database, so that a mistyped path is told rather than filled. */
  static existing(path: string): Result<DataDirectory, StoreRefusal> {
    const full = resolve(path);
    try {
      if (statSync(full, { throwIfNoEntry: false }) === undefined) {
        return err({ kind: 'no-data', path: full });
      }
      const data = DataDirectory.#at(full);
      if (!data.ok || existsSync(data.value.database)) return data;
      return err({ kind: 'no-data', path: full });
    } catch (cause) {
      return err(unusable(full, sentenceOf(cause)));
    }
  }

  /** @throws the system's error when there is no such directory or it is not ours to use */
  static #at(full: string): Result<DataDirectory, StoreRefusal> {
    if (!statSync(full).isDirectory())
      return err(unusable(full, 'a file of that name is in the way'));
    accessSync(full, constants.R_OK | constants.W_OK | constants.X_OK);
    return ok(new DataDirectory(full));
  }

  get database(): string {
    return join(this.path, 'parkline.db');
  }

  /** Where the running server says how its control API is reached; 0600. */
  get control(): string {
    return join(this.path, 'control.json');
  }

  /** How to sign in as the demo's users; 0600. */
  get demo(): string {
    return join(this.path, 'demo.json');
  }

  /** Installers and the update feed, where the configuration names no other place. */
  get downloads(): string {
    return join(this.path, 'downloads');
  }

  /** Music and tones, prepared; it may be deleted at any time. */
  get soundCache(): string {
    return join(this.path, 'sounds.cache');
  }

  /** Credentials of the demo tenant's trunk, for the demo caller; 0600. */
  get demoTrunk(): string {
    return join(this.path, 'demo-trunk.json');
  }

  /**
   * Takes the directory for one server. The lock is the operating system's, on a file of its own, so that it is free
   * again however the server died.
   */
  lock(): Result<Disposable, StoreRefusal> {
    let lock: Sqlite.Database | undefined;
    try {
      lock = new Sqlite(join(this.path, 'server.lock'), { timeout: 0 });
      lock.pragma('locking_mode = EXCLUSIVE');
      lock.exec('BEGIN EXCLUSIVE');
      const held = lock;
      return ok(onDispose(() => held.close()));
    } catch (cause) {
      lock?.close();
      return codeOf(cause).startsWith('SQLITE_BUSY')
        ? err({ kind: 'directory-in-use', path: this.path })
        : err(unusable(this.path, sentenceOf(cause)));
    }
  }
}

/**
 * Makes a directory and those above it. Node's own recursion never comes back where the directory above is there but the
 * system answers ENOENT all the same, as in /proc.
 */
function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (cause) {
    // Another program may have made it meanwhile.
    if (codeOf(cause) !== 'EEXIST' || !existsSync(path)) throw cause;
  }
}

function unusable(path: string, why: string): StoreRefusal {
  return { kind: 'directory-unusable', path, why };
}

function sentenceOf(cause: unknown): string {
  switch (codeOf(cause)) {
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'ENOENT':
      return 'no directory can be made there';
    case 'EROFS':
      return 'the disk is read-only';
    case 'EEXIST':
    case 'ENOTDIR':
      return 'a file of that name is in the way';
    case 'ENOSPC':
      return 'the disk is full';
    default:
      return cause instanceof Error ? cause.message : String(cause);
  }
}
