import type { UA } from 'jssip';
import { beforeEach, describe, expect, it } from 'vitest';
import { ParkSubscription } from '../../../../renderer/sip/park-subscription.ts';
import type { ParkListEvent } from '../../../../renderer/sip/phone-line.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';

/** What of JsSIP's Subscriber is used. */
class FakeSubscriber {
  readonly id: object | null = null;
  subscribed = 0;
  ended: 'told' | 'untold' | null = null;
  readonly #listeners = new Map<string, (...values: unknown[]) => void>();

  on(type: string, run: (...values: unknown[]) => void): this {
    this.#listeners.set(type, run);
    return this;
  }

  subscribe(): void {
    this.subscribed += 1;
  }

  terminate(): void {
    this.ended = 'told';
  }

  /** JsSIP's own way of ending one without a word. */
  _terminateDialog(): void {
    this.ended = 'untold';
  }

  emit(type: string, ...values: unknown[]): void {
    this.#listeners.get(type)?.(...values);
  }
}

let connected: boolean;
let clock: FakeClock;
let made: FakeSubscriber[];
let said: ParkListEvent[];
let subscription: ParkSubscription;

beforeEach(() => {
  clock = new FakeClock();
  made = [];
  connected = true;
  said = [];
  const ua = {
    isConnected: () => connected,
    subscribe: () => {
      const subscriber = new FakeSubscriber();
      made.push(subscriber);
      return subscriber;
    },
  };
  subscription = new ParkSubscription({
    ua: ua as unknown as UA,
    clock,
    target: 'sip:*88@pbx.test',
    onEvent: (event) => said.push(event),
  });
});

const newest = () => {
  const subscriber = made.at(-1);
  if (subscriber === undefined) throw new Error('nothing subscribed');
  return subscriber;
};

/** How long until the next subscription, ms. */
function untilNext(): number {
  const before = made.length;
  for (let waited = 0; waited <= 120_000; waited += 100) {
    if (made.length > before) return waited;
    clock.advance(100);
  }
  throw new Error('never subscribed again');
}

describe('the subscription behind the park list', () => {
  it('subscribes when the line is registered and hands on what NOTIFY brings', () => {
    subscription.start();
    newest().emit('accepted');
    newest().emit('notify', false, {}, '<dialog-info/>', 'application/dialog-info+xml');
    expect(said).toEqual([{ kind: 'subscribed' }, { kind: 'document', body: '<dialog-info/>' }]);
  });

  it('comes back by itself after it was ended, within the jitter', () => {
    subscription.start();
    newest().emit('notify', false, {}, '<x/>');
    newest().emit('terminated', 6, 'deactivated', undefined);
    expect(said.at(-1)).toEqual({ kind: 'lost' });
    clock.advance(2_000);
    expect(made).toHaveLength(2);
  });

  it('waits longer after each failure, up to a minute', () => {
    subscription.start();
    const waits = Array.from({ length: 10 }, () => {
      newest().emit('terminated', 2, undefined, undefined);
      return untilNext();
    });
    expect(waits[0]).toBeLessThanOrEqual(2_000);
    expect(waits[4]).toBeGreaterThanOrEqual(8_000);
    expect(waits[4]).toBeLessThanOrEqual(10_000);
    for (const wait of waits.slice(7)) {
      expect(wait).toBeGreaterThanOrEqual(58_000);
      expect(wait).toBeLessThanOrEqual(60_000);
    }
  });

  it('honours retry-after', () => {
    subscription.start();
    newest().emit('terminated', 6, 'probation', 30);
    clock.advance(29_000);
    expect(made).toHaveLength(1);
    clock.advance(3_000);
    expect(made).toHaveLength(2);
  });

  it('does not ask again when the right to look is gone', () => {
    subscription.start();
    newest().emit('terminated', 6, 'rejected', undefined);
    clock.advance(600_000);
    expect(made).toHaveLength(1);
    expect(said.at(-1)).toEqual({ kind: 'unsupported' });
  });

  it('asks again when no NOTIFY comes for 10 s, and less and less often while none comes', () => {
    subscription.start();
    newest().emit('accepted');
    clock.advance(10_000);
    expect(said.at(-1)).toEqual({ kind: 'lost' });
    expect(untilNext()).toBeLessThanOrEqual(2_000);
    clock.advance(600_000);
    expect(made.length).toBeLessThan(20);
  });

  it('asks again when what I did does not show for 10 s, and only then', () => {
    subscription.start();
    newest().emit('notify', false, {}, '<x/>');
    subscription.expectChange();
    clock.advance(9_000);
    newest().emit('notify', false, {}, '<x/>');
    clock.advance(60_000);
    expect(made).toHaveLength(1);
    subscription.expectChange();
    clock.advance(10_000);
    expect(made).toHaveLength(2);
  });

  it('says nothing of an old subscription any more', () => {
    subscription.start();
    const old = newest();
    subscription.refresh();
    said.length = 0;
    old.emit('notify', false, {}, '<old/>');
    old.emit('terminated', 5, undefined, undefined);
    expect(said).toEqual([]);
  });

  it('ends the one before, also in its first moments, and also when nobody can be told', () => {
    subscription.start();
    const first = newest();
    subscription.refresh();
    expect(first.ended).toBe('told');
    connected = false;
    subscription.lose();
    expect(newest().ended, 'or JsSIP would refresh it on the next connection').toBe('untold');
  });

  it('is made anew at once when what came cannot be used, and less and less often while that goes on', () => {
    subscription.start();
    const says = () => {
      newest().emit('accepted');
      newest().emit('notify', false, {}, '<nonsense');
      subscription.again();
    };
    says();
    expect(made).toHaveLength(2);
    const waits = Array.from({ length: 8 }, () => {
      says();
      return untilNext();
    });
    expect(waits[1]).toBeGreaterThanOrEqual(2_000);
    expect(said.at(-1), 'while it waits nothing is known').toEqual({ kind: 'lost' });
    for (const wait of waits.slice(6)) expect(wait).toBeGreaterThanOrEqual(58_000);
    newest().emit('notify', false, {}, '<good/>');
    clock.advance(120_000);
    const before = made.length;
    says();
    expect(made, 'after a calm time the first doubt is answered at once again').toHaveLength(
      before + 1,
    );
  });

  it('leaves no timer behind when it is over', () => {
    subscription.start();
    subscription.dispose();
    expect(clock.pending).toBe(0);
  });
});
