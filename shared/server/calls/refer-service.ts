import { assertNever } from '../../domain/assert-never.ts';
import type { RingGroup } from '../../domain/ring-group.ts';
import type { SipUri } from '../../sip/message/uri.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { Caller } from '../ports/authenticator.ts';
import type { Tenant, User } from '../ports/directory.ts';
import { findGroupSlot } from '../park/group-park.ts';
import { DRAINING } from '../park/park-answers.ts';
import { isDeviceLeg, parkByRefer, type ReferPark } from '../park/park-by-refer.ts';
import type { ParkService } from '../park/park-service.ts';
import type { RingGroups } from '../ring-groups/ring-groups.ts';
import { findReplaced, joinPairs, type Replaced } from './attended-transfer.ts';
import { BlindTransfer, type TransferOrder } from './blind-transfer.ts';
import type { CallKit } from './call-kit.ts';
import { DepartingLeg } from './departing-leg.ts';
import { readDialled, type Dialled } from './dialled.ts';
import type { Refusal } from './incoming-invite.ts';
import type { Leg } from './leg.ts';
import { contactOf } from './party.ts';
import { ReferProgress } from './refer-progress.ts';
import { refuseRefer } from './refer-refusal.ts';
import { readReferTarget } from './refer-target.ts';
import type { RingingCalls } from './ringing-calls.ts';
import type { CallWatcher, TwoPartyCall } from './two-party-call.ts';

interface Refer {
  readonly tx: ServerTransaction;
  readonly tenant: Tenant;
  readonly pair: TwoPartyCall;
  readonly leg: Leg;
}

export interface ReferServiceParts {
  readonly kit: CallKit;
  readonly parks: ParkService;
  readonly watcher: CallWatcher;
  readonly ringing: RingingCalls;
  readonly ringGroups: RingGroups;
}

/** Answers REFER inside a call: transfer to an extension, to a park code, or onto another call. */
export class ReferService {
  readonly #kit: CallKit;
  readonly #parks: ParkService;
  readonly #watcher: CallWatcher;
  readonly #ringing: RingingCalls;
  readonly #ringGroups: RingGroups;

  constructor({ kit, parks, watcher, ringing, ringGroups }: ReferServiceParts) {
    this.#kit = kit;
    this.#parks = parks;
    this.#watcher = watcher;
    this.#ringing = ringing;
    this.#ringGroups = ringGroups;
  }

  /** Everything that can be refused is refused as the final answer, and then nothing has changed (WIRE.md §2). */
  refer(pair: TwoPartyCall, leg: Leg, tx: ServerTransaction): void {
    const tenant = this.#kit.directory.tenant(leg.party.tenantId);
    if (tenant === undefined) return refuseRefer(tx, { status: 403, text: 'Not permitted' });
    const refer: Refer = { tx, tenant, pair, leg };
    const busy = whyNotNow(refer);
    if (busy !== undefined) return refuseRefer(tx, busy);
    const target = readReferTarget(tx.request);
    if (!target.ok) return refuseRefer(tx, target.error);
    const { uri, replaces } = target.value;
    if (replaces !== undefined) return this.#attended(refer, uri, replaces);
    this.#act(refer, readDialled(this.#kit.directory, callerOf(refer), uri));
  }

