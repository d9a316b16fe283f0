import { beforeEach, describe, expect, it } from 'vitest';
import { TokenBuckets } from '../../../../../shared/server/defence/token-buckets.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';

let clock: FakeClock;
let buckets: TokenBuckets;

beforeEach(() => {
  clock = new FakeClock();
  buckets = new TokenBuckets(clock, { perSecond: 10, burst: 20 }, 3);
});

function taken(key: string, times: number): number {
  let ok = 0;
  for (let turn = 0; turn < times; turn += 1) if (buckets.take(key).kind === 'ok') ok += 1;
  return ok;
}

describe('token buckets', () => {
  it('allow a burst, then the rate', () => {
    expect(taken('a', 100)).toBe(20);
    clock.advance(1000);
    expect(taken('a', 100)).toBe(10);
    clock.advance(3_600_000);
    expect(taken('a', 100)).toBe(20);
  });

  it('do not mix senders, and forget the one silent longest', () => {
    taken('a', 100);
    expect(taken('b', 100)).toBe(20);
    taken('c', 1);
    taken('d', 1);
    expect(buckets.size).toBe(3);
    expect(taken('a', 100)).toBe(20);
  });

  it('tell of the first refusal, and again after a quiet minute', () => {
    taken('a', 20);
    expect(buckets.take('a')).toEqual({ kind: 'empty', first: true });
    expect(buckets.take('a')).toEqual({ kind: 'empty', first: false });
    clock.advance(60_001);
    taken('a', 20);
    expect(buckets.take('a')).toEqual({ kind: 'empty', first: true });
  });

  it('lose nothing when the wall clock is set back', () => {
    taken('a', 100);
    clock.shiftWallClock(-3_600_000);
    expect(taken('a', 1)).toBe(0);
    clock.advance(1000);
    expect(taken('a', 100)).toBe(10);
  });
});
