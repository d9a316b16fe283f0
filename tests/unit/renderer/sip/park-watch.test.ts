import type { UA } from 'jssip';
import { beforeEach, describe, expect, it } from 'vitest';
import { watchParks, type ParkWatch } from '../../../../renderer/sip/park-watch.ts';
import type { ParkListEvent } from '../../../../renderer/sip/phone-line.ts';
import type { ParkSource } from '../../../../shared/phone/pbx-profile.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { asteriskSlot } from '../../../fakes/pbx-documents.ts';

type Listener = (...values: unknown[]) => void;

/** What of JsSIP's Subscriber is used, and how it takes the response to a SUBSCRIBE. */
class FakeSubscriber {
  readonly id: object | null = null;
  readonly target: string;
  readonly #listeners = new Map<string, Listener>();

  constructor(target: string) {
    this.target = target;
  }

  on(type: string, run: Listener): this {
    this.#listeners.set(type, run);
    return this;
  }

  subscribe(): void {}

  terminate(): void {}

  emit(type: string, ...values: unknown[]): void {
    this.#listeners.get(type)?.(...values);
  }

  _receiveSubscribeResponse({ status_code }: { readonly status_code: number }): void {
    if (status_code >= 300) this.emit('terminated', 2, undefined, undefined);
  }
}

let clock: FakeClock;
let made: FakeSubscriber[];
let said: ParkListEvent[];

beforeEach(() => {
  clock = new FakeClock();
  made = [];
  said = [];
});

function watch(source: ParkSource): ParkWatch {
  const ua = {
    isConnected: () => true,
    subscribe: (target: string) => {
      const subscriber = new FakeSubscriber(target);
      made.push(subscriber);
      return subscriber;
    },
  };
  const parks = watchParks(source, {
    ua: ua as unknown as UA,
    clock,
    uriOf: (digits) => `sip:${digits}@pbx.test`,
    onEvent: (event) => said.push(event),
  });
  parks.start();
  return parks;
}
const of = (slot: string) => {
  const found = made.findLast(({ target }) => target === `sip:${slot}@pbx.test`);
  if (found === undefined) throw new Error(`nobody subscribed to ${slot}`);
  return found;
};
const notify = (slot: string, version: number, state: 'free' | 'taken') =>
  of(slot).emit('notify', false, {}, asteriskSlot(slot, version, state));

describe('what is parked on another telephone system', () => {
  it('is watched slot by slot on Asterisk, and is one list', () => {
    watch({ kind: 'slots', slots: ['701', '702'] });
    expect(made.map(({ target }) => target)).toEqual(['sip:701@pbx.test', 'sip:702@pbx.test']);
    notify('701', 0, 'free');
    notify('702', 0, 'taken');
    expect(said.at(-1)).toMatchObject({
      kind: 'notify',
      notify: { reports: [{ slot: '702', retrieveTarget: '702' }] },
    });
  });

  it('asks for a long lot in waves', () => {
    watch({ kind: 'slots', slots: Array.from({ length: 20 }, (_, at) => String(701 + at)) });
    expect(made).toHaveLength(8);
    clock.advance(300);
    expect(made).toHaveLength(20);
  });

  it('leaves out slots without a hint (404), and has no list when there is none at all', () => {
    watch({ kind: 'slots', slots: ['701', '702'] });
    of('701')._receiveSubscribeResponse({ status_code: 404 });
    notify('702', 0, 'free');
    expect(said.at(-1)).toMatchObject({ kind: 'notify' });
    of('702')._receiveSubscribeResponse({ status_code: 404 });
    expect(said.at(-1)).toEqual({ kind: 'unsupported' });
  });

  it('goes on asking after an error that may pass (503)', () => {
    watch({ kind: 'list', digits: '*88' });
    of('*88')._receiveSubscribeResponse({ status_code: 503 });
    expect(said.map(({ kind }) => kind)).not.toContain('unsupported');
    clock.advance(5_000);
    expect(made).toHaveLength(2);
  });

  it('is no list at all on PortSIP, which only pushes', () => {
    watch({ kind: 'push' });
    expect([made.length, said]).toEqual([0, [{ kind: 'unsupported' }]]);
  });
});
