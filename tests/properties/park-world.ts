import { EndedParks } from '../../shared/domain/ended-parks.ts';
import { huntMember } from '../../shared/domain/group-hunt.ts';
import {
  addMs,
  type EpochMs,
  type Extension,
  type GroupId,
  type ParkId,
} from '../../shared/domain/ids.ts';
import type { ParkEffect, ParkJournalEntry } from '../../shared/domain/park-effect.ts';
import type { ParkInput, StepContext } from '../../shared/domain/park-input.ts';
import { ParkLot, type ClaimTarget } from '../../shared/domain/park-lot.ts';
import {
  deadlineOf,
  isEnded,
  parkedAtOf,
  type ParkedCall,
  type ParkParty,
} from '../../shared/domain/park-state.ts';
import type { RecallSettings } from '../../shared/domain/recall-policy.ts';
import { parkFacts, parkIdOf, party, startOfTest, testTenant } from '../fakes/parked-calls.ts';

/** Where a caller is: always in exactly one place, which only effects and hang-ups change. */
export type Place =
  | { kind: 'with'; user: ParkParty }
  /** Being parked: still with the parker, about to hear music. */
  | { kind: 'moving'; park: ParkId; parker: ParkParty }
  | { kind: 'music'; park: ParkId }
  /** For good: only an answer, or the ring group's own end, takes them away. */
  | { kind: 'ring-group'; park: ParkId }
  | { kind: 'hung-up' }
  | { kind: 'released-by-server' };

export interface Caller {
  readonly leg: string;
  place: Place;
}

/** One leg the server made or holds for a park: a retriever's, or a recalled device's. */
interface SideLeg {
  readonly park: ParkId;
  readonly kind: 'retriever' | 'recall';
  /** Claim or attempt. */
  readonly number: number;
  readonly user: ParkParty;
  phase: 'open' | 'answered' | 'connected' | 'over';
  /** It reported that it can be connected. */
  ready: boolean;
  readonly name: string;
}

interface Life {
  /** Latest state the world was shown, to see that versions only grow. */
  version: number;
  readonly journal: ParkJournalEntry[];
  deadline: EpochMs | null;
  readonly wins: ParkParty[];
  /** The rules and the group that it was parked with. */
  readonly recall: RecallSettings;
  readonly group: GroupId | null;
  /** A ring group has the call: the lot has nothing to do with it any more. */
  forwarded: boolean;
}

/** A Call Park group as its admin has set it last; a deleted one is not in the world any more. */
export interface WorldGroup {
  members: readonly Extension[];
  recall: RecallSettings;
}

/** A breach of a promise: the property's message. */
export class Breach extends Error {}

export function demand(condition: boolean, promise: string): asserts condition {
  if (!condition) throw new Breach(promise);
}

/**
 * Callers, users and a park lot, with an adapter that performs effects as the server's would, in a world of its own.
 * Whatever the world does is checked against the promises of CALL-PARK.md.
 */
export class ParkWorld {
  now: EpochMs = startOfTest;
  readonly lot = new ParkLot(new EndedParks());
  readonly callers: Caller[];
  readonly legs: SideLeg[] = [];
  readonly lives = new Map<ParkId, Life>();
  ringGroup: StepContext['ringGroup'] = 'usable';
  readonly groups = new Map<GroupId, WorldGroup>();
  #parks = 0;
  #legs = 0;
  readonly #recall: RecallSettings;
  readonly #cap: number;

  constructor(users: readonly ParkParty[], recall: RecallSettings, cap: number) {
    this.#recall = recall;
    this.#cap = cap;
    this.callers = users.map((user, index) => ({
      leg: `caller-${index}`,
      place: { kind: 'with', user },
    }));
  }

  get context(): StepContext {
    return { now: this.now, ringGroup: this.ringGroup };
  }

