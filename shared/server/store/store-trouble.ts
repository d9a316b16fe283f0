import type { Logger } from '../log.ts';
import { codeOf } from './store-refusal.ts';

/** Hears of writes that failed while the server runs. */
export interface StoreTrouble {
  failed(error: unknown): void;
  /** What waited is written; `lost`: for so many there was no room. */
  passed(lost: number): void;
  /** So many were never written. */
  lost(writes: number): void;
}

/** What an operator mends, or another process ends: SQLite's words for a full or failing disk and for somebody else's lock. */
const PASSING = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM|PROTOCOL)/;

/** Whether the same write may succeed later. */
export function isPassingTrouble(error: unknown): boolean {
  return PASSING.test(codeOf(error));
}

/** Whether somebody else is writing, which mostly takes milliseconds. */
export function isLocked(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error));
}

/** Says each trouble once, when it begins and when it has passed. */
export function loggedTrouble(log: Logger): StoreTrouble {
  let told = '';
  return {
    failed(error) {
      const code = codeOf(error);
      if (isPassingTrouble(error)) {
        if (code === told) return;
        told = code;
      }
      log.error({ code, err: error }, 'cannot write to the database');
    },
    passed(lost) {
      told = '';
      if (lost > 0) log.error({ lost }, 'written again, with a gap');
      else log.warn({}, 'written again');
    },
    lost: (writes) => log.error({ lost: writes }, 'never written to the database'),
  };
}

export const silentTrouble: StoreTrouble = {
  failed() {},
  passed() {},
  lost() {},
};
