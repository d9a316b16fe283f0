import type { Disposable } from '../../domain/disposable.ts';
import type { SipResponse } from '../../sip/message/message.ts';
import type {
  ClientOutcome,
  ExtraHeaders,
  ServerTransaction,
} from '../../sip/transaction/transaction-user.ts';
import type { DialogRequestOptions } from '../../sip/dialog/dialog.ts';
import type { LegKind } from '../../media/engine.ts';
import type { CallKit } from './call-kit.ts';
import type { RenegotiationResult } from './leg-negotiation.ts';
import type { Taken } from './methods-taken.ts';
import { runGuarded } from './run-guarded.ts';
import {
  agreedSessionTimer,
  answerSessionTimer,
  deadAfterMs,
  longerInterval,
  refreshAfterMs,
  type SessionInterval,
} from './session-timer.ts';

/** What liveness needs of a leg. */
export interface LivingLeg {
  readonly media: { readonly kind: LegKind };
  takes(method: string): Taken;
  request(
    method: string,
    options?: DialogRequestOptions,
    onFinal?: (outcome: ClientOutcome) => void,
  ): void;
  /** Re-INVITEs with what is agreed already. */
  reinvite(timeoutMs: number): Promise<RenegotiationResult>;
  lost(): void;
}

type LivenessState =
  /** Nothing agreed and nothing to ask: STUN decides (WebRTC), or the call is being set up. */
  | { readonly kind: 'unwatched' }
  /** The peer refreshes the session, or is dead. */
  | { readonly kind: 'awaiting-refresh'; readonly interval: SessionInterval }
  /** We refresh the session. */
  | { readonly kind: 'refreshing'; readonly interval: SessionInterval }
  /** No session timer, or a refresh found no answer: OPTIONS now and then. `then`: what is to be refreshed at the next sign of life. */
  | { readonly kind: 'probing'; readonly failures: number; readonly then?: SessionInterval };

/** Failed OPTIONS in a row that prove a plain RTP leg dead (WIRE.md §10). */
const DEAD_AFTER_PROBES = 2;

/** How long after a refresh that was turned away for the moment the next one goes out, in ms. */
const TURNED_AWAY_MS = 5_000;

/** How long a refreshing re-INVITE may take, in ms; a transaction's own limit. */
const REINVITE_MS = 32_000;

/** Answers that say that the phone has no UPDATE after all (RFC 3261 §21.4.6, §21.5.2). */
const NO_UPDATE: ReadonlySet<number> = new Set([405, 501]);

/** Finds out by SIP whether the far side of one leg is alive: session timer (RFC 4028), else OPTIONS. */
export class LegLiveness implements Disposable {
  readonly #kit: CallKit;
  readonly #leg: LivingLeg;
  #state: LivenessState = { kind: 'unwatched' };
  /** What the peer told to be its least interval, in seconds: ours too from then on (RFC 4028 §7.4). */
  #leastS: number | undefined;
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