  #act(refer: Refer, dialled: Dialled): void {
    switch (dialled.kind) {
      case 'refused':
        return refuseRefer(refer.tx, dialled.refusal);
      case 'extension':
        return this.#blind(refer, dialled.user);
      case 'ring-group':
        return this.#toRingGroup(refer, dialled.group);
      case 'feature':
        return this.#feature(refer, dialled);
      default:
        assertNever(dialled);
    }
  }

  #feature({ tx, tenant, pair, leg }: Refer, dialled: Extract<Dialled, { kind: 'feature' }>): void {
    const { request } = dialled;
    if (!isDeviceLeg(leg)) return refuseRefer(tx, { status: 404, text: 'No such extension' });
    switch (request.kind) {
      case 'park-own':
        return this.#park(tx, { tenant, pair, parker: leg, slot: leg.party.user });
      case 'park-extension': {
        const slot = this.#kit.directory.user(tenant.id, request.extension);
        if (slot === undefined) return refuseRefer(tx, { status: 404, text: 'No such extension' });
        return this.#park(tx, { tenant, pair, parker: leg, slot });
      }
      case 'park-group': {
        const found = findGroupSlot(this.#parks, tenant, leg.party.user);
        if (!found.ok) return refuseRefer(tx, found.error);
        return this.#park(tx, { tenant, pair, parker: leg, ...found.value });
      }
      case 'retrieve-own':
      case 'retrieve-extension':
      case 'snooze-own':
      case 'snooze-extension':
        return refuseRefer(tx, { status: 403, text: 'Dial this code, do not transfer to it' });
      default:
        assertNever(request);
    }
  }

  #park(tx: ServerTransaction, park: ReferPark): void {
    if (this.#parks.draining) return refuseRefer(tx, DRAINING);
    parkByRefer(this.#parks, tx, park);
  }

  #blind(refer: Refer, target: User): void {
    BlindTransfer.start(this.#kit, refer.tx, this.#orderOf(refer), target);
  }

  /** The other side is the ring group's from here on; whoever transferred it is done (as into any waiting line). */
  #toRingGroup({ tx, tenant, pair, leg }: Refer, group: RingGroup): void {
    if (this.#parks.draining) return refuseRefer(tx, DRAINING);
    tx.reply(202, { headers: [['Contact', contactOf(tx.flow)]] });
    const progress = new ReferProgress(leg, tx.request.cseq.sequence);
    progress.trying();
    pair.release();
    this.#ringGroups.takeOver(pair.other(leg), tenant, group);
    progress.finish(200, 'OK');
    DepartingLeg.release(this.#kit, leg, {
      afterMs: this.#kit.times.departMs,
      afterResult: progress,
      reason: { cause: 200, text: 'Call transferred' },
    });
  }

  #orderOf({ tx, tenant, pair, leg }: Refer): TransferOrder {
    const progress = new ReferProgress(leg, tx.request.cseq.sequence);
    return { tenant, pair, transferor: leg, progress, watcher: this.#watcher };
  }

  #attended(refer: Refer, uri: SipUri, replaces: string): void {
    const { tx, tenant, pair, leg } = refer;
    const match = this.#kit.dialogs.forTransfer(replaces);
    const found = findReplaced(match, tenant.id, this.#ringing);
    if (!found.ok) {
      // Nobody here has such a call, and we do not send people to other servers (WIRE.md §10a).
      const ours = this.#kit.directory.isHostOf(tenant.id, uri.host);
      return refuseRefer(tx, ours ? found.error : { status: 404, text: 'Not of this server' });
    }
    if (found.value.kind === 'ringing') return this.#semiAttended(refer, found.value);
    if (found.value.pair === pair) return refuseRefer(tx, { status: 403, text: 'The same call' });
    tx.reply(202, { headers: [['Contact', contactOf(tx.flow)]] });
    const progress = new ReferProgress(leg, tx.request.cseq.sequence);
    progress.trying();
    joinPairs(this.#kit, this.#watcher, { first: { leg, pair }, second: found.value });
    progress.finish(200, 'OK');
  }

  /** Onto a call that still rings: whoever made it ring gives their place to the other side of this one. */
  #semiAttended(refer: Refer, { side, call }: Extract<Replaced, { kind: 'ringing' }>): void {
    if (side !== 'caller' || call.invite.partyKey !== refer.leg.partyKey) {
      return refuseRefer(refer.tx, { status: 481, text: 'No such call' });
    }
    BlindTransfer.adopt(this.#kit, refer.tx, this.#orderOf(refer), call);
  }
}

function whyNotNow({ pair, leg }: Refer): Refusal | undefined {
  if (leg.state.kind !== 'confirmed') return { status: 403, text: 'Not answered yet' };
  switch (pair.state.kind) {
    case 'talking':
      return undefined;
    case 'parking':
      return { status: 491, text: 'Already being parked' };
    case 'transferring':
      return { status: 491, text: 'Already being transferred' };
    case 'ended':
      return { status: 481, text: 'The call has ended' };
  }
}

/** The party of a dialog, in the words of a proven caller: REFER was authenticated as the same party. */
function callerOf({ leg, tenant, tx }: Refer): Caller {
  const { party } = leg;
  return party.kind === 'device'
    ? { kind: 'user', tenant, user: party.user, deviceId: party.deviceId, flow: tx.flow }
    : { kind: 'trunk', tenant, trunk: party.trunk, flow: tx.flow };
}
