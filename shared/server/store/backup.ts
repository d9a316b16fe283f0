import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import Sqlite from 'better-sqlite3';
import { err, ok, type Result } from '../../domain/result.ts';
import { CertificateFolder } from '../certificates/certificate-folder.ts';
import { writePrivateFile } from '../private-file.ts';
import { DataDirectory } from './data-directory.ts';
import { checkDatabaseFile, makePrivately } from './database.ts';
import type { StoreRefusal } from './store-refusal.ts';

/** The certificates of `cert make` ride along in a table that only backups have. */
const FILES_TABLE = 'backup_files';

export type BackupRefusal =
  | { readonly kind: 'store'; readonly refusal: StoreRefusal }
  | { readonly kind: 'file-exists'; readonly path: string }
  | { readonly kind: 'no-such-file'; readonly path: string }
  | { readonly kind: 'data-exists'; readonly path: string }
  | { readonly kind: 'damaged'; readonly path: string; readonly why: string }
  | { readonly kind: 'cannot-write'; readonly path: string; readonly why: string };

/** Why nothing was done, for whoever asked. */
export function describeBackupRefusal(refusal: Exclude<BackupRefusal, { kind: 'store' }>): string {
  switch (refusal.kind) {
    case 'file-exists':
      return `${refusal.path} is there already. Give another name: a backup overwrites nothing.`;
    case 'no-such-file':
      return `There is no file ${refusal.path}.`;
    case 'data-exists':
      return `${refusal.path} holds data already. Restore into an empty directory, or say --replace: what is there is then kept beside it.`;
    case 'damaged':
      return `${refusal.path} is damaged: ${refusal.why}. Nothing was changed.`;
    case 'cannot-write':
      return `${refusal.path} cannot be written: ${refusal.why}`;
  }
}

export interface BackupMade {
  readonly file: string;
  readonly certificateFiles: number;
}

/**
 * Copies everything that must survive into one file, also while a server runs: SQLite's own online copy, which is the
 * state of one moment. The copy is written under another name first, so that a file with the wanted name is whole.
 */
export async function makeBackup(
  dataDir: string,
  target: string,
): Promise<Result<BackupMade, BackupRefusal>> {
  const data = DataDirectory.existing(dataDir);
  if (!data.ok) return err({ kind: 'store', refusal: data.error });
  const file = resolve(target);
  if (existsSync(file)) return err({ kind: 'file-exists', path: file });
  const partial = `${file}.${process.pid}.partial`;
  const source = new Sqlite(data.value.database, { readonly: true });
  try {
    makePrivately(partial);
    await source.backup(partial);
    const certificateFiles = packCertificates(partial, CertificateFolder.of(data.value.path));
    renameSync(partial, file);
    return ok({ file, certificateFiles });
  } catch (cause) {
    rmSync(partial, { force: true });
    return err({ kind: 'cannot-write', path: file, why: sentenceOf(cause) });
  } finally {
    source.close();
  }
}

export interface RestoreOptions {
  /** What is in the directory is kept beside it under another name, and the backup takes its place. */
  readonly replace: boolean;
  /** Ms since 1970, for the name of what is kept. */
  readonly now: number;
}

export interface Restored {
  readonly dataDir: string;
  /** Where the data went that was there before. */
  readonly kept: string | null;
}

/** Puts a backup in place. Refuses while a server runs, what is damaged, and what a newer version wrote. */
export function restoreBackup(
  source: string,
  dataDir: string,
  options: RestoreOptions,
): Result<Restored, BackupRefusal> {
  const file = resolve(source);
  if (!existsSync(file)) return err({ kind: 'no-such-file', path: file });
  const sound = check(file);
  if (!sound.ok) return sound;
  const data = DataDirectory.open(dataDir);
  if (!data.ok) return err({ kind: 'store', refusal: data.error });
  const lock = data.value.lock();
  if (!lock.ok) return err({ kind: 'store', refusal: lock.error });
  try {
    const there =
      existsSync(data.value.database) || pemNames(CertificateFolder.of(data.value.path)).length > 0;
    if (there && !options.replace) return err({ kind: 'data-exists', path: data.value.path });
    return putInPlace(file, data.value, there ? keptName(data.value, options.now) : null);
  } catch (cause) {
    return err({ kind: 'cannot-write', path: data.value.path, why: sentenceOf(cause) });
  } finally {
    lock.value.dispose();
  }
}

