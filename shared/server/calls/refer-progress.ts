import { assertNever } from '../../domain/assert-never.ts';
import type { Disposable } from '../../domain/disposable.ts';
import type { ExtraHeaders } from '../../sip/transaction/transaction-user.ts';
import { formatSipfrag, SIPFRAG_CONTENT_TYPE } from '../../sip/events/sipfrag.ts';
import type { Leg } from './leg.ts';
import type { ReferSubscription } from './refer-subscriptions.ts';

type ProgressState =
  | { readonly kind: 'idle' }
  /** One NOTIFY is unanswered; the next waits, so that they arrive in order. */
  | { readonly kind: 'sending'; readonly next: Report | undefined }
  | { readonly kind: 'over' };

interface Report {
  readonly fragment: string;
  /** Why it is the last one; undefined while it goes on. */
  readonly ends?: 'noresource' | 'timeout';
}

/** Seconds that a park's subscription is given: it needs a moment (WIRE.md §2). */
const USUAL_S = 60;

/** The implicit subscription of one accepted REFER (RFC 3515 §2.4.4): progress first, the result once. */
export class ReferProgress implements ReferSubscription {
  readonly #leg: Leg;
  /** CSeq of the REFER that was accepted: after a challenge the second one (RFC 3515 §2.4.6). */
  readonly #id: number;
  readonly #overListeners: (() => void)[] = [];
  #state: ProgressState = { kind: 'idle' };
  #fragment = '';
  #expiresAt = 0;
  #expiry: Disposable | undefined;
  /** Its place among the dialog's subscriptions. */
  #entry: Disposable | undefined;

  constructor(leg: Leg, sequence: number) {
    this.#leg = leg;
    this.#id = sequence;
  }

  /** NOTIFY `100 Trying`; the subscription lasts so many seconds unless it is refreshed. */
  trying(seconds = USUAL_S): void {
    this.#entry = this.#leg.refers.add(this.#id, this);
    this.#lastFor(seconds);
    this.#report({ fragment: formatSipfrag(100) });
  }

  /** A step on the way, e.g. 180. */
  progress(status: number, reason: string): void {
    this.#report({ fragment: formatSipfrag(status, { reason }) });
  }

  /** The result, with further header lines of the fragment; ends the subscription. */
  finish(status: number, reason: string, headers: ExtraHeaders = []): void {
    this.#report({ fragment: formatSipfrag(status, { reason, headers }), ends: 'noresource' });
  }

  /** The party asked to hear for longer, or (0 seconds) no more. The transfer itself goes on. */
  refresh(seconds: number): void {
    if (seconds === 0) return this.#expire();
    this.#lastFor(seconds);
    this.#report({ fragment: this.#fragment });
  }

  /** Runs `run` once when the result was answered, or nobody can be told any more; at once if that is so. */
  whenOver(run: () => void): void {
    if (this.#state.kind === 'over') run();
    else this.#overListeners.push(run);
  }

  #lastFor(seconds: number): void {
    const { clock } = this.#leg.refers;
    this.#expiresAt = clock.now() + seconds * 1000;
    this.#expiry?.dispose();
    this.#expiry = clock.after(seconds * 1000, () => this.#expire());
  }

  #expire(): void {
    this.#report({ fragment: this.#fragment, ends: 'timeout' });
  }

  /** No SUBSCRIBE reaches it any more: its last NOTIFY is on its way, or there is nobody to tell. */
  #leave(): void {
    this.#expiry?.dispose();
    this.#entry?.dispose();
  }

  #end(): void {
    this.#state = { kind: 'over' };
    this.#leave();
    for (const run of this.#overListeners.splice(0)) run();
  }

  #report(report: Report): void {
    this.#fragment = report.fragment;
    const state = this.#state;
    switch (state.kind) {
      case 'over':
        return;
      case 'sending':
        // Only the newest matters: a result overtakes progress that was not sent yet. Nothing follows the last one.
        if (state.next?.ends === undefined) this.#state = { kind: 'sending', next: report };
        return;
      case 'idle':
        return this.#send(report);
      default:
        assertNever(state);
    }
  }

  #send(report: Report): void {
    // A phone that hung up on the 202 is told nothing: its dialog is gone.
    if (this.#leg.dialog.state.kind === 'terminated') {
      return this.#end();
    }
    this.#state = { kind: 'sending', next: undefined };
    if (report.ends !== undefined) this.#leave();
    const options = {
      headers: [
        ['Event', `refer;id=${this.#id}`],
        ['Subscription-State', this.#subscriptionState(report)],
      ] as const,
      body: report.fragment,
      contentType: SIPFRAG_CONTENT_TYPE,
    };
    // Whatever the answer, 481 included: the leg's life does not depend on it.
    this.#leg.request('NOTIFY', options, () => this.#sent(report));
  }

  #subscriptionState({ ends }: Report): string {
    if (ends !== undefined) return `terminated;reason=${ends}`;
    const leftMs = this.#expiresAt - this.#leg.refers.clock.now();
    return `active;expires=${Math.max(0, Math.ceil(leftMs / 1000))}`;
  }

  #sent(report: Report): void {
    if (this.#state.kind !== 'sending') return;
    const { next } = this.#state;
    if (report.ends !== undefined) return this.#end();
    this.#state = { kind: 'idle' };
    if (next !== undefined) this.#send(next);
  }
}
