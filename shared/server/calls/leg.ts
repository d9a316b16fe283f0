import { DisposableStore, type Disposable } from '../../domain/disposable.ts';
import type { EpochMs } from '../../domain/ids.ts';
import { CODECS_BEST_FIRST, type CodecName, type MediaLeg } from '../../media/engine.ts';
import type { Dialog, DialogRequestOptions } from '../../sip/dialog/dialog.ts';
import type { SipMessage } from '../../sip/message/message.ts';
import type { Flow } from '../../sip/transaction/flow.ts';
import type { ClientOutcome, ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { CallerIdentity } from '../ports/journal.ts';
import type { CallKit, DialogOwner, Stoppable } from './call-kit.ts';
import { answerPlainly, provesGone, refuseInfoPackage } from './leg-answers.ts';
import type { LegEnd } from './leg-end.ts';
import { LegLiveness } from './leg-liveness.ts';
import { LegNegotiation, type RenegotiationResult } from './leg-negotiation.ts';
import { methodTaken, type Taken } from './methods-taken.ts';
import { OwedBye } from './owed-bye.ts';
import { partyKey, type Party } from './party.ts';
import type { Reason } from './reason-header.ts';
import { ReferSubscriptions } from './refer-subscriptions.ts';
import type { SessionInterval } from './session-timer.ts';
import type { ActivityHandle } from './user-activity.ts';

/** Whoever has the leg now: a call, the park lot, a retrieve. Told what the far side does; never told of its own actions. */
export interface LegOwner {
  legEnded(leg: Leg, end: LegEnd): void;
  /** The far side held, resumed or changed codecs. */
  legChanged(leg: Leg): void;
  /** A REFER inside the dialog, not answered yet. */
  legReferred(leg: Leg, tx: ServerTransaction): void;
  /** An INFO inside the dialog, not answered yet. */
  legInformed(leg: Leg, tx: ServerTransaction): void;
  /** What whoever the leg talks to can take, best first. */
  codecsFor(leg: Leg): readonly CodecName[];
}

export type LegState =
  /** Our 2xx is out, its ACK is not in. */
  { readonly kind: 'answered' } | { readonly kind: 'confirmed' } | { readonly kind: 'ended' };

export interface LegParts {
  readonly dialog: Dialog;
  readonly media: MediaLeg;
  readonly party: Party;
  /** How this party is shown to others. */
  readonly identity: CallerIdentity;
  readonly flow: Flow;
  /** The INVITE or 2xx that the far side made the dialog with: what it allows and supports. */
  readonly introduction: SipMessage;
  readonly owner: LegOwner;
  readonly state: 'answered' | 'confirmed';
  readonly activity?: ActivityHandle | undefined;
}

/** One phone's (or trunk's) part of a call: its SIP dialog and its media leg. It outlives the calls it is part of. */
export class Leg implements DialogOwner, Stoppable {
  readonly party: Party;
  readonly partyKey: string;
  readonly identity: CallerIdentity;
  readonly media: MediaLeg;
  readonly dialog: Dialog;
  readonly liveness: LegLiveness;
  readonly refers: ReferSubscriptions;
  /** Since when the far side holds us; undefined while it does not. */
  heldSince: EpochMs | undefined;
  readonly #kit: CallKit;
  readonly #introduction: SipMessage;
  readonly #negotiation: LegNegotiation;
  readonly #ends = new DisposableStore();
  readonly #activity: ActivityHandle | undefined;
  readonly #onConfirmed: (() => void)[] = [];
  readonly #bye = new OwedBye((headers) => this.request('BYE', { headers }));
  #owner: LegOwner;
  #state: LegState;
  #lastFlow: Flow;
  #rememberMs = 0;
  readonly #entry: Disposable;

  constructor(kit: CallKit, parts: LegParts) {
    this.#kit = kit;
    this.party = parts.party;
    this.partyKey = partyKey(parts.party);
    this.identity = parts.identity;
    this.media = parts.media;
    this.dialog = parts.dialog;
    this.#introduction = parts.introduction;
    this.#owner = parts.owner;
    this.#lastFlow = parts.flow;
    this.#activity = parts.activity;
    this.#state = { kind: parts.state };
    this.refers = new ReferSubscriptions(kit.clock);
    this.liveness = new LegLiveness(kit, this);
    this.#negotiation = new LegNegotiation(kit, this, this.liveness);
    this.#entry = kit.dialogs.add(parts.dialog, this);
    kit.live.add(this);
    this.#ends.add(parts.media.onGone(() => this.lost()));
    this.noteHold();
    if (parts.state === 'confirmed') this.#activity?.confirm();
  }

  get state(): LegState {
    return this.#state;
  }

  get ended(): boolean {
    return this.#state.kind === 'ended';
  }

  get owner(): LegOwner {
    return this.#owner;
  }

  /** Names the leg in domain data and logs: its media leg's id. */
  get id(): string {
    return this.media.id;
  }

  get held(): boolean {
    return this.media.remoteHold !== 'none';
  }

  /** Where requests of this dialog go now: the device's newest flow (WIRE.md §10). */
  get flow(): Flow {
    const last = this.#lastFlow;
    if (last.transport === 'udp' && !last.closed) return last;
    if (this.party.kind !== 'device') return last;
    const { registrar } = this.#kit;
    const binding = registrar.device(this.party.user.id, this.party.deviceId);
    return binding?.flow ?? registrar.successorOf(last) ?? last;
  }

  /** Whether the far side takes this method, as far as it said. */
  takes(method: string): Taken {
    return methodTaken(this.#introduction, method);
  }

  /** The leg is somebody else's from now on. */
  handTo(owner: LegOwner): void {
    this.#owner = owner;
  }

  /** The ACK is in. */
  confirm(): void {
    if (this.ended) return this.#bye.pay();
    if (this.#state.kind !== 'answered') return;
    this.#state = { kind: 'confirmed' };
    this.#activity?.confirm();
    for (const run of this.#onConfirmed.splice(0)) run();
  }

  /** Runs once when the dialog is confirmed; at once if it is. Never after the leg's end. */
  onConfirmed(run: () => void): void {
    if (this.#state.kind === 'confirmed') run();
    else if (this.#state.kind === 'answered') this.#onConfirmed.push(run);
  }

  /** Starts the session timer, or OPTIONS where the peer knows none (WIRE.md §10). */
  watch(interval: SessionInterval | undefined): void {
    this.liveness.agree(interval);
  }

  /** Asks the far side to change to `codecs`; waits for a running offer of either side first. */
  renegotiate(codecs: readonly CodecName[], timeoutMs: number): Promise<RenegotiationResult> {
    return this.#negotiation.renegotiate(codecs, timeoutMs);
  }

  /** Re-INVITEs with what is agreed already, as a session refresh. */
  reinvite(timeoutMs: number): Promise<RenegotiationResult> {
    return this.#negotiation.refresh(timeoutMs);
  }

  /** Sends a request inside the dialog. A 481 or no answer at all means that the far side is gone (RFC 3261 §12.2.1.2). */
  request(
    method: string,
    options: DialogRequestOptions = {},
    onFinal: (outcome: ClientOutcome) => void = () => undefined,
  ): void {
    const request = this.dialog.createRequest(method, options);
    this.#kit.endpoint.request(request, this.flow, {
      onFinal: (outcome) => {
        // Its Contact may have moved (RFC 3311 §5.1).
        if (outcome.kind === 'response') this.dialog.acceptResponse(outcome.response);
        onFinal(outcome);
        if (provesGone(method, outcome)) this.lost();
      },
    });
  }

  /** Ends the leg with BYE, which waits for the ACK to our 2xx. Harmless when it has ended. */
  hangUp(reason?: Reason): void {
    if (this.ended) return;
    this.#bye.owe(reason);
    if (this.#state.kind === 'confirmed') this.#bye.pay();
    this.#finish();
  }

  /** The same without waiting, and nobody is told: the ACK was waited for long enough, or the server stops. */
  stop(reason: Reason): void {
    this.hangUp(reason);
    this.#bye.pay();
  }

  /** The far side is dead: a BYE for form's sake, and the owner is told. */
  lost(): void {
    if (this.ended) return;
    this.stop({ cause: 408, text: 'No sign of life' });
    this.#owner.legEnded(this, { kind: 'gone' });
  }

  /** No ACK came: BYE, and the owner is told. */
  neverAcknowledged(): void {
    this.#bye.pay();
    if (this.#state.kind !== 'answered') return;
    this.stop({ cause: 408, text: 'No ACK' });
    this.#owner.legEnded(this, { kind: 'no-ack' });
  }

  /** After its end the leg stays known for `ms`, for a REFER that belongs to its last park (WIRE.md §3). */
  rememberFor(ms: number): void {
    this.#rememberMs = ms;
  }

  handle(tx: ServerTransaction): void {
    if (this.dialog.acceptRequest(tx.request) === 'out-of-order')
      return void tx.reply(500, { reason: 'CSeq out of order' });
    if (this.ended)
      return tx.request.method === 'REFER' ? this.#owner.legReferred(this, tx) : void tx.reply(481);
    this.#lastFlow = tx.flow;
    this.#dispatch(tx);
  }

  /** Remembers since when the far side holds us; called after every accepted SDP. */
  noteHold(): void {
    if (!this.held) this.heldSince = undefined;
    else this.heldSince ??= this.#kit.clock.now();
  }

  /** What whoever the leg talks to can take, best first. */
  preferredCodecs(): readonly CodecName[] {
    return this.#owner.codecsFor(this);
  }

  /** The far side's new SDP was accepted. */
  changed(): void {
    this.noteHold();
    this.#owner.legChanged(this);
  }

  #dispatch(tx: ServerTransaction): void {
    switch (tx.request.method) {
      case 'BYE':
        return this.#onBye(tx);
      case 'INVITE':
      case 'UPDATE':
        this.#negotiation.handle(tx);
        return this.liveness.refreshed(tx);
      case 'REFER':
        return this.#owner.legReferred(this, tx);
      case 'INFO':
        return refuseInfoPackage(tx) ? undefined : this.#owner.legInformed(this, tx);
      case 'SUBSCRIBE':
        return this.refers.handle(tx);
      default:
        answerPlainly(tx);
    }
  }

  #onBye(tx: ServerTransaction): void {
    tx.reply(200);
    const reason = tx.request.headers.get('Reason');
    this.#finish();
    this.#owner.legEnded(this, reason === undefined ? { kind: 'bye' } : { kind: 'bye', reason });
  }

  #forget(): void {
    const forget = (): void => {
      this.dialog.terminate();
      this.#entry.dispose();
    };
    if (this.#rememberMs === 0) forget();
    else this.#kit.clock.after(this.#rememberMs, forget);
  }

  #finish(): void {
    this.#state = { kind: 'ended' };
    this.#forget();
    this.#onConfirmed.length = 0;
    this.#kit.live.delete(this);
    this.#negotiation.dispose();
    this.liveness.dispose();
    this.#ends.dispose();
    this.#activity?.end();
    this.media.close();
  }
}

/** Codecs to ask a leg for when nobody is there yet. */
export function codecsOf(leg: { readonly media: MediaLeg } | undefined): readonly CodecName[] {
  const known = leg?.media.remoteCodecs ?? [];
  return known.length > 0 ? known : CODECS_BEST_FIRST;
}
