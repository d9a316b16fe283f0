import type { EpochMs } from '../../domain/ids.ts';
import type { EndedSessions } from '../http/session-tokens.ts';
import type { Database } from './database.ts';

/** Ended sessions as a table: sign-outs are rare, and a look-up by key costs microseconds. */
export class SqliteEndedSessions implements EndedSessions {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  has(tokenHash: string): boolean {
    const rows = this.#db.build.selectFrom('ended_sessions').select('token_hash');
    return this.#db.first(rows.where('token_hash', '=', tokenHash)) !== undefined;
  }

  add(tokenHash: string, expiresAt: EpochMs, now: EpochMs): void {
    const { build } = this.#db;
    const row = { token_hash: tokenHash, expires_at: expiresAt };
    this.#db.transaction(() => {
      this.#db.run(build.deleteFrom('ended_sessions').where('expires_at', '<=', now));
      const insert = build.insertInto('ended_sessions').values(row);
      this.#db.run(insert.onConflict((conflict) => conflict.doNothing()));
    });
  }
}
