import type { UA } from 'jssip';
import type { Subscriber } from 'jssip/lib/Subscriber';
import type { Clock } from '../../shared/domain/clock.ts';
import type { Disposable } from '../../shared/domain/disposable.ts';
import {
  mayResubscribe,
  resubscribeDelayMs,
  resubscribePolicy,
} from '../../shared/phone/resubscribe-policy.ts';
import type { SubscriptionEvent } from './phone-line.ts';

const EXPIRES_S = 600;
/** A retry-after that no server should ask for is cut to this. */
const LONGEST_RETRY_MS = 3_600_000;
/** Refusals that mean that this is not to be had here: no such resource, method or event package (RFC 6665 §4.1.4, 489). */
const NOT_HERE: ReadonlySet<number> = new Set([404, 405, 406, 489, 501, 604]);
/** Doubts that come within this of each other are one trouble that goes on, ms. */
const SAME_TROUBLE_MS = 120_000;
/** It may be set up one day. */
const NOT_HERE_RETRY_MS = 300_000;

const DIALOG = { name: 'dialog', accept: 'application/dialog-info+xml' } as const;

interface ParkSubscriptionDeps {
  readonly ua: UA;
  readonly clock: Clock;
  /** `sip:*88@…`: one subscribes to what one would dial (WIRE §5). */
  readonly target: string;
  /** Another event package than `dialog`, which comes and goes by the same rules. */
  readonly event?: { readonly name: string; readonly accept: string };
  onEvent(event: SubscriptionEvent): void;
}

/**
 * The `dialog` subscription behind the park list. JsSIP's Subscriber refreshes but never comes back by itself; here every end is
 * answered by a new subscription, soon at first and then less and less often, and an overdue NOTIFY is asked for.
 */
export class ParkSubscription implements Disposable {
  readonly #deps: ParkSubscriptionDeps;
  #subscriber: Subscriber | null = null;
  #failures = 0;
  /** How often in a row what came could not be used, and when last. */
  #doubts = 0;
  #doubtedAt = Number.NEGATIVE_INFINITY;
  /** How the newest SUBSCRIBE was refused. */
  #refusal: number | null = null;
  #running = false;
  #waiting: Disposable | null = null;
  #overdue: Disposable | null = null;

  constructor(deps: ParkSubscriptionDeps) {
    this.#deps = deps;
  }

  /** The line is registered (again): ask for the whole list now. */
  start(): void {
    this.#running = true;
    this.#failures = 0;
    this.#doubtedAt = Number.NEGATIVE_INFINITY;
    this.#subscribe();
  }

