import { describe, expect, it } from 'vitest';
import { Lingering } from '../../../../../shared/sip/transaction/lingering.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { sipClockOf } from '../../../../fakes/fake-sip-ports.ts';

function lingering() {
  const clock = new FakeClock();
  const forgotten: string[] = [];
  const kept = new Lingering<string>(sipClockOf(clock), (what) => forgotten.push(what));
  return { clock, forgotten, kept };
}

describe('what lingers', () => {
  it('is forgotten when its time is over, in its order, and shares a timer', () => {
    const { clock, forgotten, kept } = lingering();
    kept.keep('a', 1_000);
    clock.advance(400);
    kept.keep('b', 1_000);
    kept.keep('c', 200);
    expect(clock.pending).toBe(2);
    clock.advance(200);
    expect(forgotten).toEqual(['c']);
    clock.advance(400);
    expect(forgotten).toEqual(['c', 'a']);
    clock.advance(400);
    expect(forgotten).toEqual(['c', 'a', 'b']);
    expect(clock.pending).toBe(0);
  });

  it('for no time at all is forgotten at once', () => {
    const { clock, forgotten, kept } = lingering();
    kept.keep('a', 0);
    expect(forgotten).toEqual(['a']);
    expect(clock.pending).toBe(0);
  });

  it('makes room: the one that has least time left goes first', () => {
    const { clock, forgotten, kept } = lingering();
    kept.keep('long', 1_000);
    kept.keep('short', 500);
    expect([kept.forgetFirst(), kept.forgetFirst(), kept.forgetFirst()]).toEqual([
      true,
      true,
      false,
    ]);
    expect(forgotten).toEqual(['short', 'long']);
    clock.advance(2_000);
    expect(forgotten).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });

  it('is forgotten together when all is cleared, and once only', () => {
    const { clock, forgotten, kept } = lingering();
    kept.keep('a', 1_000);
    kept.keep('b', 500);
    kept.clear();
    clock.advance(5_000);
    expect(forgotten.toSorted()).toEqual(['a', 'b']);
  });
});
