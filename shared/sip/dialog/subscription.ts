import { parseDecimal } from '../message/characters.ts';
import type { SipRequest } from '../message/message.ts';
import type { Endpoint } from '../transaction/endpoint.ts';
import type { Flow } from '../transaction/flow.ts';
import { MachineRunner, TimerSet } from '../transaction/machine-runner.ts';
import { assertNever } from '../transaction/machine.ts';
import type { SipClock, StackObserver } from '../transaction/ports.ts';
import type { ClientOutcome, ExtraHeaders } from '../transaction/transaction-user.ts';
import type { Dialog } from './dialog.ts';
import {
  newSubscription,
  stepSubscription,
  type Farewell,
  type SubscriptionAction,
  type SubscriptionEnd,
  type SubscriptionInput,
  type SubscriptionState,
  type TerminationReason,
} from './subscription-state.ts';

export interface NotifyContent {
  readonly contentType: string;
  readonly body: string | Uint8Array;
  readonly headers?: ExtraHeaders;
}

export interface ContentRequest {
  /** Counts this subscription's NOTIFYs from 0, each by one. */
  readonly version: number;
  /** Full state is due: after every SUBSCRIBE. Otherwise partial state will do. */
  readonly full: boolean;
}

export interface NotifierPorts {
  readonly endpoint: Endpoint;
  readonly clock: SipClock;
  /** Hears of callbacks that throw; such a subscription is lost. */
  readonly observer?: StackObserver;
}

export interface NotifierOptions {
  /** The subscription's dialog, confirmed. Other usages of the same dialog are left alone. */
  readonly dialog: Dialog;
  /** Value of Event: as in the SUBSCRIBE, `;id=` included; `refer;id=<CSeq>` for a REFER. */
  readonly event: string;
  /** Lifetime granted; 0: one NOTIFY with the current state and over. */
  readonly seconds: number;
  /** Where NOTIFY goes now: the device's newest flow; undefined: nowhere, so the subscription is lost. */
  readonly flow: () => Flow | undefined;
  /** The content to send now. */
  readonly content: (request: ContentRequest) => NotifyContent;
  /** Runs once. No NOTIFY follows but the one that says so. */
  readonly onEnd: (end: SubscriptionEnd) => void;
  /** Least time between paced NOTIFYs in ms; default 1,000. */
  readonly coalesceMs?: number;
}

const DEFAULT_COALESCE_MS = 1_000;
const MAX_RETRY_AFTER_S = 600;

/**
 * One subscription at the notifier (RFC 6665 §4.2), or REFER's implicit one (RFC 3515 §2.4.4). One NOTIFY is out at a time: what changes
 * meanwhile is sent as the then current state once it is answered.
 */
export class NotifierSubscription {
  readonly #ports: NotifierPorts;
  readonly #options: NotifierOptions;
  readonly #timers: TimerSet<'expiry' | 'pace'>;
  readonly #machine: MachineRunner<SubscriptionState, SubscriptionInput, SubscriptionAction>;
  #version = 0;
  #expiresAt = 0;

