import { describe, expect, it } from 'vitest';
import { MachineRunner, TimerSet } from '../../../../../shared/sip/transaction/machine-runner.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { sipClockOf } from '../../../../fakes/fake-sip-ports.ts';

interface Count {
  readonly kind: 'count';
  readonly n: number;
}

/** Adds its input and performs two actions for it. */
const add = (state: Count, n: number) => ({
  state: { ...state, n: state.n + n },
  actions: [`${n}a`, `${n}b`],
});

describe('the runner of a machine', () => {
  it('what an action provokes waits until the actions of its step are done', () => {
    const performed: string[] = [];
    const runner: MachineRunner<Count, number, string> = new MachineRunner(
      { kind: 'count', n: 0 },
      add,
      (action) => {
        performed.push(action);
        if (action === '1a') runner.feed(2);
      },
    );
    runner.start(['1a', 'start']);
    expect(performed).toEqual(['1a', 'start', '2a', '2b']);
    runner.feed(1);
    expect(performed.slice(4)).toEqual(['1a', '1b', '2a', '2b']);
    expect(runner.state.n).toBe(5);
  });

  it('an action that throws does not stop what is fed later', () => {
    const performed: string[] = [];
    const runner = new MachineRunner<Count, number, string>(
      { kind: 'count', n: 0 },
      add,
      (action) => {
        if (action === '1a') throw new Error('a bug');
        performed.push(action);
      },
    );
    expect(() => runner.start(['1a'])).toThrow('a bug');
    expect(() => runner.feed(1)).toThrow('a bug');
    runner.feed(3);
    expect(performed).toEqual(['3a', '3b']);
  });
});

describe('the timers of a transaction', () => {
  it('fire once, start anew when armed again, and can be called off one by one or all', () => {
    const clock = new FakeClock();
    const fired: string[] = [];
    const timers = new TimerSet<'A' | 'B' | 'C'>(sipClockOf(clock), (name) => fired.push(name));
    timers.arm('A', 100);
    clock.advance(50);
    timers.arm('A', 100);
    timers.arm('B', 60);
    timers.arm('C', 500);
    timers.disarm('B');
    timers.disarm('B');
    clock.advance(99);
    expect(fired).toEqual([]);
    clock.advance(1);
    expect(fired).toEqual(['A']);
    timers.dispose();
    clock.advance(1_000);
    expect(fired).toEqual(['A']);
    expect(clock.pending).toBe(0);
  });
});