  /** Parked by the group's code; `null` when the parker is in no group, or none of its members has room. */
  parkToGroup(caller: Caller, parker: ParkParty): void {
    const found = this.groupOf(parker.extension);
    const count = (member: Extension): number => this.lot.countOn(testTenant, member);
    const slot = huntMember(found?.group.members ?? [], count, this.#cap);
    if (found === undefined || slot === null) return;
    const fewest = Math.min(...found.group.members.map(count));
    demand(count(slot) === fewest, 'the hunt passed over a member with fewer calls');
    this.park(caller, party(slot), found);
  }

  groupOf(member: Extension): { id: GroupId; group: WorldGroup } | undefined {
    for (const [id, group] of this.groups) if (group.members.includes(member)) return { id, group };
    return undefined;
  }

  /** The owner of a slot is deleted: a group's call moves to another of its members, any other is recalled. */
  removeOwner(slot: Extension): void {
    for (const { facts } of this.lot.calls(testTenant)) {
      if (facts.slot !== slot) continue;
      const group = facts.group === null ? undefined : this.groups.get(facts.group.id);
      const heir = group?.members.find((member) => member !== slot);
      const input =
        heir === undefined
          ? ({ kind: 'recall-now' } as const)
          : ({ kind: 'slot-moved', to: heir } as const);
      this.tell(facts.parkId, input);
    }
  }

  park(caller: Caller, slot: ParkParty, inGroup?: { id: GroupId; group: WorldGroup }): void {
    const { place } = caller;
    const parker = place.kind === 'with' ? place.user : party('199');
    const before = this.lot.countOn(testTenant, slot.extension);
    const parkId = parkIdOf((this.#parks += 1));
    const facts = parkFacts({
      parkId,
      parker,
      slot: slot.extension,
      callerLeg: caller.leg,
      group: inGroup === undefined ? null : { id: inGroup.id, name: String(inGroup.id) },
      recall: inGroup?.group.recall ?? this.#recall,
      askedAt: this.now,
    });
    const begun = this.lot.begin(facts, { perExtension: this.#cap, perTenant: 1000 });
    if (!begun.ok) {
      const right = begun.error === 'slot-full' ? before >= this.#cap : this.#isInLot(caller);
      demand(right, `a park was refused as ${begun.error} for no reason`);
      return;
    }
    demand(before < this.#cap, 'a park went over the cap of its slot');
    demand(place.kind === 'with', `a caller who was ${place.kind} was parked`);
    caller.place = { kind: 'moving', park: parkId, parker };
    this.lives.set(parkId, {
      version: 0,
      journal: [],
      deadline: null,
      wins: [],
      recall: facts.recall,
      group: inGroup?.id ?? null,
      forwarded: false,
    });
    this.#perform(parkId, begun.value.call, begun.value.effects);
  }

  /** Lets something happen to a park; late and repeated reports are welcome. */
  tell(parkId: ParkId, input: ParkInput): void {
    const done = this.lot.apply(parkId, input, this.context);
    if (done !== null) this.#perform(parkId, done.call, done.effects);
  }

  /** A user dials a retrieve code or presses a card. Exactly one unclaimed call is theirs, or there was none. */
  retrieve(retriever: ParkParty, target: ClaimTarget): void {
    const free = this.#matching(target).filter(
      ({ state }) => state.kind === 'parked' || state.kind === 'recalling',
    );
    const request = { tenantId: testTenant, target, retriever, mayTake: () => true };
    const claimed = this.lot.claim(request, this.context);
    if (!claimed.ok) {
      demand(free.length === 0, 'a call was waiting unclaimed and the retriever got none');
      if (claimed.error.kind === 'taken') {
        demand(this.#matching(target).length > 0, 'told of a taker where nothing is parked');
      }
      return;
    }
    const { call, claim, effects } = claimed.value;
    const since = free.find((each) => each.facts.parkId === call.facts.parkId);
    const own = free.filter(({ facts }) => target.kind === 'own' && facts.slot === target.slot);
    const among = own.length > 0 ? own : free;
    const oldest = Math.min(...among.map(({ state }) => parkedAtOf(state) ?? Infinity));
    demand(
      own.length === 0 || own.some((each) => each.facts.parkId === call.facts.parkId),
      'the group came before the own slot',
    );
    demand(since !== undefined, 'a call was given that nobody asked for');
    demand(parkedAtOf(since.state) === oldest, 'another than the oldest call was given');
    this.#addLeg({ park: call.facts.parkId, kind: 'retriever', number: claim, user: retriever });
    this.#perform(call.facts.parkId, call, effects);
  }

  /** A member of the ring group answers, or nobody did and the ring group's own rules end the call. */
  ringGroupEnds(caller: Caller, answeredBy: ParkParty | null): void {
    if (caller.place.kind !== 'ring-group') return;
    caller.place = answeredBy === null ? { kind: 'hung-up' } : { kind: 'with', user: answeredBy };
  }

  hangUp(caller: Caller): void {
    const { place } = caller;
    if (place.kind === 'hung-up' || place.kind === 'released-by-server') return;
    caller.place = { kind: 'hung-up' };
    if (place.kind === 'moving' || place.kind === 'music') {
      this.tell(place.park, { kind: 'caller-gone' });
    }
  }

  /** Time passes; deadlines come in their order. */
  pass(ms: number): void {
    const until = addMs(this.now, ms);
    for (let round = 0; round < 10_000; round += 1) {
      const due = [...this.lives]
        .filter(([, life]) => life.deadline !== null && life.deadline <= until)
        .toSorted(([, a], [, b]) => (a.deadline ?? 0) - (b.deadline ?? 0))[0];
      if (due === undefined) break;
      const [parkId, life] = due;
      const deadline = life.deadline;
      if (deadline === null) break;
      if (deadline > this.now) this.now = deadline;
      life.deadline = null;
      this.tell(parkId, { kind: 'deadline', deadline });
    }
    this.now = until;
  }

  /** Time passes until the next thing that happens by itself. */
  passToNextDeadline(): void {
    const deadlines = [...this.lives.values()].flatMap(({ deadline }) =>
      deadline === null ? [] : [deadline],
    );
    if (deadlines.length > 0) this.pass(Math.max(0, Math.min(...deadlines) - this.now));
  }

  /** The promises that hold after whatever happened. */
  check(): void {
    for (const caller of this.callers) this.#checkCaller(caller);
    for (const [parkId, life] of this.lives) this.#checkLife(parkId, life);
    this.#checkTalkers();
  }

  /** A retriever, or the leg that answered a recall, can be connected. */
  ready(leg: SideLeg): void {
    leg.ready = true;
    if (leg.kind === 'retriever') {
      this.tell(leg.park, { kind: 'retriever-ready', claim: leg.number });
    } else this.tell(leg.park, { kind: 'recall-ready', attempt: leg.number });
  }

  /** A recalled device answers; the fork cancels the others, as every fork does. */
  answer(leg: SideLeg): void {
    for (const other of this.#recallLegs(leg.park, leg.number)) {
      if (other !== leg) other.phase = 'over';
    }
    leg.phase = 'answered';
    this.tell(leg.park, { kind: 'recall-answered', attempt: leg.number, leg: leg.name });
  }

  openLegs(): readonly SideLeg[] {
    return this.legs.filter((leg) => leg.phase === 'open' || leg.phase === 'answered');
  }

  #checkCaller(caller: Caller): void {
    const { place } = caller;
    const own = this.lot.calls(testTenant).filter((call) => call.facts.callerLeg === caller.leg);
    demand(own.length <= 1, 'a caller is in two places of the lot');
    const call = own[0];
    if (place.kind !== 'moving' && place.kind !== 'music') {
      demand(call === undefined, `a caller who is ${place.kind} is in the lot too`);
      return;
    }
    demand(call?.facts.parkId === place.park, 'a caller is on music and nobody knows of them');
    demand((parkedAtOf(call.state) !== null) === (place.kind === 'music'), 'parked means on music');
    this.#checkSomethingWillHappen(call);
  }

  /** No caller waits for ever: a deadline, a retriever or a recalled leg will move the call on. */
  #checkSomethingWillHappen({ facts, state }: ParkedCall): void {
    const life = this.#life(facts.parkId);
    demand(life.deadline === deadlineOf(state), 'the deadline that is set is not the call’s');
    const busy = this.openLegs().filter((leg) => leg.park === facts.parkId);
    switch (state.kind) {
      case 'parked':
      case 'recalling':
        demand(life.deadline !== null, 'a parked call has no deadline');
        demand(!busy.some((leg) => leg.kind === 'retriever'), 'a retriever waits for no claim');
        demand(
          busy.some((leg) => leg.number === state.attempts) === (state.kind === 'recalling'),
          'recalling means that the parker rings',
        );
        return;
      case 'retrieving':
        demand(
          busy.some((leg) => leg.kind === 'retriever' && leg.number === state.claim),
          'a claim is held by nobody',
        );
        return;
      case 'returning':
        demand(
          busy.some((leg) => leg.name === state.leg),
          'a call is going back to nobody',
        );
        return;
      default:
    }
  }

  #checkLife(parkId: ParkId, life: Life): void {
    const call = this.lot.get(parkId);
    const ends = life.journal.filter((entry) => terminalEntries.has(entry.kind)).length;
    demand(ends === (call === undefined ? 1 : 0), `the journal tells of ${ends} ends`);
    demand(life.wins.length <= 1, 'a caller was handed out twice');
    if (call !== undefined) {
      demand(call.facts.recall === life.recall, 'a parked call got other recall rules');
      demand((call.facts.group?.id ?? null) === life.group, 'a parked call changed its group');
      return;
    }
    demand(life.deadline === null, 'an ended call has a deadline');
    const open = this.openLegs().some((leg) => leg.park === parkId);
    demand(!open, 'an ended call left a leg behind');
  }

  #checkTalkers(): void {
    const connected = this.legs.filter((leg) => leg.phase === 'connected');
    const parks = connected.map((leg) => leg.park);
    demand(new Set(parks).size === parks.length, 'one caller was connected to two legs');
  }

  #perform(parkId: ParkId, call: ParkedCall, effects: readonly ParkEffect[]): void {
    const life = this.#life(parkId);
    demand(call.version >= life.version, 'a version went backwards');
    life.version = call.version;
    demand(!life.forwarded, 'a call was taken back from a ring group');
    for (const effect of effects) this.#performOne(parkId, call, effect);
    const publishes = effects.filter((effect) => effect.kind === 'publish');
    demand(publishes.length <= 1, 'one change was published twice');
    if (isEnded(call.state) && life.journal.some((entry) => entry.kind === 'parked')) {
      demand(publishes[0]?.urgency === 'at-once', 'the end of a call was not published at once');
    }
  }

  #performOne(parkId: ParkId, call: ParkedCall, effect: ParkEffect): void {
    const caller = this.#callerOf(call);
    const life = this.#life(parkId);
    switch (effect.kind) {
      case 'start-music':
        return;
      case 'report-park':
        if (effect.outcome === 'parked') caller.place = { kind: 'music', park: parkId };
        else if (call.state.kind === 'recalling') caller.place = { kind: 'music', park: parkId };
        return;
      case 'reconnect-pair':
        demand(caller.place.kind === 'moving', 'a pair was reconnected that is no pair');
        caller.place = { kind: 'with', user: caller.place.parker };
        return;
      case 'connect-retriever':
        this.#connect(caller, this.#leg(parkId, 'retriever', effect.claim));
        return;
      case 'connect-recall': {
        const leg = this.legs.find((each) => each.name === effect.leg);
        demand(leg !== undefined, 'connected to a leg that is not there');
        this.#connect(caller, leg);
        return;
      }
      case 'end-retriever':
        this.#leg(parkId, 'retriever', effect.claim).phase = 'over';
        return;
      case 'ring-recall':
        this.#ring(call, effect.attempt);
        return;
      case 'cancel-recall':
        for (const leg of this.#recallLegs(parkId, effect.attempt)) leg.phase = 'over';
        return;
      case 'drop-recall-answer': {
        const leg = this.legs.find((each) => each.name === effect.leg);
        if (leg !== undefined && leg.phase !== 'connected') leg.phase = 'over';
        return;
      }
      case 'forward-caller':
        demand(this.ringGroup === 'usable', 'a caller was sent to a ring group that is no more');
        demand(caller.place.kind === 'music', `a caller who is ${caller.place.kind} was forwarded`);
        caller.place = { kind: 'ring-group', park: parkId };
        life.forwarded = true;
        return;
      case 'release-caller':
        demand(call.state.kind === 'lost', 'a caller was dropped');
        caller.place = { kind: 'released-by-server' };
        return;
      case 'schedule-deadline':
        life.deadline = effect.at;
        return;
      case 'clear-deadline':
        life.deadline = null;
        return;
      case 'journal':
        life.journal.push(effect.entry);
        return;
      case 'end-parker':
      case 'publish':
    }
  }

  #ring(call: ParkedCall, attempt: number): void {
    demand(
      this.#recallLegs(call.facts.parkId).length === 0,
      'a second recall rings over the first',
    );
    const { parkId, parker } = call.facts;
    for (let device = 0; device < 2; device += 1) {
      this.#addLeg({ park: parkId, kind: 'recall', number: attempt, user: parker });
    }
  }

