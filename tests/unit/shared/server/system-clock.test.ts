import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SystemClock } from '../../../../shared/server/system-clock.ts';

const DAY_MS = 86_400_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

it('keeps an appointment beyond what a timer of the system can wait for', () => {
  let runs = 0;
  new SystemClock().after(60 * DAY_MS, () => (runs += 1));
  vi.advanceTimersByTime(59 * DAY_MS);
  expect(runs).toBe(0);
  vi.advanceTimersByTime(1 * DAY_MS + 10);
  expect(runs).toBe(1);
});

it('calls an appointment off, however far away', () => {
  let runs = 0;
  const timer = new SystemClock().after(60 * DAY_MS, () => (runs += 1));
  vi.advanceTimersByTime(40 * DAY_MS);
  timer.dispose();
  vi.advanceTimersByTime(40 * DAY_MS);
  expect(runs).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});
