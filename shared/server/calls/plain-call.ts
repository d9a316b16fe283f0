import type { Disposable } from '../../domain/disposable.ts';
import type { CodecName, MediaLeg } from '../../media/engine.ts';
import { nextMaxForwards } from '../../sip/transaction/admission.ts';
import type { ExtraHeaders, ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { User } from '../ports/directory.ts';
import type { Binding } from '../ports/registrar.ts';
import { alertHeadersOf } from './alert-headers.ts';
import type { CallKit, Stoppable } from './call-kit.ts';
import type { RingGroups } from '../ring-groups/ring-groups.ts';
import { Fork, type ForkEvents, type Unanswered } from './fork.ts';
import type { RingFailure } from './fork-outcome.ts';
import type { ForwardPath } from './forward-path.ts';
import type { IncomingInvite } from './incoming-invite.ts';
import type { Leg, LegOwner } from './leg.ts';
import type { LegEnd } from './leg-end.ts';
import { formatIdentity, hostOf, identityOfUser } from './party.ts';
import type { Reason } from './reason-header.ts';
import { redirectionFor, type Redirection } from './redirection.ts';
import type { RingingCall, RingingCalls } from './ringing-calls.ts';
import { TwoPartyCall, type CallWatcher } from './two-party-call.ts';

/** What the caller was let hear so far. */
type Heard =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'ringing' }
  | { readonly kind: 'media'; readonly media: MediaLeg };

type State =
  | { readonly kind: 'ringing'; readonly heard: Heard }
  /** The caller gave their place to somebody else, who is told now. */
  | { readonly kind: 'handed-over'; readonly to: ForkEvents }
  | { readonly kind: 'over' };

export interface PlainCallParts {
  readonly kit: CallKit;
  readonly watcher: CallWatcher;
  readonly ringing: RingingCalls;
  readonly ringGroups: Pick<RingGroups, 'dial'>;
}

/** Whose phones ring first, and the way on from there. */
export interface PlainCallee {
  readonly callee: User;
  readonly path: ForwardPath;
}

/** An ordinary call from one caller to every device of one user, and to whom that user sends it on. */
export class PlainCall implements LegOwner, Stoppable, ForkEvents, RingingCall {
  readonly invite: IncomingInvite;
  readonly #kit: CallKit;
  readonly #path: ForwardPath;
  readonly #ringGroups: PlainCallParts['ringGroups'];
  readonly #watcher: CallWatcher;
  #callee: User;
  #callId = '';
  #fork: Fork | undefined;
  #entry: Disposable | undefined;
  #state: State = { kind: 'ringing', heard: { kind: 'nothing' } };

  /** Rings the devices; answers, refuses or forgets the INVITE by itself. */
  static start(parts: PlainCallParts, invite: IncomingInvite, whom: PlainCallee): void {
    new PlainCall(parts, invite, whom).#begin(parts.ringing);
  }

  private constructor(
    { kit, watcher, ringGroups }: PlainCallParts,
    invite: IncomingInvite,
    { callee, path }: PlainCallee,
  ) {
    this.#kit = kit;
    this.invite = invite;
    this.#callee = callee;
    this.#path = path;
    this.#ringGroups = ringGroups;
    this.#watcher = watcher;
  }

