import { beforeEach, describe, expect, it } from 'vitest';
import { collectEverything } from '../../../../../shared/media/quiet-collection.ts';
import { FailedAttempts } from '../../../../../shared/server/auth/failed-attempts.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';

const limits = { perAccount: 3, perAddress: 5, windowMs: 60_000 };

let clock: FakeClock;
let blocks: unknown[];
let attempts: FailedAttempts;

beforeEach(() => {
  clock = new FakeClock();
  blocks = [];
  attempts = new FailedAttempts(clock, limits, (block) => void blocks.push(block));
});

function fail(address: string, ...names: readonly string[]): void {
  for (const name of names) attempts.failed(address, name);
}

describe('wrong passwords', () => {
  it('block one account from one address until the window ends, and are told once', () => {
    fail('192.0.2.7', '101', '101', '101', '101');
    expect(attempts.retryAfterSeconds('192.0.2.7', '101')).toBe(60);
    expect(attempts.retryAfterSeconds('192.0.2.8', '101')).toBe(0);
    expect(blocks).toEqual([{ source: '192.0.2.7', what: 'account' }]);
    clock.advance(60_000);
    expect(attempts.retryAfterSeconds('192.0.2.7', '101')).toBe(0);
  });

  it('keep nobody out for longer when the clock is set back', () => {
    fail('192.0.2.7', '101', '101', '101');
    clock.shiftWallClock(-86_400_000);
    expect(attempts.retryAfterSeconds('192.0.2.7', '101')).toBe(0);
  });

  it('for many names block the address, but nobody who signed in from there before', () => {
    attempts.succeeded('192.0.2.7', '101');
    fail('192.0.2.7', '102', '103', '104', '105', '106');
    expect(attempts.retryAfterSeconds('192.0.2.7', '107')).toBe(60);
    expect(attempts.retryAfterSeconds('192.0.2.7', '101')).toBe(0);
    expect(blocks).toEqual([{ source: '192.0.2.7', what: 'address' }]);
    clock.advance(25 * 3_600_000);
    fail('192.0.2.7', '102', '103', '104', '105', '106');
    expect(attempts.retryAfterSeconds('192.0.2.7', '101')).toBe(60);
  });

  it('are one sender’s all over an IPv6 /64', () => {
    for (let host = 1; host <= 5; host += 1) fail(`2001:db8:1:2::${host}`, `10${host}`);
    expect(attempts.retryAfterSeconds('2001:db8:1:2::99', '109')).toBe(60);
    expect(attempts.retryAfterSeconds('2001:db8:1:3::99', '109')).toBe(0);
  });

  it('of made-up names keep nothing else of the messages that they came in', () => {
    const alive = () => {
      collectEverything();
      return process.memoryUsage().heapUsed;
    };
    const before = alive();
    for (let n = 0; n < 300; n += 1) {
      const message = Buffer.alloc(60_000, `${n} nobody's name as long as this `).toString(
        'latin1',
      );
      attempts.failed(`198.51.100.${n % 200}`, message.slice(0, 30_000));
    }
    expect(alive() - before).toBeLessThan(3_000_000);
  });
});
