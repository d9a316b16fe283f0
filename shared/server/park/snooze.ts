import { scopeMarks } from '../../domain/park-list.ts';
import type { ParkId } from '../../domain/ids.ts';
import type { ParkedCall } from '../../domain/park-state.ts';
import { CODECS_BEST_FIRST, type CodecName } from '../../media/engine.ts';
import type { FeatureRequest } from '../../domain/feature-code.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { CallKit } from '../calls/call-kit.ts';
import type { NamedPark } from '../calls/dialled.ts';
import type { IncomingInvite } from '../calls/incoming-invite.ts';
import type { Leg, LegOwner } from '../calls/leg.ts';
import type { Party } from '../calls/party.ts';
import type { SnoozeOutcome } from '../ports/call-control.ts';
import type { User } from '../ports/directory.ts';
import { watcherOf } from './park-scope.ts';
import { parkPartyOf, type ParkService } from './park-service.ts';

/** The tone's length and some more, in ms: no confirmation leg lives longer. */
const LONGEST_TONE_MS = 5_000;

/** The device of a wish that came by HTTP: any of the user's. */
const APP = 'app';

export interface SnoozeOrder {
  readonly party: Extract<Party, { kind: 'device' }>;
  readonly request: Extract<FeatureRequest, { kind: 'snooze-own' | 'snooze-extension' }>;
  readonly named: NamedPark;
}

/** Puts the recall of a call in the dialler's own scope off by one recall time; tone, then BYE (WIRE.md §9). */
export function snooze(service: ParkService, invite: IncomingInvite, order: SnoozeOrder): void {
  const wanted = service.waiting(order.party.tenantId).filter((call) => isMeant(call, order));
  const watcher = watcherOf(service.groups, order.party.user);
  const mine = wanted.find((call) => scopeMarks(call, watcher).length > 0);
  if (mine === undefined) {
    return invite.refuse(
      wanted.length > 0 && (order.request.kind === 'snooze-extension' || order.named.kind === 'id')
        ? { status: 403, text: 'Not permitted' }
        : { status: 404, text: 'No call parked' },
    );
  }
  const prepared = invite.prepare(`snooze/${order.party.user.extension}`);
  if (!prepared.ok) return invite.refuse(prepared.error);
  service.input(mine.facts.parkId, { kind: 'snooze', by: parkPartyOf(order.party) });
  SnoozeConfirmation.play(service.deps.kit, invite);
}

/**
 * The same without a call, for the phone's Snooze button: the recall of one parked call is put off by one recall time.
 * @returns why not: the call is no longer parked, or is not in the user's own scope
 */
export function snoozeById(service: ParkService, user: User, parkId: ParkId): SnoozeOutcome {
  const call = service.waiting(user.tenantId).find(({ facts }) => facts.parkId === parkId);
  if (call === undefined) return 'nothing-parked';
  if (scopeMarks(call, watcherOf(service.groups, user)).length === 0) return 'not-permitted';
  const { id, extension, displayName } = user;
  const by = { userId: id, extension, displayName, deviceId: APP };
  service.input(parkId, { kind: 'snooze', by });
  return 'snoozed';
}

function isMeant({ facts }: ParkedCall, { request, named }: SnoozeOrder): boolean {
  if (named.kind === 'malformed') return false;
  if (named.kind === 'id') return facts.parkId === named.parkId;
  return request.kind === 'snooze-own' || facts.slot === request.extension;
}

class SnoozeConfirmation implements LegOwner {
  static play(kit: CallKit, invite: IncomingInvite): void {
    const leg = invite.answer({ prefer: CODECS_BEST_FIRST, owner: new SnoozeConfirmation() });
    const end = (): void => leg.hangUp({ cause: 200, text: 'Snoozed' });
    kit.clock.after(LONGEST_TONE_MS, end);
    leg.onConfirmed(() => {
      leg.media.onConnected(() => {
        if (!leg.ended) kit.media.play(leg.media, { kind: 'tone', tone: 'confirm' }, end);
      });
    });
  }

  legEnded(): void {}
  legChanged(): void {}
  legReferred(_leg: Leg, tx: ServerTransaction): void {
    tx.reply(403);
  }
  legInformed(_leg: Leg, tx: ServerTransaction): void {
    tx.reply(200);
  }
  codecsFor(): readonly CodecName[] {
    return CODECS_BEST_FIRST;
  }
}