  #connect(caller: Caller, leg: SideLeg): void {
    demand(caller.place.kind === 'music', `a caller who is ${caller.place.kind} was connected`);
    demand(caller.place.park === leg.park, 'a retriever got another caller than their claim’s');
    demand(leg.phase === 'open' || leg.phase === 'answered', 'a leg that is over was connected');
    demand(leg.ready, 'a leg was connected before it was ready');
    leg.phase = 'connected';
    this.#life(leg.park).wins.push(leg.user);
    caller.place = { kind: 'with', user: leg.user };
  }

  #addLeg(leg: Omit<SideLeg, 'phase' | 'ready' | 'name'>): void {
    this.legs.push({ ...leg, phase: 'open', ready: false, name: `leg-${(this.#legs += 1)}` });
  }

  #recallLegs(parkId: ParkId, attempt?: number): readonly SideLeg[] {
    return this.openLegs().filter(
      (leg) =>
        leg.kind === 'recall' &&
        leg.park === parkId &&
        (attempt === undefined || leg.number === attempt),
    );
  }

  #leg(parkId: ParkId, kind: SideLeg['kind'], number: number): SideLeg {
    const leg = this.legs.find(
      (each) => each.park === parkId && each.kind === kind && each.number === number,
    );
    demand(leg !== undefined, `an effect names a ${kind} that is not there`);
    return leg;
  }

  #matching(target: ClaimTarget): readonly ParkedCall[] {
    return this.lot.waiting(testTenant).filter((call) => isMeant(call, target));
  }

  #isInLot(caller: Caller): boolean {
    return this.lot.ofLeg(testTenant, caller.leg) !== undefined;
  }

  #life(parkId: ParkId): Life {
    const life = this.lives.get(parkId);
    demand(life !== undefined, 'an effect of a park that never began');
    return life;
  }

  #callerOf(call: ParkedCall): Caller {
    const caller = this.callers.find((each) => each.leg === call.facts.callerLeg);
    demand(caller !== undefined, 'a parked call has no caller');
    return caller;
  }
}

function isMeant({ facts }: ParkedCall, target: ClaimTarget): boolean {
  switch (target.kind) {
    case 'park-id':
      return facts.parkId === target.parkId;
    case 'slot':
      return facts.slot === target.slot;
    case 'own':
      return (
        facts.slot === target.slot ||
        (facts.group !== null && target.groupIds.includes(facts.group.id))
      );
  }
}

const terminalEntries: ReadonlySet<ParkJournalEntry['kind']> = new Set([
  'retrieved',
  'returned',
  'abandoned',
  'forwarded',
  'failed',
  'lost',
]);
