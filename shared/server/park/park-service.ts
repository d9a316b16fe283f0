import { defaultEndedParksLimits, EndedParks } from '../../domain/ended-parks.ts';
import { huntMember } from '../../domain/group-hunt.ts';
import {
  makeParkId,
  PARK_ID_BYTES,
  type Extension,
  type ParkId,
  type TenantId,
} from '../../domain/ids.ts';
import type { ParkGroup } from '../../domain/park-group.ts';
import { onDispose, type Disposable } from '../../domain/disposable.ts';
import {
  localClaims,
  ParkLot,
  type Claimed,
  type ClaimPort,
  type ClaimRefusal,
  type ClaimRequest,
} from '../../domain/park-lot.ts';
import type { ParkEffect } from '../../domain/park-effect.ts';
import type { ParkInput, StepContext } from '../../domain/park-input.ts';
import {
  isEnded,
  type ParkedCall,
  type ParkFacts,
  type ParkParty,
} from '../../domain/park-state.ts';
import type { Result } from '../../domain/result.ts';
import type { Refusal } from '../calls/incoming-invite.ts';
import type { Leg } from '../calls/leg.ts';
import { addressOf, hostOf, type Party } from '../calls/party.ts';
import type { TwoPartyCall } from '../calls/two-party-call.ts';
import type { ParkedCallView } from '../ports/call-control.ts';
import type { Tenant, User } from '../ports/directory.ts';
import { formatUri } from '../../sip/message/uri.ts';
import type { RecallRinger } from '../recall/recall-ringer.ts';
import { DRAINING, refusalOfPark } from './park-answers.ts';
import type { ParkChange, ParkServiceDeps } from './park-deps.ts';
import { performEffect } from './park-effects.ts';
import { ParkGroups } from './park-groups.ts';
import { ringGroupOf } from './recall-target.ts';
import { recordOf, viewOf } from './parked-record.ts';
import { ParkedSession, type ParkReporter } from './parked-session.ts';

/** What is asked when a call is to be parked; everything but cap and draining has been checked. */
export interface ParkRequest {
  readonly tenant: Tenant;
  readonly pair: TwoPartyCall;
  readonly parker: Leg & { readonly party: Extract<Party, { kind: 'device' }> };
  readonly slot: User;
  /** Set when it is parked by the group's code: `slot` is the member who was found. */
  readonly group?: ParkGroup;
  readonly note: string | null;
  readonly reporter: ParkReporter;
}

/** Keeps the parked calls of this process: feeds the lot with what happens and does what it says. */
export class ParkService {
  readonly deps: ParkServiceDeps;
  readonly groups: ParkGroups;
  readonly #lot: ParkLot;
  readonly #claims: ClaimPort;
  readonly #sessions = new Map<ParkId, ParkedSession>();
  readonly #watchers = new Set<(change: ParkChange) => void>();
  readonly #ringer: RecallRinger;
  #draining = false;

  constructor(deps: ParkServiceDeps, ringer: RecallRinger) {
    this.deps = deps;
    this.groups = new ParkGroups(deps.kit.directory);
    this.#ringer = ringer;
    const byIdMs = deps.kit.times.endedParkMs;
    this.#lot = new ParkLot(new EndedParks({ ...defaultEndedParksLimits, byIdMs }));
    this.#claims = (deps.claims ?? localClaims)(this.#lot);
  }

  get draining(): boolean {
    return this.#draining;
  }

  /** Calls that are parked, or being parked, in all tenants. */
  get size(): number {
    return this.#lot.size;
  }

  /** The member of a group who gets its next call; undefined when all are full. */
  hunt({ tenantId, members }: ParkGroup, cap: number): User | undefined {
    const { directory } = this.deps.kit;
    const users = members.filter((member) => directory.user(tenantId, member) !== undefined);
    const found = huntMember(users, (member) => this.#lot.countOn(tenantId, member), cap);
    return found === null ? undefined : directory.user(tenantId, found);
  }

  /** Whether a call is parked on these digits, though nobody may have that extension any more. */
  isSlot(tenantId: TenantId, digits: string): boolean {
    return this.#lot.waiting(tenantId).some(({ facts }) => facts.slot === digits);
  }

  /** The calls to show, oldest first. */
  waiting(tenantId: TenantId): readonly ParkedCall[] {
    return this.#lot.waiting(tenantId);
  }

  get(parkId: ParkId): ParkedCall | undefined {
    return this.#lot.get(parkId);
  }

  /** What is parked in a tenant, for people: oldest first. */
  views(tenantId: TenantId): readonly ParkedCallView[] {
    return this.waiting(tenantId).flatMap((call) => {
      const caller = this.#sessions.get(call.facts.parkId)?.caller;
      const view = caller === undefined ? undefined : viewOf(call, caller.identity);
      return view ?? [];
    });
  }

  session(parkId: ParkId): ParkedSession | undefined {
    return this.#sessions.get(parkId);
  }

  onChanged(run: (change: ParkChange) => void): Disposable {
    this.#watchers.add(run);
    return onDispose(() => this.#watchers.delete(run));
  }

  /**
   * Takes the slot; a refusal has changed nothing. Nothing else happens before `accepted` was called, so that the 202
   * precedes every NOTIFY.
   */
  begin(request: ParkRequest, accepted: (parkId: ParkId) => void): Result<ParkId, Refusal> {
    if (this.#draining) return { ok: false, error: DRAINING };
    const { settings } = request.tenant;
    const facts = this.#factsOf(request);
    const begun = this.#lot.begin(facts, {
      perExtension: settings.parkedCallsPerExtension,
      perTenant: settings.parkedCallsPerTenant,
    });
    if (!begun.ok) return { ok: false, error: refusalOfPark(begun.error) };
    const { parkId } = facts;
    if (request.group !== undefined) this.groups.entered(request.group);
    this.#sessions.set(
      parkId,
      new ParkedSession(request.pair, request.parker, request.reporter, {
        callerGone: () => this.input(parkId, { kind: 'caller-gone' }),
        parkerGone: () => this.input(parkId, { kind: 'parker-gone' }),
      }),
    );
    accepted(parkId);
    this.#perform(begun.value.call, begun.value.effects);
    return { ok: true, value: parkId };
  }

