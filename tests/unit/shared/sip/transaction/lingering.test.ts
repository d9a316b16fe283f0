import { describe, expect, it } from 'vitest';
import { Lingering } from '../../../../../shared/sip/transaction/lingering.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { sipClockOf } from '../../../../fakes/fake-sip-ports.ts';

function lingering() {
  const clock = new FakeClock();
  const forgotten: string[] = [];
  const kept = new Lingering<{ name: string }>(sipClockOf(clock), ({ name }) =>
    forgotten.push(name),
  );
  return { clock, forgotten, kept };
}

describe('what lingers', () => {
  it('is forgotten when its time is over, in its order, and shares a timer', () => {
    const { clock, forgotten, kept } = lingering();
    kept.keep({ name: 'a' }, 1_000);
    clock.advance(400);
    kept.keep({ name: 'b' }, 1_000);
    kept.keep({ name: 'c' }, 200);
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
    kept.keep({ name: 'a' }, 0);
    expect(forgotten).toEqual(['a']);
    expect(clock.pending).toBe(0);
  });

  it('makes room: the one that has least time left goes first', () => {
    const { clock, forgotten, kept } = lingering();
    kept.keep({ name: 'long' }, 1_000);
    kept.keep({ name: 'short' }, 500);
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
    kept.keep({ name: 'a' }, 1_000);
    kept.keep({ name: 'b' }, 500);
    kept.clear();
    clock.advance(5_000);
    expect(forgotten.toSorted()).toEqual(['a', 'b']);
  });

  it('in great numbers goes in its order, at most a tenth of a second late', () => {
    const { clock, forgotten, kept } = lingering();
    for (let n = 0; n < 2_000; n += 1) {
      kept.keep({ name: `${n}` }, 1_000);
      clock.advance(1);
    }
    expect(clock.pending).toBe(1);
    clock.advance(500);
    expect(forgotten.length).toBeGreaterThanOrEqual(1_400);
    expect(forgotten.length).toBeLessThanOrEqual(1_501);
    clock.advance(600);
    expect(forgotten).toEqual(Array.from({ length: 2_000 }, (_, n) => `${n}`));
    expect(clock.pending).toBe(0);
  });
});
