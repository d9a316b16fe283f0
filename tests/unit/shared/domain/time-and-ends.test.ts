import { describe, expect, it } from 'vitest';
import { DisposableStore, onDispose } from '../../../../shared/domain/disposable.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';

describe('a store of disposables', () => {
  it('ends what it owns in reverse order, once', () => {
    const order: string[] = [];
    const store = new DisposableStore();
    store.add(onDispose(() => order.push('first')));
    store.add(onDispose(() => order.push('second')));
    store.dispose();
    store.dispose();
    expect(order).toEqual(['second', 'first']);
  });

  it('ends at once what comes too late', () => {
    const store = new DisposableStore();
    store.dispose();
    let ended = false;
    store.add(onDispose(() => (ended = true)));
    expect(ended).toBe(true);
  });

  it('ends everything although one of them fails, and then says so', () => {
    const store = new DisposableStore();
    let ended = false;
    store.add(onDispose(() => (ended = true)));
    store.add({
      dispose() {
        throw new Error('stuck');
      },
    });
    expect(() => store.dispose()).toThrow(AggregateError);
    expect(ended).toBe(true);
  });
});

describe('the fake clock', () => {
  it('runs timers at their own time, those that timers start included', () => {
    const clock = new FakeClock();
    const start = clock.now();
    const ran: [string, number][] = [];
    clock.after(20, () => ran.push(['late', clock.now() - start]));
    clock.after(10, () => {
      ran.push(['early', clock.now() - start]);
      clock.after(5, () => ran.push(['between', clock.now() - start]));
    });
    clock.after(12, () => ran.push(['never', 0])).dispose();
    clock.advance(30);
    expect(ran).toEqual([
      ['early', 10],
      ['between', 15],
      ['late', 20],
    ]);
    expect(clock.pending).toBe(0);
    expect(clock.now() - start).toBe(30);
  });

  it('fires no timer because the wall clock was corrected', () => {
    const clock = new FakeClock();
    let fired = false;
    clock.after(1000, () => (fired = true));
    clock.shiftWallClock(3_600_000);
    clock.advance(999);
    expect(fired).toBe(false);
    clock.advance(1);
    expect(fired).toBe(true);
  });
});
