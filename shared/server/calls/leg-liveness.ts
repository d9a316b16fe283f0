import type { Disposable } from '../../domain/disposable.ts';
import type { ClientOutcome, ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { DialogRequestOptions } from '../../sip/dialog/dialog.ts';
import type { LegKind } from '../../media/engine.ts';
import type { CallKit } from './call-kit.ts';
import {
  agreedSessionTimer,
  answerSessionTimer,
  deadAfterMs,
  refreshAfterMs,
  type SessionInterval,
} from './session-timer.ts';

/** What liveness needs of a leg. */
export interface LivingLeg {
  readonly media: { readonly kind: LegKind };
  allows(method: string): boolean;
  request(
    method: string,
    options?: DialogRequestOptions,
    onFinal?: (outcome: ClientOutcome) => void,
  ): void;
  lost(): void;
}

type LivenessState =
  /** Nothing agreed and nothing to ask: STUN decides (WebRTC), or the call is being set up. */
  | { readonly kind: 'unwatched' }
  /** The peer refreshes the session, or is dead. */
  | { readonly kind: 'awaiting-refresh'; readonly interval: SessionInterval }
  /** We refresh the session. */
  | { readonly kind: 'refreshing'; readonly interval: SessionInterval }
  /** No session timer: OPTIONS now and then. */
  | { readonly kind: 'probing'; readonly failures: number };

/** Failed OPTIONS in a row that prove a plain RTP leg dead (WIRE.md §10). */
const DEAD_AFTER_PROBES = 2;

/** Finds out by SIP whether the far side of one leg is alive: session timer (RFC 4028), else OPTIONS. */
export class LegLiveness implements Disposable {
  readonly #kit: CallKit;
  readonly #leg: LivingLeg;
  #state: LivenessState = { kind: 'unwatched' };
  #timer: Disposable | undefined;

  constructor(kit: CallKit, leg: LivingLeg) {
    this.#kit = kit;
    this.#leg = leg;
  }

  /** What set-up or a refresh agreed on; undefined when the peer knows no session timer. */
  agree(interval: SessionInterval | undefined): void {
    if (interval !== undefined) {
      const kind = interval.refresher === 'us' ? 'refreshing' : 'awaiting-refresh';
      this.#enter({ kind, interval });
    } else if (this.#leg.media.kind !== 'webrtc') {
      this.#enter({ kind: 'probing', failures: 0 });
    } else {
      this.#enter({ kind: 'unwatched' });
    }
  }

  /** The peer sent INVITE or UPDATE: what it asks for now counts. */
  refreshed(tx: ServerTransaction): void {
    const answer = answerSessionTimer(tx.request, this.#kit.times.sessionExpiresS);
    if (answer.kind === 'agreed') this.agree(answer.interval);
  }

  dispose(): void {
    this.#timer?.dispose();
  }

  #enter(state: LivenessState): void {
    this.#state = state;
    this.#timer?.dispose();
    switch (state.kind) {
      case 'unwatched':
        return;
      case 'awaiting-refresh':
        this.#timer = this.#kit.clock.after(deadAfterMs(state.interval), () => this.#leg.lost());
        return;
      case 'refreshing':
        this.#timer = this.#kit.clock.after(refreshAfterMs(state.interval), () => this.#refresh());
        return;
      case 'probing':
        this.#timer = this.#kit.clock.after(this.#kit.times.optionsEveryMs, () => this.#probe());
    }
  }

  #refresh(): void {
    if (this.#state.kind !== 'refreshing') return;
    const { interval } = this.#state;
    if (!this.#leg.allows('UPDATE')) return this.#enter({ kind: 'probing', failures: 0 });
    const headers = [
      ['Supported', 'timer'],
      ['Session-Expires', `${interval.seconds};refresher=uac`],
    ] as const;
    this.#leg.request('UPDATE', { headers }, (outcome) => {
      if (this.#state.kind !== 'refreshing') return;
      if (isAlive(outcome)) this.agree(intervalOf(outcome) ?? interval);
      else this.#enter({ kind: 'probing', failures: 1 });
    });
  }

  #probe(): void {
    this.#leg.request('OPTIONS', {}, (outcome) => {
      if (this.#state.kind !== 'probing') return;
      const failures = isAlive(outcome) ? 0 : this.#state.failures + 1;
      if (failures >= DEAD_AFTER_PROBES) this.#leg.lost();
      else this.#enter({ kind: 'probing', failures });
    });
  }
}

function isAlive(outcome: ClientOutcome): boolean {
  return outcome.kind === 'response' && outcome.response.status !== 408;
}

function intervalOf(outcome: ClientOutcome): SessionInterval | undefined {
  return outcome.kind === 'response' && outcome.response.status < 300
    ? agreedSessionTimer(outcome.response)
    : undefined;
}
