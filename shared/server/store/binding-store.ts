import type { Clock } from '../../domain/clock.ts';
import type { Disposable } from '../../domain/disposable.ts';
import type { EpochMs } from '../../domain/ids.ts';
import type { Database } from './database.ts';
import type { BindingRow } from './schema.ts';
import { isPassingTrouble, silentTrouble, type StoreTrouble } from './store-trouble.ts';

/** A crash forgets at most so much of who refreshed when, in ms; the phones register again long before it matters. */
const WRITE_BEHIND_MS = 500;

type Change =
  /** The row is made when it is written. */
  | { readonly kind: 'saved' | 'refreshed'; readonly row: () => BindingRow }
  | { readonly kind: 'removed' };

const REMOVED: Change = { kind: 'removed' };

/**
 * Bindings on disk, written behind: changes are gathered and written in one transaction every half second, so that a
 * thousand phones that register at once do not wait for the disk one by one.
 */
export class BindingStore implements Disposable {
  readonly #db: Database;
  readonly #put: ReturnType<typeof putterOf>;
  readonly #touch: ReturnType<typeof toucherOf>;
  readonly #findUser: ReturnType<typeof userFinderOf>;
  readonly #clock: Clock;
  readonly #pending = new Map<string, Change>();
  readonly #trouble: StoreTrouble;
  #timer: Disposable | undefined;
  #failing = false;
  #closed = false;

  constructor(db: Database, clock: Clock, trouble: StoreTrouble = silentTrouble) {
    this.#db = db;
    this.#trouble = trouble;
    this.#put = putterOf(db);
    this.#touch = toucherOf(db);
    this.#findUser = userFinderOf(db);
    this.#clock = clock;
  }

  /** Drops what expired before `now` and returns the rest. */
  load(now: EpochMs): readonly BindingRow[] {
    this.#db.run(this.#db.build.deleteFrom('bindings').where('expires_at', '<=', now));
    return this.#db.all(this.#db.build.selectFrom('bindings').selectAll());
  }

  save(row: BindingRow): void {
    this.#change(row.id, { kind: 'saved', row: () => row });
  }

  /**
   * Of a row that was saved before, only times, Call-ID and CSeq differ.
   *
   * @param row asked for the row as it is when it is written: for every refresh anew it would be made in vain
   */
  refresh(id: string, row: () => BindingRow): void {
    const pending = this.#pending.get(id)?.kind;
    if (pending === 'refreshed') return;
    this.#change(id, { kind: pending === undefined ? 'refreshed' : 'saved', row });
  }

  remove(id: string): void {
    this.#change(id, REMOVED);
  }

  /** Writes what is pending now. What cannot be written on a full disk or a locked database stays pending; never throws. */
  flush(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    if (this.#pending.size === 0) return;
    try {
      // A locked database is asked again soon: meanwhile nobody's call waits for it.
      this.#db.atOnce(() => this.#writeAll());
      if (this.#failing) this.#trouble.passed(0);
      this.#failing = false;
      this.#pending.clear();
    } catch (error) {
      this.#trouble.failed(error);
      this.#failing = true;
      if (!isPassingTrouble(error)) this.#pending.clear();
      else this.#arm();
    }
  }

  /** Writes what is pending; later changes are ignored. */
  dispose(): void {
    if (this.#closed) return;
    this.flush();
    this.#timer?.dispose();
    if (this.#pending.size > 0) this.#trouble.lost(this.#pending.size);
    this.#closed = true;
  }

  #arm(): void {
    this.#timer ??= this.#clock.after(WRITE_BEHIND_MS, () => this.flush());
  }

  #writeAll(): void {
    this.#db.transaction(() => {
      for (const [id, change] of this.#pending) this.#write(id, change);
    });
  }

  #change(id: string, change: Change): void {
    if (this.#closed) return;
    this.#pending.set(id, change);
    this.#arm();
  }

  #write(id: string, change: Change): void {
    if (change.kind === 'removed') {
      this.#db.run(this.#db.build.deleteFrom('bindings').where('id', '=', id));
      return;
    }
    const row = change.row();
    // As nearly always; a row that is not there after all is written whole.
    if (change.kind === 'refreshed' && this.#touch(row)) return;
    // The user may have been removed by the command line since; then the row must not come back.
    const { user_id: userId } = row;
    const user = this.#db.first({ compile: () => ({ ...this.#findUser, parameters: [userId] }) });
    if (user !== undefined) this.#put(row);
  }
}

const COLUMNS = [
  'id',
  'user_id',
  'contact',
  'instance_id',
  'reg_id',
  'device_id',
  'call_id',
  'cseq',
  'user_agent',
  'path',
  'transport',
  'remote_address',
  'remote_port',
  'local_address',
  'local_port',
  'registered_at',
  'expires_at',
] as const satisfies readonly (keyof BindingRow)[];

/** All but the key take the new row's values. */
const REPLACED = COLUMNS.filter((column) => column !== 'id')
  .map((column) => `${column} = excluded.${column}`)
  .join(', ');

// Built once: a busy registrar writes a thousand rows a second, and building a statement costs more than running it.
const putterOf = (db: Database) =>
  db.inserter('bindings', COLUMNS, `(id) DO UPDATE SET ${REPLACED}`);

const toucherOf = (db: Database) =>
  db.updater('bindings', 'id', ['call_id', 'cseq', 'registered_at', 'expires_at']);

const userFinderOf = (db: Database) =>
  db.build.selectFrom('users').select('id').where('id', '=', '').compile();