  #begin(ringing: RingingCalls): void {
    const kit = this.#kit;
    const { invite } = this;
    this.#callId = kit.random.token(40);
    const prepared = invite.prepare(`${this.#callId}/caller`);
    if (!prepared.ok) return invite.refuse(prepared.error);
    kit.live.add(this);
    this.#entry = ringing.add(this, [invite, this]);
    invite.onCancelled(() => {
      this.#fork?.cancel({ cause: 487, text: 'Caller hung up' });
      this.#unanswered();
    });
    this.#ring();
  }

  #ring(): void {
    const kit = this.#kit;
    const { invite } = this;
    const { tenant, flow } = invite.caller;
    const redirection = this.#redirection();
    this.#fork = Fork.start(
      kit,
      this.#devices(),
      {
        tenant,
        user: this.#callee,
        from: invite.identity,
        codecs: invite.codecs,
        headers: this.#path.headers(flow),
        ...(!this.#path.sentOn && { alert: this.#alert() }),
        maxForwards: nextMaxForwards(invite.request),
        legName: `${this.#callId}/${this.#callee.extension}`,
        owner: this,
        whenTheyCome: () => this.#devices(),
        ringMs: this.#path.ringMs(kit.times.ringMs),
        declineEndsAll: true,
        ...(redirection !== undefined && { redirection }),
      },
      this,
    );
  }

  #alert(): ExtraHeaders {
    const { request, caller } = this.invite;
    return alertHeadersOf(request, { from: caller.kind, host: hostOf(caller.tenant, caller.flow) });
  }

  /** The caller is not to ring their own phone by way of somebody else's. */
  #redirection(): Redirection | undefined {
    return redirectionFor(this.#kit, this.invite.caller.tenant, this.#path.tried);
  }

  /** The callee wants a call that comes to nothing sent on. False: nobody is to be rung any more. */
  #sendOn(failure: RingFailure, how: Unanswered): boolean {
    const next = this.invite.waiting ? this.#path.after(failure, how) : null;
    if (next === null) return false;
    if (next.kind === 'user') {
      this.#callee = next.user;
      this.#ring();
      return true;
    }
    const { media } = this.invite;
    if (this.#state.kind === 'ringing' && this.#state.heard.kind === 'media' && media !== undefined)
      this.#kit.media.play(media, { kind: 'tone', tone: 'ringback' });
    this.#end();
    this.#ringGroups.dial(this.invite, next.group);
    return true;
  }

  /** Whoever calls their own extension means their other devices. */
  #devices(): readonly Binding[] {
    const { party } = this.invite;
    const devices = this.#kit.registrar.reachableDevices(this.#callee.id);
    if (party.kind !== 'device' || party.user.id !== this.#callee.id) return devices;
    return devices.filter((device) => device.deviceId !== party.deviceId);
  }

  ringing(): void {
    const state = this.#state;
    if (state.kind === 'handed-over') return state.to.ringing();
    const { media } = this.invite;
    // What the caller could hear was sent on, and they still listen to us.
    if (state.kind === 'ringing' && state.heard.kind === 'media' && media !== undefined)
      this.#kit.media.play(media, { kind: 'tone', tone: 'ringback' });
    this.#state = { kind: 'ringing', heard: { kind: 'ringing' } };
    this.invite.ring(180, identityOfUser(this.#callee));
  }

  /** An announcement, or ringback of the callee's own making. */
  earlyMedia(callee: MediaLeg): void {
    const state = this.#state;
    if (state.kind === 'handed-over') return state.to.earlyMedia(callee);
    this.#state = { kind: 'ringing', heard: { kind: 'media', media: callee } };
    const { media } = this.invite;
    const remote = identityOfUser(this.#callee);
    if (media !== undefined && this.invite.letHear(callee.remoteCodecs, remote))
      this.#kit.media.bridge(media, callee);
    else this.invite.ring(180, remote);
  }

  answered(callee: Leg): void {
    const state = this.#state;
    if (state.kind === 'handed-over') return state.to.answered(callee);
    this.#end();
    if (!this.invite.waiting) {
      callee.hangUp({ cause: 487, text: 'Caller hung up' });
      return;
    }
    const { tenant, flow } = this.invite.caller;
    const caller = this.invite.answer({
      prefer: callee.media.remoteCodecs,
      owner: this,
      remote: callee.identity,
      headers: [['P-Asserted-Identity', formatIdentity(callee.identity, hostOf(tenant, flow))]],
    });
    new TwoPartyCall(this.#kit, [caller, callee], this.#watcher);
  }

  failed(failure: RingFailure, how: Unanswered): void {
    const state = this.#state;
    if (state.kind === 'handed-over') return state.to.failed(failure, how);
    if (this.#sendOn(failure, how)) return;
    this.invite.refuse(failure);
    this.#unanswered();
  }

  handOver(events: ForkEvents): Fork {
    const state = this.#state;
    const fork = this.#fork;
    if (state.kind !== 'ringing' || fork === undefined) throw new Error('it rings no more');
    this.#end();
    this.#state = { kind: 'handed-over', to: events };
    this.invite.refuse({ status: 487, text: 'Call transferred' });
    if (state.heard.kind === 'media') events.earlyMedia(state.heard.media);
    else if (state.heard.kind === 'ringing') events.ringing();
    return fork;
  }

  pickUp(by: IncomingInvite): void {
    const { invite } = this;
    const prepared = by.prepare(`pick-up-${this.#kit.random.token(40)}`);
    if (!prepared.ok) return by.refuse(prepared.error);
    this.#fork?.cancel({ cause: 200, text: 'Call completed elsewhere' });
    const { tenant, flow } = by.caller;
    const shown = formatIdentity(invite.identity, hostOf(tenant, flow));
    const fresh = by.answer({
      prefer: invite.codecs,
      owner: this,
      remote: invite.identity,
      headers: [['P-Asserted-Identity', shown]],
    });
    this.answered(fresh);
  }

  /** The server stops while it rings. */
  stop(reason: Reason): void {
    this.#fork?.cancel(reason);
    this.invite.refuse({ status: reason.cause, text: reason.text });
    this.#unanswered();
  }

  #unanswered(): void {
    this.#end();
    this.#kit.metrics.callStarted();
    this.#kit.metrics.callEnded('unanswered');
  }

  #end(): void {
    this.#state = { kind: 'over' };
    this.#kit.live.delete(this);
    this.#entry?.dispose();
  }

  // Legs are handed to the TwoPartyCall in the same turn in which they come to be; nothing can reach them here before.
  legEnded(leg: Leg, _end: LegEnd): void {
    leg.hangUp();
  }
  legChanged(): void {}
  legReferred(_leg: Leg, tx: ServerTransaction): void {
    tx.reply(403);
  }
  legInformed(_leg: Leg, tx: ServerTransaction): void {
    tx.reply(200);
  }
  codecsFor(): readonly CodecName[] {
    return this.invite.codecs;
  }
}
