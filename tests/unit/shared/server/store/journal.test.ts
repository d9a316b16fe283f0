import { beforeEach, describe, expect, it } from 'vitest';
import {
  addMs,
  groupId,
  isExtension,
  makeParkId,
  userId,
  type Extension,
  type ParkId,
} from '../../../../../shared/domain/ids.ts';
import type { JournalStep } from '../../../../../shared/server/ports/journal.ts';
import type { ParkedCallRecord } from '../../../../../shared/server/ports/parked-call-store.ts';
import type { Tenant } from '../../../../../shared/server/ports/directory.ts';
import { MemoryStore } from '../../../../fakes/memory-store.ts';

let store: MemoryStore;
let acme: Tenant;

beforeEach(() => {
  store = new MemoryStore();
  acme = store.addTenant('acme', ['acme.test']);
});

const caller = { name: 'Client', number: '003386002678', anonymous: false };

function ext(text: string): Extension {
  if (!isExtension(text)) throw new Error(text);
  return text;
}

function parkId(byte: number): ParkId {
  return makeParkId(new Uint8Array(16).fill(byte));
}

function append(id: number, step: JournalStep, tenant = acme): void {
  store.journal.append({
    at: store.clock.now(),
    tenantId: tenant.id,
    parkId: parkId(id),
    slot: ext('102'),
    parker: ext('101'),
    caller,
    note: 'wants invoice 4711',
    groupId: groupId('support'),
    step,
  });
  store.clock.advance(1000);
}

function kinds(
  query: { extension?: Extension; limit?: number; before?: ReturnType<typeof addMs> } = {},
) {
  return store.journal.history({ tenantId: acme.id, ...query }).map(({ step }) => step.kind);
}

describe('the journal', () => {
  it('tells whoever gets an extension anew nothing of its last user’s calls', () => {
    store.addUser(acme, '102');
    append(1, { kind: 'parked' });
    store.provisioning.removeUser(acme, '102');
    store.addUser(acme, '102');
    expect(kinds({ extension: ext('102') })).toEqual([]);
    append(2, { kind: 'parked' });
    append(2, { kind: 'abandoned' });
    expect(kinds({ extension: ext('102') })).toEqual(['abandoned', 'parked']);
    expect(kinds()).toHaveLength(3);
  });

  it('gives back every kind of step as it was written', () => {
    const steps: JournalStep[] = [
      { kind: 'parked' },
      { kind: 'recalled', attempt: 1 },
      { kind: 'recall-unanswered', attempt: 1, reason: 'signed-out' },
      { kind: 'snoozed', by: ext('101') },
      { kind: 'retrieved', by: ext('103') },
      { kind: 'returned', to: ext('101') },
      { kind: 'abandoned' },
      { kind: 'forwarded', to: 'sales' },
      { kind: 'failed', reason: 'media' },
      { kind: 'lost' },
    ];
    steps.forEach((step) => append(1, step));
    const events = store.journal.history({ tenantId: acme.id });
    expect(events.map(({ step }) => step).reverse()).toEqual(steps);
    expect(events[0]).toMatchObject({ caller, note: 'wants invoice 4711', groupId: 'support' });
  });

  it('shows an extension the whole story of the calls in its scope, and no other call', () => {
    append(1, { kind: 'parked' });
    append(1, { kind: 'retrieved', by: ext('103') });
    append(2, { kind: 'parked' });
    expect(kinds({ extension: ext('102') })).toHaveLength(3);
    expect(kinds({ extension: ext('101') })).toHaveLength(3);
    expect(kinds({ extension: ext('103') })).toEqual(['retrieved', 'parked']);
    expect(kinds({ extension: ext('104') })).toEqual([]);
  });

  it('shows nothing of another tenant', () => {
    const other = store.addTenant('other', ['other.test']);
    append(1, { kind: 'parked' }, other);
    expect(kinds()).toEqual([]);
    expect(store.journal.history({ tenantId: other.id })).toHaveLength(1);
  });

  it('is read in pages', () => {
    const start = store.clock.now();
    for (let call = 1; call <= 5; call += 1) append(call, { kind: 'parked' });
    expect(kinds({ limit: 2 })).toHaveLength(2);
    expect(kinds({ before: addMs(start, 2000) })).toHaveLength(2);
    expect(kinds({ limit: 0 })).toHaveLength(1);
  });

  it('forgets what is older than it is kept', () => {
    append(1, { kind: 'parked' });
    append(2, { kind: 'parked' });
    expect(store.journal.prune(acme.id, addMs(store.clock.now(), -1000))).toBe(1);
    expect(kinds()).toHaveLength(1);
  });

  it('folds recalls that fail again and again in the same way into one line', () => {
    const start = store.clock.now();
    append(1, { kind: 'parked' });
    for (let attempt = 1; attempt <= 500; attempt += 1) {
      append(1, { kind: 'recalled', attempt });
      append(1, { kind: 'recall-unanswered', attempt, reason: 'signed-out' });
    }
    append(1, { kind: 'recalled', attempt: 501 });
    append(1, { kind: 'recall-unanswered', attempt: 501, reason: 'refused' });
    append(1, { kind: 'returned', to: ext('101') });
    const since = addMs(start, 2000);
    expect(store.journal.history({ tenantId: acme.id }).map(({ step }) => step)).toEqual([
      { kind: 'returned', to: '101' },
      { kind: 'recall-unanswered', attempt: 501, reason: 'refused' },
      { kind: 'recalled', attempt: 501 },
      { kind: 'recall-unanswered', attempt: 500, reason: 'signed-out', since },
      { kind: 'recalled', attempt: 1 },
      { kind: 'parked' },
    ]);
  });

  it('folds nothing of another call', () => {
    append(1, { kind: 'recall-unanswered', attempt: 1, reason: 'signed-out' });
    append(2, { kind: 'recalled', attempt: 2 });
    append(2, { kind: 'recall-unanswered', attempt: 2, reason: 'signed-out' });
    expect(kinds()).toHaveLength(3);
  });

  it('leaves out a line it cannot read', () => {
    append(1, { kind: 'parked' });
    const { build } = store.database;
    store.database.run(build.updateTable('journal').set({ step: '{"kind":"pa' }));
    append(2, { kind: 'parked' });
    expect(kinds()).toHaveLength(1);
  });
});

