import { assertNever } from '../../domain/assert-never.ts';
import { parseFeatureCode } from '../../domain/feature-code.ts';
import type { ParkGroup } from '../../domain/park-group.ts';
import type { ClaimTarget } from '../../domain/park-lot.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import { parseReplaces } from '../../sip/message/replaces.ts';
import type { Announcer } from '../announcements/announcer.ts';
import { speakRefusals } from '../announcements/spoken-refusal.ts';
import { callToPark } from '../park/device-calls.ts';
import { findGroupSlot } from '../park/group-park.ts';
import { DRAINING, FULL } from '../park/park-answers.ts';
import { parkByInvite } from '../park/park-by-invite.ts';
import type { ParkService } from '../park/park-service.ts';
import { readPublishedReplaces } from '../park/published-dialog.ts';
import { Retrieval } from '../park/retrieval.ts';
import { snooze } from '../park/snooze.ts';
import type { Caller } from '../ports/authenticator.ts';
import type { User } from '../ports/directory.ts';
import type { RingGroups } from '../ring-groups/ring-groups.ts';
import { findReplaced } from './attended-transfer.ts';
import type { CallKit } from './call-kit.ts';
import type { CallRegistry } from './call-registry.ts';
import { readDialled, type Dialled, type NamedPark } from './dialled.ts';
import { ForwardPath } from './forward-path.ts';
import { IncomingInvite } from './incoming-invite.ts';
import { unmetPrivacy, type Party } from './party.ts';
import { PlainCall } from './plain-call.ts';
import type { RingingCalls } from './ringing-calls.ts';
import { runGuarded } from './run-guarded.ts';
import { Takeover } from './takeover.ts';
import type { CallWatcher } from './two-party-call.ts';

export interface RouterParts {
  readonly kit: CallKit;
  readonly parks: ParkService;
  readonly calls: CallRegistry;
  readonly watcher: CallWatcher;
  readonly ringing: RingingCalls;
  readonly ringGroups: RingGroups;
  readonly announcer: Announcer;
}

type Feature = Extract<Dialled, { kind: 'feature' }>;
type Callee = Extract<Dialled, { kind: 'extension' | 'ring-group' }>;
type DeviceParty = Extract<Party, { kind: 'device' }>;

const NO_SUCH_CALL = { status: 481, text: 'No such call' } as const;

/** Decides what an INVITE outside any dialog wants, and starts it. */
export class InviteRouter {
  readonly #parts: RouterParts;

  constructor(parts: RouterParts) {
    this.#parts = parts;
  }

  route(tx: ServerTransaction, caller: Caller): void {
    const { kit } = this.#parts;
    const invite = new IncomingInvite(kit, tx, caller);
    const unmet = unmetPrivacy(tx.request);
    if (unmet.length > 0)
      return invite.refuse({ status: 500, text: `Privacy not provided: ${unmet.join(' ')}` });
    if (tx.request.headers.has('Replaces')) return this.#replaces(invite, caller);
    const { parks } = this.#parts;
    const dialled = readDialled(kit.directory, caller, tx.request.uri, (extension) =>
      parks.isSlot(caller.tenant.id, extension),
    );
    this.#speakRefusals(invite, caller, tx.request.uri.user ?? '');
    switch (dialled.kind) {
      case 'refused':
        return invite.refuse(dialled.refusal);
      case 'extension':
      case 'ring-group':
        return this.#call(invite, dialled);
      case 'feature':
        return this.#feature(invite, dialled);
      default:
        assertNever(dialled);
    }
  }

