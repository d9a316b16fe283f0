/** Eight hours at a desk in virtual time: calls, parks, sleep, networks and servers that come and go; at every step all is right. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { boardMood, waitingCards } from '../../../shared/phone/park-board.ts';
import { Day } from './day.ts';

const EIGHT_HOURS_MS = 8 * 3_600_000;
/** A call takes a few timers, the list and the line a few; more than this and they pile up. */
const MOST_TIMERS = 20;

afterEach(() => vi.restoreAllMocks());

describe('a working day of eight hours', () => {
  it.each([1, 2, 3, 4])('is right at every step of it: day %i', async (seed) => {
    const day = new Day(seed);
    const closesAt = day.clock.now() + EIGHT_HOURS_MS;
    let calm = 0;
    while (day.clock.now() < closesAt) {
      await day.step();
      holdsAlways(day);
      if (day.clock.now() < day.rightFrom) continue;
      calm += 1;
      holdsInCalm(day);
      await watchesOnce(day);
    }
    expect(calm, 'so often everything had to be right').toBeGreaterThan(500);
    expect(day.counts.calls).toBeGreaterThan(150);
    expect(day.counts.parks).toBeGreaterThan(60);
    expect(day.counts.sleeps + day.counts.changes).toBeGreaterThan(15);
    expect(day.counts.chimes).toBeGreaterThan(20);
    await day.end();
    await day.pass(3_600_000);
    expect(day.phoneClock.pending, 'timers after the day').toBe(0);
  });
});

/** Whatever the network does. */
function holdsAlways(day: Day): void {
  const { board, line } = day.phone.state.getState();
  if (line.kind !== 'registered')
    expect(boardMood(board), 'without a line nothing is known').toBe('unknown');
  if (day.registeredFrom !== null && day.clock.now() >= day.registeredFrom)
    expect(line.kind, 'registered again in time').toBe('registered');
  const active = day.calls.filter(({ state }) => state.kind === 'active');
  const alone = active.filter(({ company }) => company === 'alone');
  const conversations = alone.length + (active.length > alone.length ? 1 : 0);
  expect(conversations, 'conversations in one ear').toBeLessThanOrEqual(1);
  expect(day.phoneClock.pending, 'timers').toBeLessThan(MOST_TIMERS);
  const shown = new Set(board.cards.map(({ id }) => id));
  for (const id of day.notified) expect(shown, 'a notification of nothing').toContain(id);
}

/** A while after the last trouble. */
function holdsInCalm(day: Day): void {
  const { board, calls } = day.phone.state.getState();
  const shown = waitingCards(board).map(({ id }) => id);
  expect(shown.toSorted(), 'what is shown is what is parked').toEqual(
    day.office.parkedIds.toSorted(),
  );
  expect(boardMood(board)).toBe(shown.length === 0 ? 'empty' : 'parked');
  expect(calls.calls.length - day.calls.length, 'ended calls that stay').toBeLessThanOrEqual(4);
}

/** One subscription to the list; for a moment none or two, while a new one takes its place. */
async function watchesOnce(day: Day): Promise<void> {
  const watchers = (): number => day.office.watchersOf(day.line.network.connection);
  if (watchers() !== 1) await day.pass(500);
  expect(watchers(), 'subscriptions to the list').toBe(1);
}
