import { describe, expect, it } from 'vitest';
import { Dialog } from '../../../../../shared/sip/dialog/dialog.ts';
import {
  newSubscription,
  stepSubscription,
  type Farewell,
  type SubscriptionInput,
  type SubscriptionState,
} from '../../../../../shared/sip/dialog/subscription-state.ts';
import {
  grantExpiry,
  NotifierSubscription,
  type NotifierOptions,
} from '../../../../../shared/sip/dialog/subscription.ts';
import type { SipRequest } from '../../../../../shared/sip/message/message.ts';
import type { TransportName } from '../../../../../shared/sip/transaction/flow.ts';
import type { ServerTransaction } from '../../../../../shared/sip/transaction/transaction-user.ts';
import { sipClockOf } from '../../../../fakes/fake-sip-ports.ts';
import { sampleRequest, SipPair } from '../../../../fakes/sip-pair.ts';
import { walkMachine } from '../../../../fakes/walk-machine.ts';

/** Alice's side notifies Bob, who answers what `answer` says. */
class Scene {
  readonly pair: SipPair;
  readonly ends: string[] = [];
  readonly errors: unknown[] = [];
  readonly subscription: NotifierSubscription;
  text = 'start';
  answer: (transaction: ServerTransaction) => void = (transaction) => void transaction.reply(200);

  constructor(options: Partial<NotifierOptions> = {}, transport: TransportName = 'ws') {
    this.pair = new SipPair(transport, { latencyMs: 10 });
    this.pair.bob.onRequest((transaction) => {
      this.pair.received.push(transaction);
      this.answer(transaction);
    });
    const subscribe = sampleRequest({ method: 'SUBSCRIBE' });
    const dialog = Dialog.fromRequest(subscribe, {
      localTag: 'n',
      localContact: '<sip:*88@192.0.2.1>',
      state: 'confirmed',
    });
    const ports = {
      endpoint: this.pair.alice,
      clock: sipClockOf(this.pair.clock),
      observer: { callbackFailed: (error: unknown) => void this.errors.push(error) },
    };
    this.subscription = NotifierSubscription.begin(ports, {
      dialog,
      event: 'dialog;id=7',
      seconds: 600,
      flow: () => this.pair.out,
      content: ({ version, full }) => ({
        contentType: 'text/plain',
        body: `${version} ${full ? 'full' : 'change'} ${this.text}`,
      }),
      onEnd: (end) => this.ends.push('reason' in end ? `${end.kind} ${end.reason}` : end.kind),
      ...options,
    });
  }

  get notifies(): SipRequest[] {
    return this.pair.received.map(({ request }) => request);
  }

  get bodies(): string[] {
    return this.notifies.map(({ text }) => text);
  }

  get states(): (string | undefined)[] {
    return this.notifies.map(({ headers }) => headers.get('Subscription-State'));
  }
}

