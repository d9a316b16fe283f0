import { chmodSync, closeSync, existsSync, openSync, statSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import {
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type Insertable,
  type Selectable,
} from 'kysely';
import { err, ok, type Result } from '../../domain/result.ts';
import { migrations, newestSchemaVersion } from './migrations.ts';
import type { Schema } from './schema.ts';
import { refusalOfOpening, type StoreRefusal } from './store-refusal.ts';

/** Marks the file as ours (`PRAGMA application_id`): "PRKL". */
const APPLICATION_ID = 0x50_52_4b_4c;
/** How long a write waits for another process's (the command line beside a running server), in ms. */
const BUSY_TIMEOUT_MS = 5000;

interface Compilable<Row> {
  compile(): CompiledQuery<Row>;
}

/**
 * The database file: SQLite in WAL mode, so that whatever a finished call wrote survives `kill -9`. Queries are built
 * with kysely, for their types, and run at once: the store is on the same thread and answers in microseconds.
 */
export class Database {
  /** Builds queries; run them with `all`, `first` or `run`. */
  readonly build: Kysely<Schema>;
  readonly #sqlite: Sqlite.Database;
  readonly #prepared = new Map<string, Sqlite.Statement>();
  /** How long SQLite waits for another process's lock now, in ms. Saying it costs as much as a small write. */
  #waitsMs = BUSY_TIMEOUT_MS;
  #isAtOnce = false;

  private constructor(sqlite: Sqlite.Database) {
    this.#sqlite = sqlite;
    this.build = new Kysely<Schema>({
      dialect: {
        createAdapter: () => new SqliteAdapter(),
        createDriver: () => new DummyDriver(),
        createIntrospector: (db) => new SqliteIntrospector(db),
        createQueryCompiler: () => new SqliteQueryCompiler(),
      },
    });
  }

  /**
   * Opens the file, makes it when it is absent, and brings its schema up to date. Refuses what it cannot read and what
   * a newer version wrote; a refused file is left untouched.
   * @param path a file name, or `:memory:`
   */
  static open(path: string): Result<Database, StoreRefusal> {
    let sqlite: Sqlite.Database | undefined;
    try {
      makePrivately(path);
      sqlite = new Sqlite(path);
      sqlite.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
      const refusal = inspect(sqlite, path);
      if (refusal !== null) {
        sqlite.close();
        return err(refusal);
      }
      closeToOthers(path);
      sqlite.pragma('journal_mode = WAL');
      sqlite.pragma('synchronous = NORMAL');
      sqlite.pragma('foreign_keys = ON');
      keepCopyOfOldSchema(sqlite, path);
      migrate(sqlite);
      return ok(new Database(sqlite));
    } catch (cause) {
      sqlite?.close();
      return err(refusalOfOpening(path, cause));
    }
  }

  all<Row>(query: Compilable<Row>): Row[] {
    const compiled = query.compile();
    // better-sqlite3 returns unknown rows; their shape is the query's, which kysely typed from the schema.
    return this.#statement(compiled.sql).all(...compiled.parameters) as Row[];
  }

  first<Row>(query: Compilable<Row>): Row | undefined {
    return this.all(query)[0];
  }

  /** @returns the number of rows changed */
  run(query: Compilable<unknown>): number {
    const compiled = query.compile();
    return this.#writing(compiled.sql).run(...compiled.parameters).changes;
  }

  /**
   * Inserts rows of one shape again and again: the statement is built once, since building it costs more than running it.
   * @param onConflict what follows `ON CONFLICT`, where a row may be there already
   */
  inserter<Table extends keyof Schema, Column extends keyof Insertable<Schema[Table]> & string>(
    table: Table,
    columns: readonly Column[],
    onConflict?: string,
  ): (row: Required<Pick<Insertable<Schema[Table]>, Column>>) => void {
    const marks = columns.map(() => '?').join(', ');
    const otherwise = onConflict === undefined ? '' : ` ON CONFLICT ${onConflict}`;
    const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})${otherwise}`;
    return (row) => void this.#writing(sql).run(columns.map((column) => row[column]));
  }

  /**
   * Changes some columns of the row whose key has a value, again and again: built once, as `inserter` is.
   * @returns whether there is such a row
   */
  updater<Table extends keyof Schema, Column extends keyof Selectable<Schema[Table]> & string>(
    table: Table,
    key: Column,
    columns: readonly Column[],
  ): (row: Pick<Selectable<Schema[Table]>, Column>) => boolean {
    const sql = `UPDATE ${table} SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE ${key} = ?`;
    const order = [...columns, key];
    return (row) => this.#writing(sql).run(order.map((column) => row[column])).changes > 0;
  }

  /** Finds a row of one table by the value of a column, again and again: built once, as `inserter` is. */
  finder<Table extends keyof Schema, Column extends keyof Schema[Table] & string>(
    table: Table,
    column: Column,
  ): (value: string | number) => Selectable<Schema[Table]> | undefined {
    const sql = `SELECT * FROM ${table} WHERE ${column} = ? LIMIT 1`;
    // As with `all`: better-sqlite3 knows no types, the schema does.
    return (value) => this.#statement(sql).get(value) as Selectable<Schema[Table]> | undefined;
  }

  /** Deletes the rows of one table whose column has a value, again and again: built once, as `inserter` is. */
  deleter<Table extends keyof Schema, Column extends keyof Schema[Table] & string>(
    table: Table,
    column: Column,
  ): (value: string | number) => void {
    const sql = `DELETE FROM ${table} WHERE ${column} = ?`;
    return (value) => void this.#writing(sql).run(value);
  }

  /** All of `work`, or nothing of it when it throws. */
  transaction<T>(work: () => T): T {
    this.#setWait();
    return this.#sqlite.transaction(work).immediate();
  }

  /**
   * Runs `work`, whose writes do not wait for another process's lock: they throw at once while there is one. (Whoever reads waits
   * for no writer anyway, in WAL mode.)
   */
  atOnce<T>(work: () => T): T {
    const before = this.#isAtOnce;
    this.#isAtOnce = true;
    try {
      return work();
    } finally {
      this.#isAtOnce = before;
    }
  }

  /** Asks SQLite to check the whole file; empty when it is sound. */
  integrityProblems(): readonly string[] {
    const rows = this.#sqlite.prepare('PRAGMA integrity_check').pluck().all();
    return rows.map(String).filter((line) => line !== 'ok');
  }

  /**
   * Gives back the pages of the file that SQLite keeps at hand, up to 16 MB after a busy hour: the system has them too, and they are
   * read from there when they are wanted again.
   */
  releaseMemory(): void {
    try {
      this.#sqlite.pragma('shrink_memory');
    } catch {
      // Nothing hangs on it: what is wrong with the file, the next write tells.
    }
  }

  /** Closing twice is harmless. */
  close(): void {
    this.#prepared.clear();
    this.#sqlite.close();
  }

  #writing(sql: string): Sqlite.Statement {
    this.#setWait();
    return this.#statement(sql);
  }

  /** Said only when it changes: what calls write is nearly all there is on a good day, and none of it waits. */
  #setWait(): void {
    const wanted = this.#isAtOnce ? 0 : BUSY_TIMEOUT_MS;
    if (this.#waitsMs === wanted) return;
    this.#sqlite.pragma(`busy_timeout = ${wanted}`);
    this.#waitsMs = wanted;
  }

  #statement(sql: string): Sqlite.Statement {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const statement = this.#sqlite.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }
}

/** Whether a file is a database that this version can read; it is not changed. `null`: it is. */
export function checkDatabaseFile(path: string): StoreRefusal | null {
  let sqlite: Sqlite.Database | undefined;
  try {
    sqlite = new Sqlite(path, { readonly: true });
    const refusal = inspect(sqlite, path);
    if (refusal !== null) return refusal;
    const empty = Number(sqlite.pragma('application_id', { simple: true })) !== APPLICATION_ID;
    return empty ? { kind: 'not-a-parkline-database', path } : null;
  } catch (cause) {
    return refusalOfOpening(path, cause);
  } finally {
    sqlite?.close();
  }
}

function inspect(sqlite: Sqlite.Database, path: string): StoreRefusal | null {
  const version = Number(sqlite.pragma('user_version', { simple: true }));
  const application = Number(sqlite.pragma('application_id', { simple: true }));
  const tables = Number(sqlite.prepare('SELECT count(*) FROM sqlite_schema').pluck().get());
  const fresh = application === 0 && version === 0 && tables === 0;
  if (!fresh && application !== APPLICATION_ID) return { kind: 'not-a-parkline-database', path };
  if (version > newestSchemaVersion) {
    return { kind: 'newer-version', path, found: version, known: newestSchemaVersion };
  }
  return null;
}

/**
 * A whole copy beside the file before its schema changes: `parkline.db.schema-2.backup`. Whoever goes back to the older
 * version puts it in place of the database. A copy that is there already stays.
 * @throws when the copy cannot be written: then nothing is changed either
 */
function keepCopyOfOldSchema(sqlite: Sqlite.Database, path: string): void {
  const version = Number(sqlite.pragma('user_version', { simple: true }));
  if (path === ':memory:' || version === 0 || version >= newestSchemaVersion) return;
  const copy = freeName(`${path}.schema-${version}.backup`);
  makePrivately(copy);
  sqlite.prepare('VACUUM INTO ?').run(copy);
}

function freeName(wanted: string): string {
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? wanted : `${wanted}-${count}`;
    if (!existsSync(name)) return name;
  }
}

/** Each step is one transaction, so that a crash in the middle leaves the schema before it. */
function migrate(sqlite: Sqlite.Database): void {
  for (const migration of migrations) {
    sqlite
      .transaction(() => {
        // Asked again inside the lock: the command line and the server may both be opening a new file.
        const at = Number(sqlite.pragma('user_version', { simple: true }));
        if (at >= migration.version) return;
        sqlite.exec(migration.sql);
        sqlite.pragma(`application_id = ${APPLICATION_ID}`);
        sqlite.pragma(`user_version = ${migration.version}`);
      })
      .immediate();
  }
}

/**
 * Makes the file readable for the server's own user alone, whoever made the directory: password hashes are in it. SQLite
 * gives its side files the same mode. What cannot be done here, SQLite will say better.
 */
export function makePrivately(path: string): void {
  if (path === ':memory:') return;
  try {
    closeSync(openSync(path, 'ax', 0o600));
  } catch {
    // It is there already, or cannot be made.
  }
}

/** The same for a file of ours that an older version or another umask left open to others. */
function closeToOthers(path: string): void {
  if (path === ':memory:') return;
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0;
    if ((mode & 0o077) === 0) continue;
    try {
      chmodSync(file, 0o600);
    } catch {
      // Somebody else's file that we may write: its owner decides.
    }
  }
}
