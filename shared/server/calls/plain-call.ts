import type { CodecName, MediaLeg } from '../../media/engine.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { User } from '../ports/directory.ts';
import type { Binding } from '../ports/registrar.ts';
import type { CallKit, Stoppable } from './call-kit.ts';
import { Fork } from './fork.ts';
import type { IncomingInvite } from './incoming-invite.ts';
import type { Leg, LegEnd, LegOwner } from './leg.ts';
import { formatIdentity, hostOf, identityOfUser } from './party.ts';
import type { Reason } from './reason-header.ts';
import { TwoPartyCall, type CallWatcher } from './two-party-call.ts';

/** An ordinary call from one caller to every device of one user. */
export class PlainCall implements LegOwner, Stoppable {
  readonly #kit: CallKit;
  readonly #invite: IncomingInvite;
  readonly #callee: User;
  readonly #watcher: CallWatcher;
  #fork: Fork | undefined;

  /** Rings the devices; answers, refuses or forgets the INVITE by itself. */
  static start(kit: CallKit, invite: IncomingInvite, callee: User, watcher: CallWatcher): void {
    new PlainCall(kit, invite, callee, watcher).#ring();
  }

  private constructor(kit: CallKit, invite: IncomingInvite, callee: User, watcher: CallWatcher) {
    this.#kit = kit;
    this.#invite = invite;
    this.#callee = callee;
    this.#watcher = watcher;
  }

  #ring(): void {
    const kit = this.#kit;
    const callId = kit.random.token(40);
    const prepared = this.#invite.prepare(`${callId}/caller`);
    if (!prepared.ok) return this.#invite.refuse(prepared.error);
    kit.live.add(this);
    this.#invite.onCancelled(() => {
      this.#fork?.cancel({ cause: 487, text: 'Caller hung up' });
      this.#over();
    });
    this.#fork = Fork.start(
      kit,
      this.#devices(),
      {
        tenant: this.#invite.caller.tenant,
        user: this.#callee,
        from: this.#invite.identity,
        codecs: this.#invite.codecs,
        headers: [],
        legName: `${callId}/${this.#callee.extension}`,
        owner: this,
        ringMs: kit.times.ringMs,
        declineEndsAll: true,
      },
      {
        ringing: () => this.#invite.ring(180, identityOfUser(this.#callee)),
        earlyMedia: (media) => this.#letHear(media),
        answered: (leg) => this.#answered(leg),
        failed: (failure) => {
          this.#invite.refuse(failure);
          this.#over();
        },
      },
    );
  }

  /** An announcement, or ringback of the callee's own making. */
  #letHear(callee: MediaLeg): void {
    const { media } = this.#invite;
    const remote = identityOfUser(this.#callee);
    if (media !== undefined && this.#invite.letHear(callee.remoteCodecs, remote))
      this.#kit.media.bridge(media, callee);
    else this.#invite.ring(180, remote);
  }

  /** Whoever calls their own extension means their other devices. */
  #devices(): readonly Binding[] {
    const { party } = this.#invite;
    const devices = this.#kit.registrar.reachableDevices(this.#callee.id);
    if (party.kind !== 'device' || party.user.id !== this.#callee.id) return devices;
    return devices.filter((device) => device.deviceId !== party.deviceId);
  }

  /** Nobody answered. */
  #over(): void {
    this.#kit.live.delete(this);
    this.#kit.metrics.callStarted();
    this.#kit.metrics.callEnded('unanswered');
  }

  /** The server stops while it rings. */
  stop(reason: Reason): void {
    this.#fork?.cancel(reason);
    this.#invite.refuse({ status: reason.cause, text: reason.text });
    this.#over();
  }

  #answered(callee: Leg): void {
    this.#kit.live.delete(this);
    if (!this.#invite.waiting) {
      callee.hangUp({ cause: 487, text: 'Caller hung up' });
      return;
    }
    const { tenant, flow } = this.#invite.caller;
    const caller = this.#invite.answer({
      prefer: callee.media.remoteCodecs,
      owner: this,
      remote: callee.identity,
      headers: [['P-Asserted-Identity', formatIdentity(callee.identity, hostOf(tenant, flow))]],
    });
    new TwoPartyCall(this.#kit, [caller, callee], this.#watcher);
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
    return this.#invite.codecs;
  }
}