  /** The peer sent INVITE or UPDATE, answered by now: with 2xx, what it asks for counts from here on (RFC 4028 §10). */
  refreshed(tx: ServerTransaction): void {
    if (tx.finalStatus === undefined || tx.finalStatus >= 300) return;
    const answer = answerSessionTimer(tx.request, this.#kit.times.sessionExpiresS);
    if (answer.kind === 'agreed') this.agree(answer.interval);
  }

  /** What a request of ours that refreshes the session says of its timer: the roles stay as they are (RFC 4028 §7.4). */
  get headers(): ExtraHeaders {
    const state = this.#state;
    if (state.kind !== 'refreshing' && state.kind !== 'awaiting-refresh') return [];
    const refresher = state.kind === 'refreshing' ? 'uac' : 'uas';
    const leastS = this.#leastS;
    return [
      ['Session-Expires', `${state.interval.seconds};refresher=${refresher}`],
      ...(leastS === undefined ? [] : ([['Min-SE', String(leastS)]] as const)),
    ];
  }

  /** A re-INVITE of ours was answered with 2xx: what that says counts, and it was a refresh in any case. */
  answered(response: SipResponse): void {
    const state = this.#state;
    const agreed = agreedSessionTimer(response);
    if (agreed !== undefined) this.agree(agreed);
    else if (state.kind === 'refreshing') this.agree(state.interval);
    // RFC 4028 §7.2: without the header there is no session timer any more, and nobody will refresh.
    else if (state.kind === 'awaiting-refresh') this.agree(undefined);
  }

  /** A request of ours got 422: the next one asks for what the peer puts up with. False when that would change nothing. */
  lengthen(refusal: SipResponse): boolean {
    const state = this.#state;
    if (state.kind !== 'refreshing' && state.kind !== 'awaiting-refresh') return false;
    const seconds = longerInterval(refusal, state.interval.seconds);
    if (seconds === undefined) return false;
    this.#leastS = seconds;
    this.#state = { ...state, interval: { ...state.interval, seconds } };
    return true;
  }

  dispose(): void {
    this.#timer?.dispose();
  }

  #enter(state: LivenessState): void {
    this.#state = state;
    switch (state.kind) {
      case 'unwatched':
        return this.#timer?.dispose();
      case 'awaiting-refresh':
        return this.#arm(deadAfterMs(state.interval), () => this.#leg.lost());
      case 'refreshing':
        return this.#arm(refreshAfterMs(state.interval), () => this.#refresh());
      case 'probing':
        return this.#arm(this.#kit.times.optionsEveryMs, () => this.#probe());
    }
  }

  #arm(delayMs: number, run: () => void): void {
    this.#timer?.dispose();
    this.#timer = this.#kit.clock.after(delayMs, run);
  }

  #refresh(): void {
    if (this.#state.kind !== 'refreshing') return;
    if (this.#leg.takes('UPDATE') !== 'yes') return this.#refreshByInvite();
    const { interval } = this.#state;
    const headers = [['Supported', 'timer'], ...this.headers] as const;
    this.#leg.request('UPDATE', { headers }, (outcome) => {
      if (this.#state.kind !== 'refreshing') return;
      const status = outcome.kind === 'response' ? outcome.response.status : 408;
      if (!isAlive(outcome)) this.#enter({ kind: 'probing', failures: 1, then: interval });
      else if (status < 300) this.agree(intervalOf(outcome) ?? interval);
      else if (NO_UPDATE.has(status)) this.#refreshByInvite();
      else if (isTooShort(outcome) && this.lengthen(outcome.response)) this.#refresh();
      else this.#arm(TURNED_AWAY_MS, () => this.#refresh());
    });
  }

  /** `answered` hears of its 2xx. */
  #refreshByInvite(): void {
    runGuarded(this.#kit.log, 'session refresh', async () => {
      const result = await this.#leg.reinvite(REINVITE_MS);
      if (this.#state.kind !== 'refreshing') return;
      const { interval } = this.#state;
      if (result === 'timeout') this.#enter({ kind: 'probing', failures: 1, then: interval });
      else if (result === 'refused') this.#arm(TURNED_AWAY_MS, () => this.#refresh());
    });
  }

  #probe(): void {
    this.#leg.request('OPTIONS', {}, (outcome) => {
      if (this.#state.kind !== 'probing') return;
      const { then } = this.#state;
      const failures = isAlive(outcome) ? 0 : this.#state.failures + 1;
      if (failures >= DEAD_AFTER_PROBES) return this.#leg.lost();
      if (failures > 0 || then === undefined)
        return this.#enter({ ...this.#state, kind: 'probing', failures });
      this.#state = { kind: 'refreshing', interval: then };
      this.#refresh();
    });
  }
}

function isTooShort(
  outcome: ClientOutcome,
): outcome is Extract<ClientOutcome, { kind: 'response' }> {
  return outcome.kind === 'response' && outcome.response.status === 422;
}

function isAlive(outcome: ClientOutcome): boolean {
  return outcome.kind === 'response' && outcome.response.status !== 408;
}

function intervalOf(outcome: ClientOutcome): SessionInterval | undefined {
  return outcome.kind === 'response' && outcome.response.status < 300
    ? agreedSessionTimer(outcome.response)
    : undefined;
}
