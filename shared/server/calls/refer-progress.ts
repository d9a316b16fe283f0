import { assertNever } from '../../domain/assert-never.ts';
import type { ExtraHeaders } from '../../sip/transaction/transaction-user.ts';
import { formatSipfrag, SIPFRAG_CONTENT_TYPE } from '../../sip/events/sipfrag.ts';
import type { Leg } from './leg.ts';

type ProgressState =
  | { readonly kind: 'idle' }
  /** One NOTIFY is unanswered; the next waits, so that they arrive in order. */
  | { readonly kind: 'sending'; readonly next: Report | undefined }
  | { readonly kind: 'over' };

interface Report {
  readonly fragment: string;
  readonly subscriptionState: string;
}

/** The implicit subscription of one accepted REFER (RFC 3515 §2.4.4): progress first, the result once. */
export class ReferProgress {
  readonly #leg: Leg;
  /** CSeq of the REFER that was accepted: after a challenge the second one (RFC 3515 §2.4.6). */
  readonly #id: number;
  readonly #overListeners: (() => void)[] = [];
  #state: ProgressState = { kind: 'idle' };

  constructor(leg: Leg, sequence: number) {
    this.#leg = leg;
    this.#id = sequence;
  }

  /** NOTIFY `100 Trying`; the subscription lasts 60 s at most. */
  trying(): void {
    this.#report({ fragment: formatSipfrag(100), subscriptionState: 'active;expires=60' });
  }

  /** A step on the way, e.g. 180. */
  progress(status: number, reason: string): void {
    this.#report({
      fragment: formatSipfrag(status, { reason }),
      subscriptionState: 'active;expires=60',
    });
  }

  /** The result, with further header lines of the fragment; ends the subscription. */
  finish(status: number, reason: string, headers: ExtraHeaders = []): void {
    this.#report({
      fragment: formatSipfrag(status, { reason, headers }),
      subscriptionState: 'terminated;reason=noresource',
    });
  }

  /** Runs `run` once when the result was answered, or nobody can be told any more; at once if that is so. */
  whenOver(run: () => void): void {
    if (this.#state.kind === 'over') run();
    else this.#overListeners.push(run);
  }

  #end(): void {
    this.#state = { kind: 'over' };
    for (const run of this.#overListeners.splice(0)) run();
  }

  #report(report: Report): void {
    const state = this.#state;
    switch (state.kind) {
      case 'over':
        return;
      case 'sending':
        // Only the newest matters: a result overtakes progress that was not sent yet.
        this.#state = { kind: 'sending', next: report };
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
    const options = {
      headers: [
        ['Event', `refer;id=${this.#id}`],
        ['Subscription-State', report.subscriptionState],
      ] as const,
      body: report.fragment,
      contentType: SIPFRAG_CONTENT_TYPE,
    };
    // Whatever the answer, 481 included: the leg's life does not depend on it.
    this.#leg.request('NOTIFY', options, () => this.#sent(report));
  }

  #sent(report: Report): void {
    if (this.#state.kind !== 'sending') return;
    const { next } = this.#state;
    const last = report.subscriptionState.startsWith('terminated');
    if (last) return this.#end();
    this.#state = { kind: 'idle' };
    if (next !== undefined) this.#send(next);
  }
}
