import type { Disposable } from '../../domain/disposable.ts';
import type { CallOffReason } from '../../domain/park-effect.ts';
import type { ClaimRefusal, ClaimTarget, Claimed } from '../../domain/park-lot.ts';
import { isOpenTo, scopeMarks } from '../../domain/park-list.ts';
import type { RetrieveFailure } from '../../domain/park-input.ts';
import type { ParkedCall } from '../../domain/park-state.ts';
import type { CodecName } from '../../media/engine.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { CallKit } from '../calls/call-kit.ts';
import { tellWho } from '../calls/connected-identity.ts';
import type { IncomingInvite, Refusal } from '../calls/incoming-invite.ts';
import { codecsOf, type Leg, type LegOwner } from '../calls/leg.ts';
import { formatIdentity, hostOf, type Party } from '../calls/party.ts';
import type { Reason } from '../calls/reason-header.ts';
import { refusalOfClaim } from './park-answers.ts';
import { retrievedHeaders } from './park-headers.ts';
import { opennessOf, ownerOf, watcherOf } from './park-scope.ts';
import { parkPartyOf, type ParkService } from './park-service.ts';
import type { ClaimHolder } from './parked-session.ts';

type RetrievalState =
  /** Claimed, or about to be; the INVITE is unanswered. */
  | { readonly kind: 'asking' }
  | { readonly kind: 'answered'; readonly leg: Leg; readonly patience: Disposable }
  | { readonly kind: 'over' };

const NO_COMMON_CODEC: Refusal = { status: 488, text: 'No common audio' };
const CALLER_GONE: Refusal = { status: 480, text: 'Caller hung up' };

/** One attempt of one device to take a parked call (WIRE.md §4). */
export class Retrieval implements LegOwner, ClaimHolder {
  readonly #kit: CallKit;
  readonly #service: ParkService;
  readonly #invite: IncomingInvite;
  readonly #party: Extract<Party, { kind: 'device' }>;
  readonly #startedAt: number;
  #claimed: Claimed | undefined;
  /** The caller as P-Asserted-Identity says it; set with the answer. */
  #callerHeader = '';
  #caller: Leg | undefined;
  #state: RetrievalState = { kind: 'asking' };

  /**
   * Answers the INVITE, whatever comes.
   * @param nothingThere how to say that there is no such call; default 404
   */
  static async run(
    service: ParkService,
    invite: IncomingInvite,
    wanted: { readonly target: ClaimTarget; readonly nothingThere?: Refusal },
  ): Promise<void> {
    const { party } = invite;
    if (party.kind !== 'device') return invite.refuse({ status: 404, text: 'No such extension' });
    const retrieval = new Retrieval(service, invite, party);
    const refused = await retrieval.#claim(wanted.target);
    if (refused === undefined) return;
    const nothing = refused.kind === 'nothing-parked' ? wanted.nothingThere : undefined;
    retrieval.#refuse(nothing ?? refusalOfClaim(refused));
  }

  private constructor(
    service: ParkService,
    invite: IncomingInvite,
    party: Extract<Party, { kind: 'device' }>,
  ) {
    this.#service = service;
    this.#kit = service.deps.kit;
    this.#invite = invite;
    this.#party = party;
    this.#startedAt = this.#kit.clock.now();
  }

  get leg(): Leg | undefined {
    return this.#state.kind === 'answered' ? this.#state.leg : undefined;
  }

  /** The call is no longer to be had: the caller is gone, or the server stops. */
  callOff(reason: CallOffReason): void {
    const refusal: Refusal =
      reason === 'stopping' ? { status: 503, text: 'The server is stopping' } : CALLER_GONE;
    const state = this.#finish();
    if (state.kind === 'asking') return this.#refuse(refusal);
    if (state.kind === 'over') return;
    const why: Reason = { cause: refusal.status, text: refusal.text };
    state.leg.hangUp(why);
    // An ACK that is not in by then is waited for no longer (WIRE.md §4).
    this.#kit.clock.after(this.#kit.times.retrieveAckMs, () => state.leg.stop(why));
  }

