import { expect, it } from 'vitest';
import { parseParkId, type TenantId } from '../../../../../shared/domain/ids.ts';
import { EventStream, type EventSink } from '../../../../../shared/server/admin/event-stream.ts';
import { LiveEvents } from '../../../../../shared/server/admin/live-events.ts';
import type { ParkedCallView } from '../../../../../shared/server/ports/call-control.ts';
import { MemoryStore } from '../../../../fakes/memory-store.ts';

/** A reader that takes nothing until it is told to. */
class SlowSink implements EventSink {
  aborted = false;
  readonly written: string[] = [];
  stuck = false;

  writeSSE({ event }: { event: string }): Promise<void> {
    return this.#take(event);
  }

  write(text: string): Promise<void> {
    return this.#take(text.trim());
  }

  onAbort(): void {
    // Nobody breaks off.
  }

  #take(what: string): Promise<void> {
    this.written.push(what);
    return this.stuck ? new Promise(() => undefined) : Promise.resolve();
  }
}

function open(parked: ParkedCallView[] = []) {
  const store = new MemoryStore();
  const tenant = store.addTenant('acme');
  const live = new LiveEvents({
    directory: store.directory,
    journal: store.journal,
    devices: { reachableDevices: () => [], onChanged: () => ({ dispose: () => undefined }) },
    calls: { parkedCalls: () => parked },
    clock: store.clock,
  });
  const sink = new SlowSink();
  const rights = { left: true };
  const mayGoOn = () => rights.left;
  const stream = new EventStream(sink, { live, clock: store.clock, tenantId: tenant.id, mayGoOn });
  const ended = { yes: false };
  void stream.ended.then(() => (ended.yes = true));
  return { store, tenant, live, sink, rights, ended, parked };
}

it('shows that it is alive every 15 s, and tells anew what changed without an event', () => {
  const { store, sink, tenant, parked } = open();
  store.clock.advance(30_000);
  expect(sink.written).toEqual(['snapshot', ': alive', ': alive']);
  parked.push(callIn(tenant.id));
  store.clock.advance(15_000);
  expect(sink.written.at(-1)).toBe('snapshot');
  store.clock.advance(15_000);
  expect(sink.written.at(-1)).toBe(': alive');
});

it('cuts off a reader who does not read', async () => {
  const { store, tenant, sink, live, ended } = open();
  sink.stuck = true;
  const { extension } = store.addUser(tenant, '101');
  for (let number = 0; number < 600; number += 1) {
    const name = `Name ${number}`;
    store.provisioning.setDisplayName(tenant, extension, name);
  }
  await Promise.resolve();
  expect([ended.yes, live.watchers]).toEqual([true, 0]);
  expect(sink.written.length).toBeLessThanOrEqual(500);
});

it('ends when the reader has lost the right to it, and when the server stops', async () => {
  const first = open();
  first.rights.left = false;
  first.store.clock.advance(15_000);
  await Promise.resolve();
  expect([first.ended.yes, first.live.watchers]).toEqual([true, 0]);
  const second = open();
  second.live.dispose();
  await Promise.resolve();
  expect([second.ended.yes, second.live.watchers]).toEqual([true, 0]);
});

function callIn(id: TenantId): ParkedCallView {
  const store = new MemoryStore();
  const { extension } = store.addUser(store.addTenant('x'), '101');
  return {
    parkId: parkIdOf('a'.repeat(26)),
    tenantId: id,
    slot: extension,
    parker: extension,
    caller: { name: '', number: '', anonymous: true },
    state: 'parked',
    parkedAt: store.clock.now(),
  };
}

function parkIdOf(text: string) {
  const parsed = parseParkId(text);
  if (parsed === null) throw new Error(text);
  return parsed;
}