describe('a subscription at the notifier (RFC 6665 §4.2)', () => {
  it('begins with a NOTIFY in its dialog: event with id, full state, time left', () => {
    const { pair, notifies } = new Scene();
    pair.clock.advance(10);
    const [first] = pair.received;
    expect(notifies).toEqual([]);
    expect(first?.request.method).toBe('NOTIFY');
    expect(first?.request.headers.get('Event')).toBe('dialog;id=7');
    expect(first?.request.headers.get('Subscription-State')).toBe('active;expires=600');
    expect(first?.request.headers.get('Contact')).toBe('<sip:*88@192.0.2.1>');
    expect(first?.request.toTag).toBe('alice');
    expect(first?.request.text).toBe('0 full start');
  });

  it('changes go out at once, numbered without a gap', () => {
    const scene = new Scene();
    scene.pair.clock.advance(100);
    for (const text of ['one', 'two']) {
      scene.text = text;
      scene.subscription.changed('now');
      scene.pair.clock.advance(100);
    }
    expect(scene.bodies).toEqual(['0 full start', '1 change one', '2 change two']);
  });

  it('one NOTIFY is out at a time; what changed meanwhile is sent once, as it is then', () => {
    const scene = new Scene();
    const waiting: ServerTransaction[] = [];
    scene.answer = (transaction) => waiting.push(transaction);
    scene.pair.clock.advance(100);
    for (const text of ['one', 'two', 'three']) {
      scene.text = text;
      scene.subscription.changed('now');
    }
    scene.pair.clock.advance(1_000);
    expect(scene.bodies).toEqual(['0 full start']);
    waiting[0]?.reply(200);
    scene.pair.clock.advance(100);
    expect(scene.bodies).toEqual(['0 full start', '1 change three']);
  });

  it('paced changes are joined to one a second, and the last is always sent', () => {
    const scene = new Scene();
    scene.pair.clock.advance(2_000);
    for (let n = 1; n <= 30; n++) {
      scene.text = String(n);
      scene.subscription.changed('paced');
      scene.pair.clock.advance(100);
    }
    scene.pair.clock.advance(2_000);
    expect(scene.bodies.map((body) => body.split(' ')[2])).toEqual([
      'start',
      '1',
      '10',
      '20',
      '30',
    ]);
  });

  it('an urgent change overtakes the pace', () => {
    const scene = new Scene();
    scene.pair.clock.advance(100);
    scene.text = 'slow';
    scene.subscription.changed('paced');
    scene.pair.clock.advance(100);
    expect(scene.bodies).toHaveLength(1);
    scene.text = 'urgent';
    scene.subscription.changed('now');
    scene.pair.clock.advance(5_000);
    expect(scene.bodies).toEqual(['0 full start', '1 change urgent']);
  });

  it('an urgent change that comes while a NOTIFY is out goes as soon as that is answered', () => {
    const scene = new Scene();
    const waiting: ServerTransaction[] = [];
    scene.answer = (transaction) => waiting.push(transaction);
    scene.pair.clock.advance(100);
    scene.text = 'parked';
    scene.subscription.changed('now');
    scene.subscription.changed('paced');
    waiting[0]?.reply(200);
    scene.pair.clock.advance(100);
    expect(scene.bodies).toEqual(['0 full start', '1 change parked']);
  });

  it('a refresh sends full state and starts its time anew', () => {
    const scene = new Scene();
    scene.pair.clock.advance(500_000);
    expect(scene.subscription.secondsLeft).toBe(100);
    scene.subscription.refresh(300);
    scene.pair.clock.advance(100_001);
    expect(scene.subscription.live).toBe(true);
    expect(scene.states).toEqual(['active;expires=600', 'active;expires=300']);
    expect(scene.bodies[1]).toBe('1 full start');
    scene.pair.clock.advance(200_010);
    expect(scene.ends).toEqual(['expired']);
    expect(scene.states.at(-1)).toBe('terminated;reason=timeout');
    expect(scene.subscription.secondsLeft).toBe(0);
  });

  it('unsubscribing, and asking once with 0 seconds, get one last NOTIFY', () => {
    const scene = new Scene();
    scene.pair.clock.advance(100);
    scene.subscription.refresh(0);
    scene.pair.clock.advance(100);
    expect(scene.ends).toEqual(['unsubscribed']);
    expect(scene.states).toEqual(['active;expires=600', 'terminated;reason=timeout']);
    const once = new Scene({ seconds: 0 });
    once.pair.clock.advance(100);
    expect(once.bodies).toEqual(['0 full start']);
    expect(once.states).toEqual(['terminated;reason=timeout']);
    expect(once.pair.clock.pending).toBe(0);
  });

  it('is ended by us with a reason; nothing follows', () => {
    const scene = new Scene();
    scene.pair.clock.advance(100);
    scene.text = 'last';
    scene.subscription.terminate('probation', 30);
    scene.subscription.changed('now');
    scene.subscription.terminate('rejected');
    scene.pair.clock.advance(700_000);
    expect(scene.states.at(-1)).toBe('terminated;reason=probation;retry-after=30');
    expect(scene.bodies).toEqual(['0 full start', '1 full last']);
    expect(scene.ends).toEqual(['ended-by-us probation']);
    expect(scene.pair.clock.pending).toBe(0);
  });

  it('ended while a NOTIFY is out, the last one waits for its answer', () => {
    const scene = new Scene();
    scene.subscription.terminate('noresource');
    expect(scene.ends).toEqual(['ended-by-us noresource']);
    expect(scene.subscription.live).toBe(false);
    scene.pair.clock.advance(15);
    expect(scene.bodies).toHaveLength(1);
    scene.pair.clock.advance(30);
    expect(scene.states).toEqual(['active;expires=600', 'terminated;reason=noresource']);
  });

  it.each([[481], [404], [500]])('is lost when its NOTIFY is answered %i', (status) => {
    const scene = new Scene();
    scene.answer = (transaction) => void transaction.reply(status);
    scene.pair.clock.advance(100);
    expect(scene.ends).toEqual(['lost']);
    scene.subscription.changed('now');
    scene.pair.clock.advance(700_000);
    expect(scene.bodies).toHaveLength(1);
    expect(scene.pair.clock.pending).toBe(0);
  });

  it('is lost when nobody answers in 32 s, or there is nowhere to send to', () => {
    const silent = new Scene();
    silent.answer = () => {};
    silent.pair.clock.advance(31_999);
    expect(silent.ends).toEqual([]);
    silent.pair.clock.advance(1);
    expect(silent.ends).toEqual(['lost']);
    const nowhere = new Scene({ flow: () => undefined });
    expect(nowhere.ends).toEqual(['lost']);
  });

  it('refused with Retry-After, the full state is sent again then', () => {
    const scene = new Scene();
    scene.answer = (transaction) =>
      void transaction.reply(503, { headers: [['Retry-After', '5 (busy)']] });
    scene.pair.clock.advance(100);
    scene.answer = (transaction) => void transaction.reply(200);
    scene.pair.clock.advance(4_000);
    expect(scene.bodies).toHaveLength(1);
    scene.pair.clock.advance(2_000);
    expect(scene.bodies).toEqual(['0 full start', '1 full start']);
    expect(scene.subscription.live).toBe(true);
  });

  it('a bug of whoever makes the content costs this subscription only', () => {
    const scene = new Scene({
      content: () => {
        throw new Error('a bug above');
      },
    });
    expect(scene.ends).toEqual(['lost']);
    expect(scene.errors).toHaveLength(1);
  });

  it('over a lossy network every version arrives in order', () => {
    const scene = new Scene({ coalesceMs: 100 }, 'udp');
    let n = 0;
    scene.pair.network.copies = () => [0, 1, 0, 2, 1][n++ % 5] ?? 1;
    for (let change = 0; change < 20; change++) {
      scene.text = `text-${change}`;
      scene.subscription.changed(change % 2 ? 'now' : 'paced');
      scene.pair.clock.advance(700);
    }
    scene.pair.clock.advance(60_000);
    const versions = scene.bodies.map((body) => Number(body.split(' ')[0]));
    expect(versions).toEqual(versions.map((_version, index) => index));
    expect(scene.bodies.at(-1)).toContain('text-19');
    expect(scene.ends).toEqual([]);
  });
});

