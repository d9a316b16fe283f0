import { firstSchema } from './migrations/0001-first-schema.ts';
import { endedSessions } from './migrations/0002-ended-sessions.ts';
import { groupsAndAdmins } from './migrations/0003-groups-and-admins.ts';
import { callForwarding } from './migrations/0004-call-forwarding.ts';

export interface Migration {
  /** 1, 2, 3 … without gaps; the database's `user_version` once it has run. */
  readonly version: number;
  readonly sql: string;
}

/**
 * Every change of the schema, oldest first. To add one: a file `migrations/NNNN-what.ts`, a line here, and the tables
 * in `schema.ts`. A migration that has been released never changes.
 */
export const migrations: readonly Migration[] = [
  { version: 1, sql: firstSchema },
  { version: 2, sql: endedSessions },
  { version: 3, sql: groupsAndAdmins },
  { version: 4, sql: callForwarding },
];

/** The schema this program reads and writes. */
export const newestSchemaVersion = migrations.at(-1)?.version ?? 0;
