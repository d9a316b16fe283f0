import type { CodecName } from '../../media/engine.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { Announcer } from '../announcements/announcer.ts';
import { announceEarly } from '../announcements/spoken-refusal.ts';
import type { CallKit } from '../calls/call-kit.ts';
import { holdMusicOf } from '../calls/hold-music.ts';
import type { IncomingInvite, Refusal } from '../calls/incoming-invite.ts';
import { codecsOf, type Leg, type LegOwner } from '../calls/leg.ts';
import { formatIdentity, hostOf } from '../calls/party.ts';
import { formatReason, type Reason } from '../calls/reason-header.ts';
import { TwoPartyCall, type CallWatcher } from '../calls/two-party-call.ts';
import type { Disposable } from '../../domain/disposable.ts';
import type { UserId } from '../../domain/ids.ts';
import type { CallerIdentity } from '../ports/journal.ts';

const NO_ANSWER: Refusal = { status: 480, text: 'No answer' };

/** Whoever a ring group's phones ring for. */
export interface WaitingCaller {
  readonly identity: CallerIdentity;
  readonly codecs: readonly CodecName[];
  /** The user who calls, if it is one: their own phones do not ring. */
  readonly userId: UserId | undefined;
  /** A phone rings. */
  ringing(): void;
  /** Joins the two for an ordinary call; the member's leg is let go of when the caller has gone in the same moment. */
  connect(member: Leg, watcher: CallWatcher): void;
  /** Nobody answered: says so, and ends the call. */
  giveUp(): void;
  /** Ends the call now. */
  end(reason: Reason): void;
}

/** What both kinds need. */
export interface CallerParts {
  readonly kit: CallKit;
  readonly announcer: Announcer;
  /** The caller hung up while waiting. */
  readonly onGone: () => void;
}

/** Somebody who dialled the ring group's number and hears their own phone's ringing tone. */
export class DialledCaller implements WaitingCaller {
  readonly #parts: CallerParts;
  readonly #invite: IncomingInvite;
  readonly #group: CallerIdentity;

  /**
   * Prepares the caller's media; a refusal has been sent when it gives undefined.
   * @param group the ring group, as the caller sees whom they call
   */
  static prepare(
    parts: CallerParts,
    invite: IncomingInvite,
    group: CallerIdentity,
  ): DialledCaller | undefined {
    const prepared = invite.prepare(`${parts.kit.random.token(40)}/caller`);
    if (prepared.ok) return new DialledCaller(parts, invite, group);
    invite.refuse(prepared.error);
    return undefined;
  }

  private constructor(parts: CallerParts, invite: IncomingInvite, group: CallerIdentity) {
    this.#parts = parts;
    this.#invite = invite;
    this.#group = group;
    invite.onCancelled(parts.onGone);
  }

  get identity(): CallerIdentity {
    return this.#invite.identity;
  }

  get codecs(): readonly CodecName[] {
    return this.#invite.codecs;
  }

  get userId(): UserId | undefined {
    const { party } = this.#invite;
    return party.kind === 'device' ? party.user.id : undefined;
  }

  ringing(): void {
    this.#invite.ring(180, this.#group);
  }

  connect(member: Leg, watcher: CallWatcher): void {
    if (!this.#invite.waiting) return member.hangUp({ cause: 487, text: 'Caller hung up' });
    const { tenant, flow } = this.#invite.caller;
    const caller = this.#invite.answer({
      prefer: member.media.remoteCodecs,
      owner: ownerBetweenCalls(this.#invite.codecs),
      remote: member.identity,
      headers: [['P-Asserted-Identity', formatIdentity(member.identity, hostOf(tenant, flow))]],
    });
    new TwoPartyCall(this.#parts.kit, [caller, member], watcher);
  }

  giveUp(): void {
    announceEarly(this.#invite, this.#parts.announcer, {
      phrase: 'nobody-answered',
      refuse: () => this.#invite.refuse(NO_ANSWER),
    });
  }

  end(reason: Reason): void {
    this.#invite.refuse({ status: reason.cause, text: reason.text });
  }
}

/** Somebody on the line already, handed over to the ring group: they hear music until a member answers. */
export class HandedOverCaller implements WaitingCaller, LegOwner {
  readonly #parts: CallerParts;
  readonly #leg: Leg;
  #announcement: Disposable | undefined;

  constructor(parts: CallerParts, leg: Leg) {
    this.#parts = parts;
    this.#leg = leg;
    leg.handTo(this);
    this.#play();
  }

  get identity(): CallerIdentity {
    return this.#leg.identity;
  }

  get codecs(): readonly CodecName[] {
    return codecsOf(this.#leg);
  }

  get userId(): UserId | undefined {
    const { party } = this.#leg;
    return party.kind === 'device' ? party.user.id : undefined;
  }

  ringing(): void {}

  connect(member: Leg, watcher: CallWatcher): void {
    if (this.#leg.ended) return member.hangUp({ cause: 487, text: 'Caller hung up' });
    new TwoPartyCall(this.#parts.kit, [member, this.#leg], watcher);
  }

  giveUp(): void {
    if (this.#leg.ended) return;
    const { kit, announcer } = this.#parts;
    const language =
      kit.directory.tenant(this.#leg.party.tenantId)?.settings.announcementLanguage ?? 'en';
    this.#announcement = announcer.say(
      this.#leg.media,
      { language, phrases: ['nobody-answered'] },
      () => this.end({ cause: NO_ANSWER.status, text: NO_ANSWER.text }),
    );
  }

  end(reason: Reason): void {
    this.#announcement?.dispose();
    this.#leg.hangUp(reason);
  }

  legEnded(): void {
    this.#announcement?.dispose();
    this.#parts.onGone();
  }

  /** They may hold and resume us: the music goes on. */
  legChanged(): void {}

  legReferred(_leg: Leg, tx: ServerTransaction): void {
    const reason = formatReason({ cause: 403, text: 'Not answered yet' });
    tx.reply(403, { headers: [['Reason', reason]] });
  }

  legInformed(_leg: Leg, tx: ServerTransaction): void {
    tx.reply(200);
  }

  codecsFor(): readonly CodecName[] {
    return this.codecs;
  }

  #play(): void {
    const { media, party } = this.#leg;
    this.#parts.kit.media.play(media, holdMusicOf(party.tenantId));
  }
}

/** Legs are handed to the TwoPartyCall in the turn in which they come to be; nothing can reach them here before. */
export function ownerBetweenCalls(codecs: readonly CodecName[]): LegOwner {
  return {
    legEnded: (leg) => leg.hangUp(),
    legChanged: () => undefined,
    legReferred: (_leg, tx) => void tx.reply(403),
    legInformed: (_leg, tx) => void tx.reply(200),
    codecsFor: () => codecs,
  };
}