  private constructor(ports: NotifierPorts, options: NotifierOptions) {
    this.#ports = ports;
    this.#options = options;
    const coalesceMs = options.coalesceMs ?? DEFAULT_COALESCE_MS;
    this.#timers = new TimerSet(ports.clock, (timer) =>
      this.#machine.feed(
        timer === 'expiry' ? { kind: 'expired' } : { kind: 'pace-over', nowMs: this.#now },
      ),
    );
    this.#machine = new MachineRunner(
      newSubscription,
      (state: SubscriptionState, input: SubscriptionInput) =>
        stepSubscription(state, input, coalesceMs),
      (action: SubscriptionAction) => this.#perform(action),
    );
  }

  /** Sends the first NOTIFY. The SUBSCRIBE or REFER was answered with 2xx just before. */
  static begin(ports: NotifierPorts, options: NotifierOptions): NotifierSubscription {
    const subscription = new NotifierSubscription(ports, options);
    subscription.refresh(options.seconds);
    return subscription;
  }

  get dialog(): Dialog {
    return this.#options.dialog;
  }

  get event(): string {
    return this.#options.event;
  }

  get live(): boolean {
    return this.#machine.state.kind === 'live';
  }

  /** Seconds until it expires, rounded up; 0 when it is over. */
  get secondsLeft(): number {
    return this.live ? Math.max(0, Math.ceil((this.#expiresAt - this.#now) / 1_000)) : 0;
  }

  /** A SUBSCRIBE inside the dialog, answered 200 just before: full state goes out. 0 seconds end the subscription. */
  refresh(seconds: number): void {
    const nowMs = this.#now;
    this.#expiresAt = nowMs + seconds * 1_000;
    this.#machine.feed({ kind: 'subscribed', seconds, nowMs });
  }

  /** The content changed: NOTIFY at once, or (`paced`) when `coalesceMs` have passed since the last one. The last state is always sent. */
  changed(urgency: 'now' | 'paced'): void {
    this.#machine.feed({ kind: 'changed', urgency, nowMs: this.#now });
  }

  /** A last NOTIFY with the current content, then over. `retryAfterSeconds` goes with `probation` and `giveup`. */
  terminate(reason: TerminationReason, retryAfterSeconds?: number): void {
    this.#machine.feed({ kind: 'terminate', reason, retryAfterSeconds });
  }

  get #now(): number {
    return this.#ports.clock.now();
  }

  #perform(action: SubscriptionAction): void {
    switch (action.kind) {
      case 'notify':
        return this.#notify(`active;expires=${this.secondsLeft}`, action.full);
      case 'notify-last':
        return this.#notify(farewellText(action.farewell), true);
      case 'arm-expiry':
        return this.#timers.arm('expiry', action.delayMs);
      case 'arm-pace':
        return this.#timers.arm('pace', action.delayMs);
      case 'end':
        this.#timers.dispose();
        return this.#options.onEnd(action.end);
      default:
        return assertNever(action);
    }
  }

  #notify(subscriptionState: string, full: boolean): void {
    const flow = this.#options.flow();
    const content = flow && this.#contentFor(full);
    if (content === undefined || flow === undefined) return this.#notified(undefined, undefined);
    const request = this.#options.dialog.createRequest('NOTIFY', {
      headers: [
        ['Event', this.#options.event],
        ['Subscription-State', subscriptionState],
        ...(content.headers ?? []),
      ],
      body: content.body,
      contentType: content.contentType,
    });
    this.#ports.endpoint.request(request, flow, { onFinal: (outcome) => this.#onFinal(outcome) });
  }

  /** The owner's bug must not end the process: this runs from timers, too. */
  #contentFor(full: boolean): NotifyContent | undefined {
    try {
      return this.#options.content({ version: this.#version++, full });
    } catch (error) {
      this.#ports.observer?.callbackFailed?.(error);
      return undefined;
    }
  }

  #onFinal(outcome: ClientOutcome): void {
    if (outcome.kind !== 'response') return this.#notified(undefined, undefined);
    const { response } = outcome;
    if (response.status < 300) this.#options.dialog.acceptResponse(response);
    const seconds = parseDecimal(response.headers.get('Retry-After')?.split(/[ (;]/)[0] ?? '', 1e9);
    const retryAfterMs =
      seconds === undefined || response.status < 300
        ? undefined
        : Math.min(seconds, MAX_RETRY_AFTER_S) * 1_000;
    this.#notified(response.status, retryAfterMs);
  }

  #notified(status: number | undefined, retryAfterMs: number | undefined): void {
    this.#machine.feed({ kind: 'notified', status, retryAfterMs, nowMs: this.#now });
  }
}

function farewellText({ reason, retryAfterSeconds }: Farewell): string {
  const retry = retryAfterSeconds === undefined ? '' : `;retry-after=${retryAfterSeconds}`;
  return `terminated;reason=${reason}${retry}`;
}

/** Lifetimes a notifier grants, in seconds. */
export interface ExpiryLimits {
  readonly least: number;
  readonly most: number;
  /** When the request names none. */
  readonly usual: number;
}

export type ExpiryGrant =
  | { readonly kind: 'granted'; readonly seconds: number }
  /** Answer 423 with `Min-Expires`. */
  | { readonly kind: 'too-brief'; readonly leastSeconds: number };

/** What a SUBSCRIBE gets (RFC 6665 §4.2.1.1): never more than it asks for; 0 is always granted. */
export function grantExpiry(request: SipRequest, limits: ExpiryLimits): ExpiryGrant {
  const asked = parseDecimal(request.headers.get('Expires') ?? '', Number.MAX_SAFE_INTEGER);
  if (asked === undefined) return { kind: 'granted', seconds: limits.usual };
  if (asked === 0) return { kind: 'granted', seconds: 0 };
  // RFC 6665 §4.2.1.1 allows 423 below one hour only.
  if (asked < limits.least && asked < 3_600) {
    return { kind: 'too-brief', leastSeconds: limits.least };
  }
  return { kind: 'granted', seconds: Math.min(asked, limits.most) };
}