  /** Ask for the whole list, because of something that was missed. */
  refresh(): void {
    if (this.#running) this.#subscribe();
  }

  /** What came cannot be used: ask anew, at once the first time, then less and less often while that goes on. */
  again(): void {
    if (!this.#running || this.#waiting !== null) return;
    const now = this.#deps.clock.now();
    this.#doubts = now - this.#doubtedAt < SAME_TROUBLE_MS ? this.#doubts + 1 : 0;
    this.#doubtedAt = now;
    if (this.#doubts === 0) return this.#subscribe();
    this.#forget();
    this.#deps.onEvent({ kind: 'lost' });
    this.#later(resubscribeDelayMs(this.#doubts, Math.random));
  }

  /** Something I did must show in the list; if it does not in time, ask. */
  expectChange(): void {
    if (!this.#running) return;
    this.#overdue?.dispose();
    this.#overdue = this.#deps.clock.after(resubscribePolicy.expectNotifyMs, () => this.refresh());
  }

  /** The connection is gone. */
  lose(): void {
    this.#running = false;
    this.#forget();
    this.#deps.onEvent({ kind: 'lost' });
  }

  /** Unsubscribes. */
  stop(): void {
    this.#running = false;
    this.#forget();
  }

  dispose(): void {
    this.stop();
  }

  #subscribe(): void {
    this.#forget();
    const { event = DIALOG } = this.#deps;
    const subscriber = this.#deps.ua.subscribe(this.#deps.target, event.name, event.accept, {
      expires: EXPIRES_S,
    });
    this.#subscriber = subscriber;
    this.#refusal = null;
    watchRefusal(subscriber, (status) => {
      if (this.#subscriber === subscriber) this.#refusal = status;
    });
    subscriber.on('notify', (_final: boolean, _request: unknown, body: string | undefined) => {
      if (this.#subscriber === subscriber && body !== undefined) this.#onDocument(body);
    });
    subscriber.on(
      'terminated',
      (code: number, reason: string | undefined, retryAfter: number | undefined) => {
        if (this.#subscriber === subscriber)
          this.#onTerminated({ code, reason: reason ?? null, retryAfter });
      },
    );
    // A NOTIFY without a body: some servers have nothing to tell before something happens. It lives, and nothing is known.
    subscriber.on('active', () => {
      if (this.#subscriber === subscriber) this.#overdue?.dispose();
    });
    subscriber.on('accepted', () => {
      if (this.#subscriber === subscriber) this.#deps.onEvent({ kind: 'subscribed' });
    });
    subscriber.subscribe();
    this.#overdue = this.#deps.clock.after(resubscribePolicy.expectNotifyMs, () =>
      this.#onSilence(),
    );
  }

  #onDocument(body: string): void {
    this.#failures = 0;
    this.#overdue?.dispose();
    this.#overdue = null;
    this.#deps.onEvent({ kind: 'document', body });
  }

  #onTerminated(end: {
    readonly code: number;
    readonly reason: string | null;
    readonly retryAfter: number | undefined;
  }): void {
    this.#subscriber = null;
    this.#overdue?.dispose();
    this.#deps.onEvent({ kind: 'lost' });
    if (!this.#running) return;
    if (!mayResubscribe(end.reason)) {
      this.#deps.onEvent({ kind: 'unsupported' });
      return;
    }
    if (this.#refusal !== null && NOT_HERE.has(this.#refusal)) {
      this.#deps.onEvent({ kind: 'unsupported' });
      this.#retry(NOT_HERE_RETRY_MS);
      return;
    }
    this.#retry(Math.min((end.retryAfter ?? 0) * 1000, LONGEST_RETRY_MS));
  }

  /** Accepted, but nothing is ever said: as good as refused. */
  #onSilence(): void {
    this.#forget();
    this.#deps.onEvent({ kind: 'lost' });
    this.#retry(0);
  }

  #retry(askedMs: number): void {
    const delay = resubscribeDelayMs(this.#failures, Math.random, askedMs);
    this.#failures += 1;
    this.#later(delay);
  }

  #later(delayMs: number): void {
    this.#waiting = this.#deps.clock.after(delayMs, () => this.#subscribe());
  }

  /** Drops the subscription we have, telling the server if it can still be told (or as soon as it has answered). */
  #forget(): void {
    this.#waiting?.dispose();
    this.#overdue?.dispose();
    this.#waiting = null;
    this.#overdue = null;
    const old = this.#subscriber;
    this.#subscriber = null;
    if (old === null) return;
    if (this.#deps.ua.isConnected()) old.terminate();
    else endUntold(old);
  }
}

/** Without a connection JsSIP would keep it and refresh it on the next one, beside the one that took its place. */
function endUntold(subscriber: Subscriber): void {
  const end: unknown = Reflect.get(subscriber, '_terminateDialog');
  if (typeof end === 'function') Reflect.apply(end, subscriber, []);
}

/** JsSIP says that a SUBSCRIBE was refused but not how, so the response is looked at on its way in. */
function watchRefusal(subscriber: Subscriber, onRefusal: (status: number) => void): void {
  const receive: unknown = Reflect.get(subscriber, '_receiveSubscribeResponse');
  if (typeof receive !== 'function') return;
  Reflect.set(subscriber, '_receiveSubscribeResponse', (response: unknown) => {
    const status: unknown =
      typeof response === 'object' && response !== null
        ? Reflect.get(response, 'status_code')
        : undefined;
    if (typeof status === 'number' && status >= 300) onRefusal(status);
    Reflect.apply(receive, subscriber, [response]);
  });
}