function check(file: string): Result<null, BackupRefusal> {
  const refusal = checkDatabaseFile(file);
  if (refusal?.kind === 'damaged') {
    return err({ kind: 'damaged', path: file, why: refusal.why });
  }
  if (refusal !== null) return err({ kind: 'store', refusal });
  const sqlite = new Sqlite(file, { readonly: true });
  try {
    const problems = sqlite.prepare('PRAGMA integrity_check').pluck().all().map(String);
    const why = problems.find((line) => line !== 'ok');
    return why === undefined ? ok(null) : err({ kind: 'damaged', path: file, why });
  } catch (cause) {
    return err({ kind: 'damaged', path: file, why: sentenceOf(cause) });
  } finally {
    sqlite.close();
  }
}

function putInPlace(
  file: string,
  data: DataDirectory,
  kept: string | null,
): Result<Restored, BackupRefusal> {
  const partial = `${data.database}.${process.pid}.partial`;
  rmSync(partial, { force: true });
  makePrivately(partial);
  const sqlite = new Sqlite(file, { readonly: true });
  try {
    sqlite.prepare('VACUUM INTO ?').run(partial);
  } finally {
    sqlite.close();
  }
  const certificates = CertificateFolder.of(data.path);
  if (kept !== null) keepCertificates(data, kept);
  unpackCertificates(partial, certificates);
  if (kept !== null && existsSync(data.database)) renameSync(data.database, kept);
  for (const side of ['-wal', '-shm']) rmSync(`${data.database}${side}`, { force: true });
  renameSync(partial, data.database);
  return ok({ dataDir: data.path, kept });
}

/**
 * An authority that every desk trusts must not be lost for good: the database that is kept is a backup itself. One that is
 * too damaged for that, and so perhaps the reason to restore, is kept as it is, with the certificates beside it.
 */
function keepCertificates(data: DataDirectory, kept: string): void {
  const folder = CertificateFolder.of(data.path);
  try {
    if (existsSync(data.database)) return void packCertificates(data.database, folder);
  } catch {
    const log = `${data.database}-wal`;
    if (existsSync(log)) cpSync(log, `${kept}-wal`);
  }
  if (existsSync(folder.path)) cpSync(folder.path, `${kept}.certificates`, { recursive: true });
}

const keptName = (data: DataDirectory, now: number): string =>
  `${data.database}.before-restore-${new Date(now).toISOString().replace(/[:.]/g, '-')}`;

function pemNames({ path }: CertificateFolder): readonly string[] {
  return existsSync(path) ? readdirSync(path).filter((name) => name.endsWith('.pem')) : [];
}

/** Makes a database a backup: one file, with the certificates in it. */
function packCertificates(backup: string, folder: CertificateFolder): number {
  const names = pemNames(folder);
  const sqlite = new Sqlite(backup);
  try {
    // A copy of a database in WAL mode is in WAL mode; leaving it folds the log in.
    sqlite.pragma('journal_mode = DELETE');
    sqlite.exec(`DROP TABLE IF EXISTS ${FILES_TABLE}`);
    if (names.length === 0) return 0;
    sqlite.exec(`CREATE TABLE ${FILES_TABLE} (name TEXT PRIMARY KEY, content BLOB NOT NULL)`);
    const insert = sqlite.prepare(`INSERT INTO ${FILES_TABLE} VALUES (?, ?)`);
    for (const name of names) insert.run(name, readFileSync(join(folder.path, name)));
    return names.length;
  } finally {
    sqlite.close();
  }
}

function unpackCertificates(database: string, folder: CertificateFolder): void {
  const sqlite = new Sqlite(database);
  try {
    const has = sqlite.prepare('SELECT count(*) FROM sqlite_schema WHERE name = ?').pluck();
    if (has.get(FILES_TABLE) === 0) return;
    const rows = sqlite.prepare(`SELECT name, content FROM ${FILES_TABLE}`).all();
    mkdirSync(folder.path, { recursive: true, mode: 0o700 });
    for (const row of rows) {
      // Rows of a table that `packCertificates` made: names of files in one folder, and their content.
      const { name, content } = row as { readonly name: string; readonly content: Buffer };
      if (/^[\w.-]+\.pem$/.test(name))
        writePrivateFile(join(folder.path, name), content.toString());
    }
    sqlite.exec(`DROP TABLE ${FILES_TABLE}`);
  } finally {
    sqlite.close();
  }
}

const sentenceOf = (cause: unknown): string =>
  cause instanceof Error ? cause.message : String(cause);