  /** Lets something happen to a call; late reports about calls that are over do nothing. */
  input(parkId: ParkId, input: ParkInput): void {
    const done = this.#lot.apply(parkId, input, this.#contextOf(parkId));
    if (done !== null) this.#perform(done.call, done.effects);
  }

  /** Finds and takes a call for a retriever, in one step. */
  async claim(request: ClaimRequest): Promise<Result<Claimed, ClaimRefusal>> {
    const outcome = await this.#claims.claim(request, this.#contextOf(null));
    if (outcome.ok) this.#perform(outcome.value.call, outcome.value.effects);
    return outcome;
  }

  /** A group's call on the slot of a deleted user moves to the next member; any other is recalled at once. */
  ownerRemoved(owner: User): void {
    for (const { facts } of this.#lot.calls(owner.tenantId)) {
      if (facts.slot === owner.extension) this.#leaveSlot(facts);
    }
    this.groups.userRemoved(owner.tenantId, owner.extension);
  }

  #leaveSlot(facts: ParkFacts): void {
    const { directory } = this.deps.kit;
    const cap = directory.tenant(facts.tenantId)?.settings.parkedCallsPerExtension ?? 1;
    const countOn = (member: Extension): number => this.#lot.countOn(facts.tenantId, member);
    const heir = this.groups.heirOf(facts, countOn, cap);
    this.input(
      facts.parkId,
      heir === undefined ? { kind: 'recall-now' } : { kind: 'slot-moved', to: heir },
    );
  }

  /** Whether the ring group of a call's recall rules can take it is asked anew each time. */
  #contextOf(parkId: ParkId | null): StepContext {
    const facts = parkId === null ? undefined : this.#lot.get(parkId)?.facts;
    const { clock, directory } = this.deps.kit;
    return {
      now: clock.now(),
      ringGroup: facts === undefined ? 'unusable' : ringGroupOf(directory, facts).state,
    };
  }

  /** No new parks from now on. */
  drain(): void {
    this.#draining = true;
  }

  /** The grace is over: every parked call ends, and says so in the journal. */
  stop(): void {
    this.#draining = true;
    for (const parkId of [...this.#sessions.keys()])
      this.input(parkId, { kind: 'server-stopping' });
  }

  #perform(call: ParkedCall, effects: readonly ParkEffect[]): void {
    const session = this.#sessions.get(call.facts.parkId);
    if (session === undefined) return;
    const over = isEnded(call.state);
    if (over) {
      this.#sessions.delete(call.facts.parkId);
      this.groups.left(call.facts);
    }
    // Stored before anybody is told: what a phone was shown survives `kill -9`.
    this.#guarded('save', () => this.#save(call, session));
    const scene = { service: this, ringer: this.#ringer, session, call };
    for (const effect of effects) this.#guarded(effect.kind, () => performEffect(scene, effect));
    if (over) session.end();
    this.deps.kit.metrics.parkedNow(this.#lot.size);
  }

  /** What fails is logged, and the rest is done all the same: the caller must not wait for ever because of one line. */
  #guarded(what: string, run: () => void): void {
    try {
      run();
    } catch (error) {
      this.deps.kit.log.error({ what, err: error }, 'a parked call went on without this');
    }
  }

  /** Tells the watchers. */
  publish(change: ParkChange): void {
    for (const run of [...this.#watchers]) run(change);
  }

  /**
   * What is not parked yet is written down when it is, and what is being taken stays as it was: if that fails it is parked
   * as before, and whoever finds it after a crash does the same with both.
   */
  #save(call: ParkedCall, session: ParkedSession): void {
    if (call.state.kind === 'parking' || call.state.kind === 'retrieving') return;
    const record = recordOf(call, session.caller);
    if (record === undefined) this.deps.store.remove(call.facts.parkId);
    else if (!session.caller.media.closed) this.deps.store.save(record);
  }

  #factsOf({ tenant, pair, parker, slot, group, note }: ParkRequest): ParkFacts {
    const { kit } = this.deps;
    const caller = pair.other(parker);
    const { name, anonymous } = caller.identity;
    return {
      parkId: makeParkId(kit.random.bytes(PARK_ID_BYTES)),
      tenantId: tenant.id,
      slot: slot.extension,
      group: group === undefined ? null : { id: group.id, name: group.name },
      parker: parkPartyOf(parker.party),
      caller: {
        displayName: anonymous ? 'Anonymous' : name,
        uri: formatUri(addressOf(caller.identity, hostOf(tenant, caller.flow)).uri),
      },
      callerLeg: caller.id,
      note,
      recall: group?.recall ?? tenant.settings.recall,
      askedAt: kit.clock.now(),
    };
  }
}

/** A user's device as the domain names it. */
export function parkPartyOf(party: Extract<Party, { kind: 'device' }>): ParkParty {
  const { id, extension, displayName } = party.user;
  return { userId: id, extension, displayName, deviceId: party.deviceId };
}
