import type { UA } from 'jssip';
import { beforeEach, describe, expect, it } from 'vitest';
import { LampWatch } from '../../../../renderer/sip/lamp-watch.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';

/** What of JsSIP's Subscriber is used. */
class FakeSubscriber {
  readonly id = {};
  readonly target: string;
  ended = false;
  readonly #listeners = new Map<string, (...values: unknown[]) => void>();

  constructor(target: string) {
    this.target = target;
  }

  on(type: string, run: (...values: unknown[]) => void): this {
    this.#listeners.set(type, run);
    return this;
  }

  subscribe(): void {}

  terminate(): void {
    this.ended = true;
  }

  emit(type: string, ...values: unknown[]): void {
    this.#listeners.get(type)?.(...values);
  }
}

let clock: FakeClock;
let made: FakeSubscriber[];
let said: string[];
let watch: LampWatch;

beforeEach(() => {
  clock = new FakeClock();
  made = [];
  said = [];
  const ua = {
    isConnected: () => true,
    subscribe: (target: string) => {
      const subscriber = new FakeSubscriber(target);
      made.push(subscriber);
      return subscriber;
    },
  };
  watch = new LampWatch({
    ua: ua as unknown as UA,
    clock,
    uriOf: (digits) => `sip:${digits}@pbx.test`,
    onEvent: (digits, event) => said.push(`${digits} ${event.kind}`),
  });
});

const targets = () => made.filter(({ ended }) => !ended).map(({ target }) => target);

describe('watching lamps', () => {
  it('waits for the line, and follows what is wanted', () => {
    watch.watch(['102', '103']);
    expect(made).toEqual([]);
    watch.start();
    expect(targets()).toEqual(['sip:102@pbx.test', 'sip:103@pbx.test']);
    watch.watch(['103', '104']);
    expect(targets()).toEqual(['sip:103@pbx.test', 'sip:104@pbx.test']);
  });

  it('hands on what is told, and nothing of what is watched no more', () => {
    watch.watch(['102']);
    watch.start();
    made[0]?.emit('notify', false, {}, '<x/>');
    watch.watch([]);
    made[0]?.emit('notify', false, {}, '<x/>');
    expect(said).toEqual(['102 document']);
  });

  it('says of everything that it is unknown when the connection goes, and asks again when it is back', () => {
    watch.watch(['102', '103']);
    watch.start();
    watch.lose();
    expect(said).toEqual(['102 lost', '103 lost']);
    made.length = 0;
    watch.start();
    expect(targets()).toEqual(['sip:102@pbx.test', 'sip:103@pbx.test']);
  });

  it('asks for many in portions', () => {
    watch.watch(Array.from({ length: 20 }, (_, n) => String(100 + n)));
    watch.start();
    expect(made).toHaveLength(8);
    clock.advance(200);
    expect(made).toHaveLength(16);
    clock.advance(200);
    expect(made).toHaveLength(20);
  });
});
