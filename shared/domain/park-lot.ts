import { EndedParks, type EndedPark } from './ended-parks.ts';
import type { Extension, GroupId, ParkId, TenantId } from './ids.ts';
import type { ParkEffect } from './park-effect.ts';
import type { ParkInput, StepContext } from './park-input.ts';
import type { Concerning } from './park-list.ts';
import { beginPark, step, type Step } from './parked-call.ts';
import {
  isClaimable,
  isEnded,
  parkedAtOf,
  type Ended,
  type ParkedCall,
  type ParkFacts,
  type ParkParty,
} from './park-state.ts';
import { err, ok, type Result } from './result.ts';

export interface ParkCaps {
  /** Most calls on one extension, calls still being parked included; over it 486. */
  readonly perExtension: number;
  /** Most calls in the tenant; over it 503. */
  readonly perTenant: number;
}

export type ParkRefusal = 'already-being-parked' | 'slot-full' | 'tenant-full';

/** Which call a retriever asks for. */
export type ClaimTarget =
  /** `*88`: the oldest on my own extension, else the oldest parked to my group. */
  | { readonly kind: 'own'; readonly slot: Extension; readonly groupIds: readonly GroupId[] }
  /** `*88<ext>`: the oldest on that extension. */
  | { readonly kind: 'slot'; readonly slot: Extension }
  /** `;park-id=`: that call or none. */
  | { readonly kind: 'park-id'; readonly parkId: ParkId };

export interface ClaimRequest {
  readonly tenantId: TenantId;
  readonly target: ClaimTarget;
  readonly retriever: ParkParty;
  /** The tenant's retrieve policy for a call named by its id, live or ended; for a code it has been asked before. */
  readonly mayTake: (call: Concerning) => boolean;
}

export type ClaimRefusal =
  /** 404: also where the call that is named may not be taken, as nothing is said of such a call (WIRE.md §4) */
  | { readonly kind: 'nothing-parked' }
  /** 403: somebody else's code */
  | { readonly kind: 'not-permitted' }
  /** 410: somebody else is just being connected; `parker` when the recall was answered. */
  | { readonly kind: 'taken'; readonly by: ParkParty }
  /** 410: it ended a short time ago. */
  | { readonly kind: 'ended'; readonly how: EndedPark };

export interface Claimed {
  readonly call: ParkedCall;
  /** To be named in every later report about this claim. */
  readonly claim: number;
  readonly effects: readonly ParkEffect[];
}

/**
 * Where claims are decided. Asynchronous, so that the one writer of a tenant's calls may be another node; of several
 * claims for one call exactly one succeeds, by compare-and-set on ParkId and version.
 */
export interface ClaimPort {
  claim(request: ClaimRequest, context: StepContext): Promise<Result<Claimed, ClaimRefusal>>;
}

/**
 * Who is parked where. The one writer of its tenants' parked calls: every change goes through `begin`, `apply` and
 * `claim`, which run the life of a parked call and hand back the effects to perform.
 */
export class ParkLot {
  readonly #ended: EndedParks;
  /** In order of `begin`. */
  readonly #live = new Map<ParkId, ParkedCall>();
  readonly #byLeg = new Map<string, ParkId>();

  constructor(ended: EndedParks = new EndedParks()) {
    this.#ended = ended;
  }

  get size(): number {
    return this.#live.size;
  }