describe('every state × every input of a subscription', () => {
  const farewell: Farewell = { reason: 'rejected', end: { kind: 'expired' } };
  const live = (more: object): SubscriptionState =>
    ({ ...newSubscription, quietUntilMs: 5_000, ...more }) as SubscriptionState;
  const states: Record<string, SubscriptionState> = {
    idle: live({}),
    sending: live({ sending: true }),
    'sending, owing': live({ sending: true, owed: 'change' }),
    'sending, owing urgently': live({ sending: true, owed: 'full', urgent: true }),
    pacing: live({ pacing: true, owed: 'change' }),
    closing: { kind: 'closing', farewell },
    over: { kind: 'over' },
  };
  const nowMs = 4_000;
  const inputs: Record<string, SubscriptionInput> = {
    subscribed: { kind: 'subscribed', seconds: 60, nowMs },
    unsubscribed: { kind: 'subscribed', seconds: 0, nowMs },
    'changed now': { kind: 'changed', urgency: 'now', nowMs },
    'changed, paced': { kind: 'changed', urgency: 'paced', nowMs },
    '200': { kind: 'notified', status: 200, retryAfterMs: undefined, nowMs },
    '481': { kind: 'notified', status: 481, retryAfterMs: 1_000, nowMs },
    '500': { kind: 'notified', status: 500, retryAfterMs: undefined, nowMs },
    '503 later': { kind: 'notified', status: 503, retryAfterMs: 9_000, nowMs },
    nothing: { kind: 'notified', status: undefined, retryAfterMs: undefined, nowMs },
    pace: { kind: 'pace-over', nowMs: 5_000 },
    expired: { kind: 'expired' },
    terminate: { kind: 'terminate', reason: 'rejected' },
  };

  it('does what the table says', () => {
    const ends = (state: string, sending: boolean) => {
      const end = sending ? 'closing: end' : 'over: notify-last, end';
      return {
        [`${state} × unsubscribed`]: `${end} unsubscribed`,
        [`${state} × expired`]: `${end} expired`,
        [`${state} × terminate`]: `${end} ended-by-us`,
      };
    };
    const failures = (state: string) => ({
      [`${state} × 481`]: 'over: end lost',
      [`${state} × 500`]: 'over: end lost',
      [`${state} × nothing`]: 'over: end lost',
    });
    const expected = {
      ...ends('idle', false),
      ...failures('idle'),
      'idle × subscribed': 'live: arm-expiry 60000, notify true',
      'idle × changed now': 'live: notify false',
      'idle × changed, paced': 'live: arm-pace 1000',
      'idle × 200': 'live',
      'idle × 503 later': 'live: arm-pace 9000',
      'idle × pace': 'live',
      ...ends('sending', true),
      ...failures('sending'),
      'sending × subscribed': 'live: arm-expiry 60000',
      'sending × changed now': 'live',
      'sending × changed, paced': 'live',
      'sending × 200': 'live',
      'sending × 503 later': 'live: arm-pace 9000',
      'sending × pace': 'live',
      ...ends('sending, owing', true),
      ...failures('sending, owing'),
      'sending, owing × subscribed': 'live: arm-expiry 60000',
      'sending, owing × changed now': 'live',
      'sending, owing × changed, paced': 'live',
      'sending, owing × 200': 'live: arm-pace 1000',
      'sending, owing × 503 later': 'live: arm-pace 9000',
      'sending, owing × pace': 'live',
      ...ends('sending, owing urgently', true),
      ...failures('sending, owing urgently'),
      'sending, owing urgently × subscribed': 'live: arm-expiry 60000',
      'sending, owing urgently × changed now': 'live',
      'sending, owing urgently × changed, paced': 'live',
      'sending, owing urgently × 200': 'live: notify true',
      'sending, owing urgently × 503 later': 'live: arm-pace 9000',
      'sending, owing urgently × pace': 'live',
      ...ends('pacing', false),
      ...failures('pacing'),
      'pacing × subscribed': 'live: arm-expiry 60000, notify true',
      'pacing × changed now': 'live: notify false',
      'pacing × changed, paced': 'live',
      'pacing × 200': 'live',
      'pacing × 503 later': 'live',
      'pacing × pace': 'live: notify false',
      'closing × 200': 'over: notify-last',
      'closing × 503 later': 'over: notify-last',
      'closing × 481': 'over',
      'closing × 500': 'over',
      'closing × nothing': 'over',
    };
    const step = (state: SubscriptionState, input: SubscriptionInput) =>
      stepSubscription(state, input, 1_000);
    expect(walkMachine(step, { states, inputs, expected })).toEqual({});
  });
});

describe('how long a subscription may last (RFC 6665 §4.2.1.1)', () => {
  const limits = { least: 60, most: 3_600, usual: 600 };
  const grant = (expires?: string) => {
    const request = sampleRequest({ method: 'SUBSCRIBE' });
    if (expires !== undefined) request.headers.set('Expires', expires);
    return grantExpiry(request, limits);
  };

  it('never longer than asked for or allowed; the usual time when nothing sensible is asked for', () => {
    expect(grant('120')).toEqual({ kind: 'granted', seconds: 120 });
    expect(grant('86400')).toEqual({ kind: 'granted', seconds: 3_600 });
    expect(grant()).toEqual({ kind: 'granted', seconds: 600 });
    expect(grant('soon')).toEqual({ kind: 'granted', seconds: 600 });
    expect(grant('0')).toEqual({ kind: 'granted', seconds: 0 });
  });

  it('too short a time is refused with the least', () => {
    expect(grant('5')).toEqual({ kind: 'too-brief', leastSeconds: 60 });
  });
});