describe('parked calls on disk', () => {
  const record = (id: number): ParkedCallRecord => ({
    tenantId: acme.id,
    parkId: parkId(id),
    slot: ext('102'),
    parker: ext('101'),
    caller,
    state: 'parked',
    version: 1,
    parkedAt: store.clock.now(),
    recallAt: addMs(store.clock.now(), 300_000),
    parkerUserId: userId('bob'),
    parkerDeviceId: 'instance:1',
    dialog: { callId: 'x', cseq: 3 },
    leg: { version: 1, payloads: [0, 8] },
  });

  it('come back as they were saved, until they are removed', () => {
    store.parkedCalls.save(record(1));
    store.parkedCalls.save({ ...record(1), state: 'recalling', version: 2 });
    expect(store.parkedCalls.all()).toEqual([{ ...record(1), state: 'recalling', version: 2 }]);
    store.parkedCalls.remove(parkId(1));
    expect(store.parkedCalls.all()).toEqual([]);
  });

  it('are lost when the server died with them, and the journal says so once', () => {
    store.parkedCalls.save(record(1));
    store.parkedCalls.save(record(2));
    expect(store.parkedCalls.markAllLost(store.clock.now())).toHaveLength(2);
    expect(kinds()).toEqual(['lost', 'lost']);
    expect(store.parkedCalls.markAllLost(store.clock.now())).toEqual([]);
    expect(kinds()).toHaveLength(2);
  });

  it('are emptied even when one of them cannot be read', () => {
    const row = { park_id: 'x', tenant_id: acme.id, parked_at: 1, record: '{}' };
    store.database.run(store.database.build.insertInto('parked_calls').values(row));
    expect(store.parkedCalls.markAllLost(store.clock.now())).toEqual([]);
    expect(store.database.all(store.database.build.selectFrom('parked_calls').selectAll())).toEqual(
      [],
    );
  });
});