  #call(invite: IncomingInvite, dialled: Callee): void {
    const { kit, parks, ringGroups } = this.#parts;
    // What is parked may still be taken while the server stops; nothing new begins.
    if (parks.draining) return invite.refuse(DRAINING);
    if (!kit.admission.mayBeginCall(this.#callsNow)) return invite.refuse(FULL);
    if (dialled.kind === 'ring-group') return ringGroups.dial(invite, dialled.group);
    const { caller } = invite;
    const path = new ForwardPath(kit, {
      tenant: caller.tenant,
      callee: dialled.user,
      talking: caller.kind === 'user' ? [caller.user.id] : [],
    });
    const target = path.begin();
    if (target.kind === 'ring-group') return ringGroups.dial(invite, target.group);
    PlainCall.start(this.#parts, invite, { callee: target.user, path });
  }

  /** Whoever dialled one of the tenant's codes hears why it did not work, if the tenant wants that. */
  #speakRefusals(invite: IncomingInvite, { kind, tenant }: Caller, dialled: string): void {
    const { announceRefusals, featureCodes } = tenant.settings;
    if (!announceRefusals || kind !== 'user') return;
    if (parseFeatureCode(dialled, featureCodes) === null) return;
    speakRefusals(invite, this.#parts.announcer);
  }

  /** Attempts count as calls: what lasts is legs, two to a call. */
  get #callsNow(): number {
    const { kit, calls, parks } = this.#parts;
    return Math.max(calls.size + parks.size, kit.live.size / 2);
  }

  #feature(invite: IncomingInvite, dialled: Feature): void {
    const { party } = invite;
    if (party.kind !== 'device') return invite.refuse({ status: 404, text: 'No such extension' });
    const { request, named } = dialled;
    switch (request.kind) {
      case 'park-own':
        return this.#park(invite, party, party.user);
      case 'park-extension':
        return this.#park(
          invite,
          party,
          this.#parts.kit.directory.user(party.tenantId, request.extension),
        );
      case 'park-group': {
        const found = findGroupSlot(this.#parts.parks, invite.caller.tenant, party.user);
        if (!found.ok) return invite.refuse(found.error);
        return this.#park(invite, party, found.value.slot, found.value.group);
      }
      case 'retrieve-own':
        return this.#retrieve(invite, named, {
          kind: 'own',
          slot: party.user.extension,
          groupIds: this.#parts.parks.groups.idsOf(party.tenantId, party.user.extension),
        });
      case 'retrieve-extension':
        return this.#retrieve(invite, named, { kind: 'slot', slot: request.extension });
      case 'snooze-own':
      case 'snooze-extension':
        return snooze(this.#parts.parks, invite, { party, request, named });
      default:
        assertNever(request);
    }
  }

  /** @param group the one whose code was dialled */
  #park(
    invite: IncomingInvite,
    party: DeviceParty,
    slot: User | undefined,
    group?: ParkGroup,
  ): void {
    const { calls, parks } = this.#parts;
    if (slot === undefined) return invite.refuse({ status: 404, text: 'No such extension' });
    if (parks.draining) return invite.refuse(DRAINING);
    const device = { userId: party.user.id, deviceId: party.deviceId };
    const mine = callToPark(calls.of(party.tenantId), device);
    if (mine === undefined) return invite.refuse({ status: 403, text: 'No call to park' });
    const { pair, leg: parker } = mine;
    const { tenant } = invite.caller;
    const at = group === undefined ? { slot } : { slot, group };
    parkByInvite(parks, invite, { tenant, pair, parker, ...at });
  }

  #retrieve(invite: IncomingInvite, named: NamedPark, byCode: ClaimTarget): void {
    if (named.kind === 'malformed') return invite.refuse({ status: 404, text: 'No call parked' });
    const target: ClaimTarget =
      named.kind === 'id' ? { kind: 'park-id', parkId: named.parkId } : byCode;
    this.#take(invite, { target });
  }

  #take(invite: IncomingInvite, wanted: Parameters<typeof Retrieval.run>[2]): void {
    const { kit, parks } = this.#parts;
    runGuarded(kit.log, 'retrieve', async () => {
      try {
        await Retrieval.run(parks, invite, wanted);
      } catch (error) {
        invite.refuse({ status: 500, text: 'Server error' });
        throw error;
      }
    });
  }

  /** Replaces of a published parked call retrieves it; of a real dialog it takes a leg's place. */
  #replaces(invite: IncomingInvite, caller: Caller): void {
    const { kit, watcher, ringing } = this.#parts;
    const [value = '', ...more] = invite.request.headers.all('Replaces');
    const replaces = more.length > 0 ? undefined : parseReplaces(value);
    if (replaces === undefined) return invite.refuse({ status: 400, text: 'Bad Replaces' });
    const published = readPublishedReplaces(replaces);
    if (published.kind === 'nothing') return invite.refuse(NO_SUCH_CALL);
    if (published.kind === 'parked') {
      const target = { kind: 'park-id', parkId: published.parkId } as const;
      return this.#take(invite, { target, nothingThere: NO_SUCH_CALL });
    }
    const match = kit.dialogs.forReplaces(invite.request);
    const found = findReplaced(match, caller.tenant.id, ringing);
    if (!found.ok) return invite.refuse(found.error);
    if (found.value.kind === 'ringing') return found.value.call.pickUp(invite);
    Takeover.start(kit, invite, found.value, watcher);
  }
}
