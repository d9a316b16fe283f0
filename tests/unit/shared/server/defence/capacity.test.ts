import { beforeEach, describe, expect, it } from 'vitest';
import { limitsSchema } from '../../../../../shared/config/limits-config.ts';
import { Audit } from '../../../../../shared/server/defence/audit.ts';
import { Capacity } from '../../../../../shared/server/defence/capacity.ts';
import { silentLogger } from '../../../../../shared/server/log.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';

let clock: FakeClock;
let octets: number;
let latenessMs: number;
let blocks: string[];
let refusals: string[];
let capacity: Capacity;

beforeEach(() => {
  clock = new FakeClock();
  octets = 0;
  latenessMs = 0;
  blocks = [];
  refusals = [];
  const audit = new Audit({
    clock,
    log: silentLogger,
    countBlock: (reason) => void blocks.push(reason),
    countRefusal: (reason) => void refusals.push(reason),
  });
  const limits = limitsSchema.parse({
    calls: 2,
    subscriptions: 4,
    subscriptionsPerUser: 2,
    memoryMib: 128,
  });
  capacity = new Capacity({
    limits,
    clock,
    audit,
    memory: () => octets,
    latenessMs: () => latenessMs,
  });
});

describe('what the server takes on', () => {
  it('is so many calls and subscriptions, and each refusal is counted', () => {
    expect([capacity.mayBeginCall(1), capacity.mayBeginCall(2)]).toEqual([true, false]);
    expect(capacity.maySubscribe({ ofUser: 1, all: 3 })).toBe(true);
    expect(capacity.maySubscribe({ ofUser: 2, all: 2 })).toBe(false);
    expect(capacity.maySubscribe({ ofUser: 0, all: 4 })).toBe(false);
    expect(refusals).toEqual(['calls', 'subscriptions', 'subscriptions']);
    expect(blocks).toEqual(['calls', 'subscriptions']);
  });

  it('is nothing while memory is short, and everything again after', () => {
    octets = 129 * 1_048_576;
    expect(capacity.mayBeginCall(0)).toBe(false);
    expect(capacity.maySubscribe({ ofUser: 0, all: 0 })).toBe(false);
    octets = 127 * 1_048_576;
    expect(capacity.exhausted).toBe(true);
    clock.advance(1000);
    expect(capacity.mayBeginCall(0)).toBe(true);
    expect(blocks).toEqual(['memory']);
  });

  it('is less while the server runs late for three seconds in a row, and as before after', () => {
    const seconds = (late: readonly number[]): boolean[] =>
      late.map((ms) => {
        clock.advance(1000);
        latenessMs = ms;
        return capacity.overloaded;
      });
    expect(seconds([300, 300, 0, 300, 300])).toEqual([false, false, false, false, false]);
    expect(seconds([201, 250, 199])).toEqual([true, true, false]);
    expect(blocks).toEqual(['lateness']);
  });

  it('is told of once a minute', () => {
    for (let second = 0; second < 120; second += 1) {
      capacity.mayBeginCall(2);
      clock.advance(1000);
    }
    expect(blocks).toHaveLength(2);
    expect(refusals).toHaveLength(120);
  });
});