  /** Hung up before the two were connected. */
  legEnded(): void {
    if (this.#finish().kind !== 'over') this.#report('retriever-failed', 'gave-up');
  }

  legChanged(): void {}

  legReferred(_leg: Leg, tx: ServerTransaction): void {
    tx.reply(403);
  }

  legInformed(_leg: Leg, tx: ServerTransaction): void {
    tx.reply(200);
  }

  codecsFor(): readonly CodecName[] {
    return codecsOf(this.#caller);
  }

  async #claim(target: ClaimTarget): Promise<ClaimRefusal | undefined> {
    const { tenant } = this.#invite.caller;
    const { groups } = this.#service;
    const watcher = watcherOf(groups, this.#party.user);
    const openness = opennessOf(tenant.settings.retrieveBy);
    if (
      target.kind === 'slot' &&
      !isOpenTo(openness, watcher, ownerOf(groups, tenant.id, target.slot))
    ) {
      return { kind: 'not-permitted' };
    }
    const claimed = await this.#service.claim({
      tenantId: tenant.id,
      target,
      retriever: parkPartyOf(this.#party),
      mayTake: (call) =>
        scopeMarks(call, watcher).length > 0 ||
        isOpenTo(openness, watcher, ownerOf(groups, tenant.id, call.facts.slot)),
    });
    if (!claimed.ok) return claimed.error;
    await this.#connect(claimed.value);
    return undefined;
  }

  async #connect(claimed: Claimed): Promise<void> {
    this.#claimed = claimed;
    const { parkId } = claimed.call.facts;
    const session = this.#service.session(parkId);
    const state = this.#service.get(parkId)?.state;
    const mine = state?.kind === 'retrieving' && state.claim === claimed.claim;
    if (session === undefined || !mine) return this.#refuse(CALLER_GONE);
    session.claims.set(claimed.claim, this);
    this.#caller = session.caller;
    if (!this.#invite.waiting) return this.#fail('gave-up');
    this.#invite.onCancelled(() => this.#fail('gave-up'));
    const prepared = this.#invite.prepare(
      `retrieve-${parkId.slice(0, 6)}/${this.#party.user.extension}`,
    );
    if (!prepared.ok) return this.#fail('media-refused', prepared.error);
    const common = await this.#findCommonCodec(session.caller);
    if (this.#state.kind !== 'asking') return;
    if (!common) return this.#fail('media-refused', NO_COMMON_CODEC);
    this.#answer(claimed.call, session.caller);
  }

  /** Asks the caller's phone for another codec where the retriever cannot take what it sends (MEDIA.md). */
  async #findCommonCodec(caller: Leg): Promise<boolean> {
    const { media, times } = this.#kit;
    const mine = this.#invite.media;
    if (mine === undefined) return false;
    const plan = media.planBridge(caller.media, mine);
    if (plan.kind === 'ready') return true;
    if (plan.kind === 'impossible') return false;
    // The retriever's own codec is settled by our answer; only the caller needs to be asked.
    if (plan.leg !== caller.media) return true;
    return (await caller.renegotiate(plan.codecs, times.renegotiateMs)) === 'done';
  }

  #answer(call: ParkedCall, caller: Leg): void {
    const { tenant, flow } = this.#invite.caller;
    const host = hostOf(tenant, flow);
    this.#callerHeader = formatIdentity(caller.identity, host);
    const leg = this.#invite.answer({
      prefer: codecsOf(caller),
      owner: this,
      remote: caller.identity,
      headers: [['P-Asserted-Identity', this.#callerHeader], ...retrievedHeaders(call, host)],
    });
    const patience = this.#kit.clock.after(this.#kit.times.retrieveAckMs, () =>
      this.#fail('no-ack'),
    );
    this.#state = { kind: 'answered', leg, patience };
    this.#report('retriever-answered');
    leg.onConfirmed(() => this.#confirmed(leg));
  }

  #confirmed(leg: Leg): void {
    if (this.#state.kind !== 'answered') return;
    this.#state.patience.dispose();
    const patience = this.#kit.clock.after(this.#kit.times.mediaUpMs, () => this.#fail('no-media'));
    this.#state = { kind: 'answered', leg, patience };
    leg.media.onConnected(() => this.#ready(leg));
  }

  #ready(leg: Leg): void {
    if (this.#state.kind !== 'answered') return;
    this.#state.patience.dispose();
    this.#report('retriever-ready');
    this.#finish();
    this.#kit.metrics.retrieve(200, this.#kit.clock.now() - this.#startedAt);
    // WebRTC phones have read it in the 200.
    if (leg.media.kind !== 'webrtc') tellWho(leg, this.#callerHeader);
  }

  #fail(reason: RetrieveFailure, refusal?: Refusal): void {
    const state = this.#finish();
    if (state.kind === 'over') return;
    if (state.kind === 'answered') state.leg.stop(failureReason(reason));
    else if (refusal !== undefined) this.#refuse(refusal);
    this.#report('retriever-failed', reason);
  }

  #report(kind: 'retriever-answered' | 'retriever-ready'): void;
  #report(kind: 'retriever-failed', reason: RetrieveFailure): void;
  #report(
    kind: 'retriever-answered' | 'retriever-ready' | 'retriever-failed',
    reason: RetrieveFailure = 'gave-up',
  ): void {
    if (this.#claimed === undefined) return;
    const { claim, call } = this.#claimed;
    const input = kind === 'retriever-failed' ? { kind, claim, reason } : { kind, claim };
    this.#service.input(call.facts.parkId, input);
  }

  #refuse(refusal: Refusal): void {
    this.#kit.metrics.retrieve(refusal.status, this.#kit.clock.now() - this.#startedAt);
    this.#invite.refuse(refusal);
  }

  #finish(): RetrievalState {
    const state = this.#state;
    if (state.kind === 'answered') state.patience.dispose();
    this.#state = { kind: 'over' };
    return state;
  }
}

function failureReason(reason: RetrieveFailure): Reason {
  switch (reason) {
    case 'no-ack':
      return { cause: 408, text: 'No ACK' };
    case 'no-media':
    case 'media-refused':
      return { cause: 488, text: 'No media' };
    case 'gave-up':
      return { cause: 487, text: 'Given up' };
  }
}
