import { expect, it } from 'vitest';
import { Timers } from '../../../../shared/domain/timers.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';

it('timers with one owner run once, are forgotten then, and end with the owner', () => {
  const clock = new FakeClock();
  const timers = new Timers(clock);
  const ran: string[] = [];
  timers.after(10, () => ran.push('a'));
  timers.after(20, () => ran.push('b')).dispose();
  timers.after(30, () => ran.push('c'));
  clock.advance(10);
  expect([ran, timers.pending]).toEqual([['a'], 1]);
  timers.dispose();
  timers.after(1, () => ran.push('d'));
  clock.advance(100);
  expect([ran, clock.pending]).toEqual([['a'], 0]);
});
