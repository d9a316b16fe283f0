import { expect, test } from 'vitest';
import { QuitGuard } from '../../../electron/quit-guard.ts';
import { CrashBrake } from '../../../electron/windows/crash-brake.ts';

function open() {
  const seen = { events: [] as string[], exits: 0, shown: 0, timers: [] as (() => void)[] };
  const guard = new QuitGuard({
    send: (event) => seen.events.push(event.kind),
    show: () => (seen.shown += 1),
    exit: () => (seen.exits += 1),
    after: (_delayMs, run) => {
      seen.timers.push(run);
      return () => void seen.timers.splice(seen.timers.indexOf(run), 1);
    },
  });
  return { guard, seen };
}

test('an idle phone says good-bye and ends', () => {
  const { guard, seen } = open();
  expect(guard.mayQuit()).toBe(false);
  expect(seen.events).toEqual(['quitting']);
  guard.finish();
  expect(seen.exits).toBe(1);
  expect(guard.mayQuit()).toBe(true);
});

test('a busy phone asks, in a window that can be seen', () => {
  const { guard, seen } = open();
  guard.setBusy(true);
  expect(guard.mayQuit()).toBe(false);
  expect(seen).toMatchObject({ events: ['quit-requested'], shown: 1, exits: 0 });
  guard.confirm();
  guard.finish();
  expect(seen.exits).toBe(1);
});

test('a page that does not answer is not waited for longer than the limit', () => {
  const { guard, seen } = open();
  guard.mayQuit();
  expect(guard.mayQuit()).toBe(false);
  seen.timers[0]?.();
  guard.finish();
  expect(seen.exits).toBe(1);
});

test('a page may crash three times a minute', () => {
  const brake = new CrashBrake();
  expect([0, 1000, 2000, 3000].map((at) => brake.mayRestart(at))).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(brake.mayRestart(70_000)).toBe(true);
});
