import { beforeEach, describe, expect, it } from 'vitest';
import { SessionTokens } from '../../../../../shared/server/http/session-tokens.ts';
import type { Tenant, User } from '../../../../../shared/server/ports/directory.ts';
import { SqliteEndedSessions } from '../../../../../shared/server/store/sqlite-ended-sessions.ts';
import { MemoryStore } from '../../../../fakes/memory-store.ts';

const HOUR = 3_600_000;

let store: MemoryStore;
let acme: Tenant;
let bob: User;

beforeEach(() => {
  store = new MemoryStore();
  acme = store.addTenant('acme');
  bob = store.addUser(acme, '101');
});

/** As after a start of the server: nothing in memory. */
function tokens(key = 7): SessionTokens {
  const { directory, clock, database } = store;
  return new SessionTokens({
    directory,
    accounts: directory,
    clock,
    key: Buffer.alloc(32, key),
    ended: new SqliteEndedSessions(database),
  });
}

function remembered(): number {
  const { database } = store;
  return database.all(database.build.selectFrom('ended_sessions').selectAll()).length;
}

describe('a session', () => {
  it('lasts twelve hours, over restarts of the server', () => {
    const { token, expiresAt } = tokens().issue(bob);
    expect(expiresAt - store.clock.now()).toBe(12 * HOUR);
    store.clock.advance(12 * HOUR - 1);
    expect(tokens().userOf(token)).toEqual(bob);
    store.clock.advance(1);
    expect(tokens().userOf(token)).toBeUndefined();
  });

  it('stays ended after a restart of the server, and others of the user go on', () => {
    const [here, there] = [tokens().issue(bob).token, tokens().issue(bob).token];
    tokens().end(here);
    expect(tokens().userOf(here)).toBeUndefined();
    expect(tokens().userOf(there)).toEqual(bob);
  });

  it('is forgotten once it would have ended by itself', () => {
    tokens().end(tokens().issue(bob).token);
    store.clock.advance(13 * HOUR);
    tokens().end(tokens().issue(bob).token);
    expect(remembered()).toBe(1);
  });

  it('cannot be ended by who does not hold it', () => {
    tokens().end('rubbish');
    tokens(8).end(tokens().issue(bob).token);
    expect(remembered()).toBe(0);
  });

  it('ends with the password, with the user, and with the server’s key', () => {
    const { token } = tokens().issue(bob);
    expect(tokens(8).userOf(token)).toBeUndefined();
    store.provisioning.setPassword(acme, '101', 'another');
    expect(tokens().userOf(token)).toBeUndefined();
    const again = tokens().issue(bob).token;
    store.provisioning.removeUser(acme, '101');
    expect(tokens().userOf(again)).toBeUndefined();
  });

  it.each([0, 1, 2, 3])('is nobody’s with part %i changed', (part) => {
    const parts = tokens().issue(bob).token.split('.');
    const text = parts[part] ?? '';
    parts[part] = (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
    expect(tokens().userOf(parts.join('.'))).toBeUndefined();
  });
});
