import type { Clock } from '../../domain/clock.ts';
import type { Disposable } from '../../domain/disposable.ts';
import type { EpochMs } from '../../domain/ids.ts';
import type { Database } from './database.ts';
import type { BindingRow } from './schema.ts';

/** A crash forgets at most so much of who refreshed when, in ms; the phones register again long before it matters. */
const WRITE_BEHIND_MS = 500;

/**
 * Bindings on disk, written behind: changes are gathered and written in one transaction every half second, so that a
 * thousand phones that register at once do not wait for the disk one by one.
 */
export class BindingStore implements Disposable {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #pending = new Map<string, BindingRow | 'removed'>();
  #timer: Disposable | undefined;
  #closed = false;

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Drops what expired before `now` and returns the rest. */
  load(now: EpochMs): readonly BindingRow[] {
    this.#db.run(this.#db.build.deleteFrom('bindings').where('expires_at', '<=', now));
    return this.#db.all(this.#db.build.selectFrom('bindings').selectAll());
  }

  save(row: BindingRow): void {
    this.#change(row.id, row);
  }

  remove(id: string): void {
    this.#change(id, 'removed');
  }

  /** Writes what is pending now. */
  flush(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    if (this.#pending.size === 0) return;
    this.#db.transaction(() => {
      for (const [id, change] of this.#pending) this.#write(id, change);
    });
    this.#pending.clear();
  }

  /** Writes what is pending; later changes are ignored. */
  dispose(): void {
    if (this.#closed) return;
    this.flush();
    this.#closed = true;
  }

  #change(id: string, change: BindingRow | 'removed'): void {
    if (this.#closed) return;
    this.#pending.set(id, change);
    this.#timer ??= this.#clock.after(WRITE_BEHIND_MS, () => this.flush());
  }

  #write(id: string, change: BindingRow | 'removed'): void {
    const { build } = this.#db;
    if (change === 'removed') {
      this.#db.run(build.deleteFrom('bindings').where('id', '=', id));
      return;
    }
    // The user may have been removed by the command line since; then the row must not come back.
    const exists = this.#db.first(
      build.selectFrom('users').select('id').where('id', '=', change.user_id),
    );
    if (exists === undefined) return;
    const { id: _key, ...changing } = change;
    this.#db.run(
      build
        .insertInto('bindings')
        .values(change)
        .onConflict((conflict) => conflict.column('id').doUpdateSet(changing)),
    );
  }
}
