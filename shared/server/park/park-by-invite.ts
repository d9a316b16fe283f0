import type { ParkGroup } from '../../domain/park-group.ts';
import type { ParkedCall } from '../../domain/park-state.ts';
import { CODECS_BEST_FIRST, type CodecName } from '../../media/engine.ts';
import { parseReplaces } from '../../sip/message/replaces.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { Announcer } from '../announcements/announcer.ts';
import { spokenDigits } from '../announcements/phrases.ts';
import type { CallKit } from '../calls/call-kit.ts';
import { DepartingLeg } from '../calls/departing-leg.ts';
import type { IncomingInvite } from '../calls/incoming-invite.ts';
import type { Leg, LegOwner } from '../calls/leg.ts';
import { contactOf } from '../calls/party.ts';
import { ReferProgress } from '../calls/refer-progress.ts';
import { refuseRefer } from '../calls/refer-refusal.ts';
import { readReferTarget } from '../calls/refer-target.ts';
import type { TwoPartyCall } from '../calls/two-party-call.ts';
import type { Tenant, User } from '../ports/directory.ts';
import { noteOf, parkedHeaders } from './park-headers.ts';
import { failureOfPark, type DeviceLeg } from './park-by-refer.ts';
import type { ParkService } from './park-service.ts';
import type { ParkOutcome, ParkReporter } from './parked-session.ts';

export interface InvitePark {
  readonly tenant: Tenant;
  /** The call of the dialling device that is to be parked. */
  readonly pair: TwoPartyCall;
  readonly parker: DeviceLeg;
  readonly slot: User;
  /** Set when it is parked by the group's code. */
  readonly group?: ParkGroup;
}

const PARKED = { cause: 200, text: 'Call parked' } as const;

/**
 * Parks by dialling the code (WIRE.md §3): music, claim and publication at once, 200 with a confirmation tone. The old leg
 * goes with the confirmation leg, or after the tenant's time; until a while later an attended transfer that names the
 * confirmation leg is the same park.
 */
export function parkByInvite(service: ParkService, invite: IncomingInvite, park: InvitePark): void {
  const { kit, announcer } = service.deps;
  const prepared = invite.prepare(`confirm/${park.parker.party.user.extension}`);
  if (!prepared.ok) return invite.refuse(prepared.error);
  const confirmation = new ParkConfirmation({ kit, announcer, invite, park });
  const note = noteOf(invite.request);
  const begun = service.begin({ ...park, note, reporter: confirmation }, () => undefined);
  kit.metrics.park('invite', begun.ok ? 200 : begun.error.status);
  if (!begun.ok) invite.refuse(begun.error);
}

type ConfirmationState =
  | { readonly kind: 'waiting' }
  /** The parker hears the tone; `call` is parked. */
  | { readonly kind: 'confirming'; readonly call: ParkedCall; readonly leg: Leg }
  | { readonly kind: 'over'; readonly call: ParkedCall | undefined; readonly leg: Leg | undefined };

interface ConfirmationParts {
  readonly kit: CallKit;
  readonly announcer: Announcer;
  readonly invite: IncomingInvite;
  readonly park: InvitePark;
}

class ParkConfirmation implements ParkReporter, LegOwner {
  readonly #kit: CallKit;
  readonly #announcer: Announcer;
  readonly #invite: IncomingInvite;
  readonly #park: InvitePark;
  #state: ConfirmationState = { kind: 'waiting' };

  constructor({ kit, announcer, invite, park }: ConfirmationParts) {
    this.#kit = kit;
    this.#announcer = announcer;
    this.#invite = invite;
    this.#park = park;
  }

  report(outcome: ParkOutcome, call: ParkedCall): void {
    if (outcome !== 'parked') return this.#invite.refuse(failureOfPark(outcome));
    if (!this.#invite.waiting) return;
    const { tenant } = this.#park;
    const leg = this.#invite.answer({
      prefer: CODECS_BEST_FIRST,
      owner: this,
      headers: parkedHeaders(tenant, call),
    });
    this.#state = { kind: 'confirming', call, leg };
    leg.onConfirmed(() => this.#confirm(leg, call));
    this.#kit.clock.after(tenant.settings.parkConfirmHoldMs, () => this.#finish());
  }

  releaseParker(outcome: ParkOutcome): void {
    const { parker, tenant } = this.#park;
    const reason = outcome === 'parked' ? PARKED : causeOf(outcome);
    const hold = outcome === 'parked' ? tenant.settings.parkConfirmHoldMs : 0;
    // The leg stays known for a while after its BYE, so that a late attended transfer is still understood.
    DepartingLeg.release(this.#kit, parker, {
      afterMs: hold,
      reason,
      refer: (leg, tx) => this.#refer(leg, tx),
      rememberMs: this.#kit.times.parkReplacesMs,
    });
  }

  /** A tone, or where the call is now. */
  #confirm(leg: Leg, { facts }: ParkedCall): void {
    const { parkConfirmation, announcementLanguage } = this.#park.tenant.settings;
    if (parkConfirmation === 'spoken') {
      const phrases = ['parked-on', ...spokenDigits(facts.slot)] as const;
      this.#announcer.say(leg.media, { language: announcementLanguage, phrases }, () => undefined);
      return;
    }
    leg.media.onConnected(() => {
      if (!leg.ended) this.#kit.media.play(leg.media, { kind: 'tone', tone: 'confirm' });
    });
  }

  /** The confirmation leg hung up: the old leg goes at once. */
  legEnded(): void {
    this.#finish();
  }

  legChanged(): void {}

  legReferred(_leg: Leg, tx: ServerTransaction): void {
    refuseRefer(tx, { status: 403, text: 'Nobody to transfer' });
  }

  legInformed(_leg: Leg, tx: ServerTransaction): void {
    tx.reply(200);
  }

  codecsFor(): readonly CodecName[] {
    return CODECS_BEST_FIRST;
  }

  #finish(): void {
    if (this.#state.kind !== 'confirming') return;
    const { call, leg } = this.#state;
    this.#state = { kind: 'over', call, leg };
    leg.hangUp(PARKED);
    this.#park.parker.hangUp(PARKED);
  }

  /** An attended transfer onto the code, naming the confirmation leg, is the park that was made already. */
  #refer(leg: Leg, tx: ServerTransaction): void {
    const state = this.#state;
    const call = state.kind === 'waiting' ? undefined : state.call;
    const target = readReferTarget(tx.request);
    if (!target.ok) return refuseRefer(tx, target.error);
    if (call === undefined || target.value.replaces === undefined) {
      return refuseRefer(tx, { status: 403, text: 'The call is parked' });
    }
    if (!this.#names(target.value.replaces)) {
      return refuseRefer(tx, { status: 481, text: 'No such call' });
    }
    tx.reply(202, { headers: [['Contact', contactOf(tx.flow)]] });
    const progress = new ReferProgress(leg, tx.request.cseq.sequence);
    progress.finish(200, 'OK', parkedHeaders(this.#park.tenant, call));
    this.#finish();
  }

  #names(value: string): boolean {
    const replaces = parseReplaces(value);
    const confirmation = this.#state.kind === 'waiting' ? undefined : this.#state.leg;
    if (replaces === undefined || confirmation === undefined) return false;
    const { callId, localTag, remoteTag } = confirmation.dialog.id;
    const tags = [replaces.toTag, replaces.fromTag];
    return replaces.callId === callId && tags.includes(localTag) && tags.includes(remoteTag);
  }
}

function causeOf(outcome: Exclude<ParkOutcome, 'parked'>): { cause: number; text: string } {
  const { status, text } = failureOfPark(outcome);
  return { cause: status, text };
}
