import { describe, expect, test } from 'vitest';
import { serveRequests } from '../../../electron/bridge/serve-requests.ts';
import type { RequestDoor, RequestHandlers } from '../../../electron/bridge/serve-requests.ts';
import { REQUEST_CHANNELS } from '../../../shared/bridge/contract.ts';

interface FakeEvent {
  readonly from: 'page' | 'stranger';
}

/** Electron's `ipcMain` without Electron. */
class FakeDoor implements RequestDoor<FakeEvent> {
  readonly handlers = new Map<string, (event: FakeEvent, ...args: unknown[]) => unknown>();

  handle(channel: string, run: (event: FakeEvent, ...args: unknown[]) => unknown): void {
    this.handlers.set(channel, run);
  }

  removeHandler(channel: string): void {
    this.handlers.delete(channel);
  }

  ask(channel: string, event: FakeEvent, ...args: unknown[]): unknown {
    const run = this.handlers.get(channel);
    if (run === undefined) throw new Error(`nobody serves ${channel}`);
    return run(event, ...args);
  }
}

function open() {
  const door = new FakeDoor();
  const calls: [name: string, argument: unknown][] = [];
  const refusals: string[] = [];
  const entries = REQUEST_CHANNELS.map((name) => [
    name,
    (argument: unknown) => void calls.push([name, argument]),
  ]);
  const served = serveRequests({
    door,
    handlers: Object.fromEntries(entries) as RequestHandlers,
    isTrusted: (event) => event.from === 'page',
    onRefused: (reason) => refusals.push(reason),
  });
  return { door, calls, refusals, served };
}

describe('a request of the page', () => {
  test('reaches its handler with the checked argument', () => {
    const { door, calls } = open();
    door.ask('parkline:setBusy', { from: 'page' }, true);
    expect(calls).toEqual([['setBusy', true]]);
  });

  test('from any other frame is refused before its argument is looked at', () => {
    const { door, calls, refusals } = open();
    expect(() => door.ask('parkline:setBusy', { from: 'stranger' }, true)).toThrow(
      'not from the phone',
    );
    expect(calls).toEqual([]);
    expect(refusals).toEqual(['setBusy: not from the phone’s own page']);
  });

  test.each([
    ['setBusy', ['yes']],
    ['withdrawParked', ['../../x']],
    ['storePassword', [{ accountKey: 'a', password: 'secret', allowPlainText: true, more: 1 }]],
    ['publish', [null]],
    ['profile', ['unasked']],
    ['setBusy', [true, 'more']],
  ])('%s is refused with %j, and the refusal repeats nothing of it', (name, args) => {
    const { door, calls, refusals } = open();
    expect(() => door.ask(`parkline:${name}`, { from: 'page' }, ...args)).toThrow(name);
    expect(calls).toEqual([]);
    expect(refusals.join()).not.toContain('secret');
  });

  test('is served for every name of the contract, and for none after the end', () => {
    const { door, served } = open();
    expect([...door.handlers.keys()]).toEqual(REQUEST_CHANNELS.map((name) => `parkline:${name}`));
    served.dispose();
    served.dispose();
    expect(door.handlers.size).toBe(0);
  });
});
