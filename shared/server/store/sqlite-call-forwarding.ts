import {
  FORWARD_AFTER_MIN_MS,
  noForwarding,
  type Forwarding,
} from '../../domain/call-forwarding.ts';
import type { UserId } from '../../domain/ids.ts';
import type { CallForwarding } from '../ports/call-forwarding.ts';
import type { Database } from './database.ts';

/** Forwarding as a table: read at every call, by key, in microseconds. */
export class SqliteCallForwarding implements CallForwarding {
  readonly #db: Database;

  readonly #find: ReturnType<typeof finderOf>;

  constructor(db: Database) {
    this.#db = db;
    this.#find = finderOf(db);
  }

  of(userId: UserId): Forwarding {
    const row = this.#find(userId);
    if (row === undefined) return noForwarding;
    return {
      always: row.always,
      busy: row.busy,
      noAnswer:
        row.no_answer === null ? null : { to: row.no_answer, afterMs: row.no_answer_after_ms },
    };
  }

  set(userId: UserId, { always, busy, noAnswer }: Forwarding): void {
    const { build } = this.#db;
    this.#db.transaction(() => {
      this.#db.run(build.deleteFrom('call_forwarding').where('user_id', '=', userId));
      if (always === null && busy === null && noAnswer === null) return;
      const row = {
        user_id: userId,
        always,
        busy,
        no_answer: noAnswer?.to ?? null,
        no_answer_after_ms: noAnswer?.afterMs ?? FORWARD_AFTER_MIN_MS,
      };
      this.#db.run(build.insertInto('call_forwarding').values(row));
    });
  }
}

const finderOf = (db: Database) => db.finder('call_forwarding', 'user_id');