  /** Takes a place in the slot for a call that is about to be parked, or says why not; a refusal changes nothing. */
  begin(facts: ParkFacts, caps: ParkCaps): Result<Step, ParkRefusal> {
    if (this.#live.has(facts.parkId)) throw new Error(`ParkId used twice: ${facts.parkId}`);
    if (this.#byLeg.has(legKey(facts))) return err('already-being-parked');
    if (this.countOn(facts.tenantId, facts.slot) >= caps.perExtension) return err('slot-full');
    if (this.calls(facts.tenantId).length >= caps.perTenant) return err('tenant-full');
    const begun = beginPark(facts);
    this.#live.set(facts.parkId, begun.call);
    this.#byLeg.set(legKey(facts), facts.parkId);
    return ok(begun);
  }

  /**
   * Lets `input` happen to a call.
   * @returns `null` when the call is over or was never here: late reports are normal
   */
  apply(parkId: ParkId, input: ParkInput, context: StepContext): Step | null {
    const call = this.#live.get(parkId);
    if (call === undefined) return null;
    const done = step(call, input, context);
    if (isEnded(done.call.state)) this.#close(done.call, done.call.state);
    else this.#live.set(parkId, done.call);
    return done;
  }

  /** Finds the call that is asked for and gives it to this retriever, in one step: it is theirs, or they learn why not. */
  claim(request: ClaimRequest, context: StepContext): Result<Claimed, ClaimRefusal> {
    const candidates = this.#candidates(request);
    if (this.#isWithheld(request, candidates, context)) return err({ kind: 'nothing-parked' });
    const free = candidates.find((call) => isClaimable(call.state));
    if (free === undefined) return err(this.#refusal(request, candidates, context));
    return ok(this.#take(free, request.retriever, context));
  }

  get(parkId: ParkId): ParkedCall | undefined {
    return this.#live.get(parkId);
  }

  /** The live parked call of a caller's leg. */
  ofLeg(tenantId: TenantId, callerLeg: string): ParkedCall | undefined {
    const parkId = this.#byLeg.get(legKey({ tenantId, callerLeg }));
    return parkId === undefined ? undefined : this.#live.get(parkId);
  }

  /** Every live call of a tenant, calls still being parked included, in order of their parks. */
  calls(tenantId: TenantId): readonly ParkedCall[] {
    return [...this.#live.values()].filter((call) => call.facts.tenantId === tenantId);
  }

  /** The calls to show: those whose caller is on music, oldest first. */
  waiting(tenantId: TenantId): readonly ParkedCall[] {
    return oldestFirst(this.calls(tenantId).filter((call) => parkedAtOf(call.state) !== null));
  }

  /** How many calls occupy a slot, calls still being parked included. */
  countOn(tenantId: TenantId, slot: Extension): number {
    return this.calls(tenantId).filter((call) => call.facts.slot === slot).length;
  }

  #take(free: ParkedCall, retriever: ParkParty, context: StepContext): Claimed {
    const { facts, version } = free;
    const done = this.apply(facts.parkId, { kind: 'claim', retriever, version }, context);
    if (done?.call.state.kind !== 'retrieving' || done.call.version === version) {
      throw new Error(`An unclaimed call refused a claim: ${facts.parkId}`);
    }
    return { call: done.call, claim: done.call.state.claim, effects: done.effects };
  }

  #candidates({ tenantId, target }: ClaimRequest): readonly ParkedCall[] {
    const waiting = this.waiting(tenantId);
    switch (target.kind) {
      case 'slot':
        return waiting.filter((call) => call.facts.slot === target.slot);
      case 'park-id':
        return waiting.filter((call) => call.facts.parkId === target.parkId);
      case 'own': {
        const own = waiting.filter((call) => call.facts.slot === target.slot);
        const group = waiting.filter(
          ({ facts }) => facts.group !== null && target.groupIds.includes(facts.group.id),
        );
        return [...own, ...group];
      }
    }
  }

  /** The call that an id names, live or ended, is one that this retriever may not take. */
  #isWithheld(
    { tenantId, target, mayTake }: ClaimRequest,
    [live]: readonly ParkedCall[],
    { now }: StepContext,
  ): boolean {
    if (target.kind !== 'park-id') return false;
    const ended = this.#ended.byId(tenantId, target.parkId, now);
    const named = live ?? (ended && { facts: ended });
    return named !== undefined && !mayTake(named);
  }

  #refusal(request: ClaimRequest, busy: readonly ParkedCall[], { now }: StepContext): ClaimRefusal {
    const [claimed] = busy;
    if (claimed !== undefined) return { kind: 'taken', by: takerOf(claimed) };
    const { tenantId, target } = request;
    const how = this.#lastEnded(tenantId, target, now);
    return how === undefined ? { kind: 'nothing-parked' } : { kind: 'ended', how };
  }

  #lastEnded(
    tenantId: TenantId,
    target: ClaimTarget,
    now: StepContext['now'],
  ): EndedPark | undefined {
    switch (target.kind) {
      case 'park-id':
        return this.#ended.byId(tenantId, target.parkId, now);
      case 'slot':
        return this.#ended.bySlot(tenantId, target.slot, now);
      case 'own': {
        const own = this.#ended.bySlot(tenantId, target.slot, now);
        if (own !== undefined) return own;
        const ofGroups = target.groupIds.map((id) => this.#ended.byGroup(tenantId, id, now));
        return ofGroups.find((ended) => ended !== undefined);
      }
    }
  }

  #close(call: ParkedCall, end: Ended): void {
    this.#live.delete(call.facts.parkId);
    this.#byLeg.delete(legKey(call.facts));
    this.#ended.remember(call, end);
  }
}

/** The lot of this process as the asynchronous claim port. */
export function localClaims(lot: ParkLot): ClaimPort {
  return { claim: async (request, context) => lot.claim(request, context) };
}

function oldestFirst(calls: readonly ParkedCall[]): readonly ParkedCall[] {
  return calls.toSorted((a, b) => (parkedAtOf(a.state) ?? 0) - (parkedAtOf(b.state) ?? 0));
}

/** Who has a call that is live but cannot be claimed: the retriever, or the parker it is going back to. */
function takerOf({ state, facts }: ParkedCall): ParkParty {
  return state.kind === 'retrieving' ? state.retriever : facts.parker;
}

function legKey({ tenantId, callerLeg }: Pick<ParkFacts, 'tenantId' | 'callerLeg'>): string {
  return `${tenantId} ${callerLeg}`;
}
