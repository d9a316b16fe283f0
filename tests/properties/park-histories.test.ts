import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupId, ringGroupId } from '../../shared/domain/ids.ts';
import { isEnded } from '../../shared/domain/park-state.ts';
import type { RecallDestination, RecallSettings } from '../../shared/domain/recall-policy.ts';
import { party, testTenant } from '../fakes/parked-calls.ts';
import { ParkWorld } from './park-world.ts';

const users = ['101', '102', '103', '104'].map((text) => party(text));

const support = groupId('support');
const groupIds = [support, groupId('office')];
const recalls: readonly RecallSettings[] = [
  { timerMs: 60_000, retryMs: 10_000, destination: { kind: 'parker' } },
  {
    timerMs: 90_000,
    retryMs: 10_000,
    destination: { kind: 'ring-group', ringGroupId: ringGroupId('sales') },
  },
];

/** Both groups as they are when a history begins. */
function newWorld(recall: RecallSettings, cap: number): ParkWorld {
  const world = new ParkWorld(users, recall, cap);
  const [first, second, third] = users.map(({ extension }) => extension);
  if (first === undefined || second === undefined || third === undefined) return world;
  world.groups.set(support, { members: [first, second], recall });
  world.groups.set(groupId('office'), { members: [third], recall });
  return world;
}

/** One thing that happens; `a` and `b` choose among whom or what it can happen to. */
interface Event {
  readonly what: (typeof happenings)[number];
  readonly a: number;
  readonly b: number;
}

const happenings = [
  'park',
  'park-to-group',
  'park-to-group',
  'music-started',
  'music-started',
  'music-failed',
  'cancel-park',
  'parker-hangs-up',
  'caller-hangs-up',
  'retrieve-by-slot',
  'retrieve-by-slot',
  'retrieve-by-id',
  'retrieve-own',
  'retrieve-own',
  'retriever-answered',
  'retriever-ready',
  'retriever-ready',
  'retriever-fails',
  'recall-answered',
  'recall-answered',
  'recall-ready',
  'recall-ready',
  'recall-refused',
  'parker-signed-out',
  'recall-leg-fails',
  'snooze',
  'slot-owner-deleted',
  'ring-group-changes',
  'group-saved',
  'group-deleted',
  'ring-group-answers',
  'ring-group-gives-up',
  'a-little-time',
  'much-time',
  'stale-report',
] as const;

const event: fc.Arbitrary<Event> = fc.record({
  what: fc.constantFrom(...happenings),
  a: fc.nat(1000),
  b: fc.nat(1000),
});

const destination: fc.Arbitrary<RecallDestination> = fc.constantFrom(
  { kind: 'parker' as const },
  {
    kind: 'parker-then-ring-group' as const,
    ringGroupId: ringGroupId('sales'),
    waitMs: 20_000,
  },
  { kind: 'ring-group' as const, ringGroupId: ringGroupId('sales') },
);

const recallSettings: fc.Arbitrary<RecallSettings> = fc.record({
  timerMs: fc.constantFrom(1000, 30_000, 300_000),
  retryMs: fc.constant(10_000),
  destination,
});

const history = fc.record({
  recall: recallSettings,
  cap: fc.integer({ min: 1, max: 3 }),
  events: fc.array(event, { minLength: 5, maxLength: 120, size: 'max' }),
});

function pick<T>(items: readonly T[], choice: number): T | undefined {
  return items[choice % Math.max(1, items.length)];
}

function happen(world: ParkWorld, { what, a, b }: Event): void {
  const user = users[b % users.length] ?? party('101');
  const call = pick(world.lot.calls(testTenant), a);
  const parkId = call?.facts.parkId;
  const leg = pick(world.openLegs(), a);
  const retriever = leg?.kind === 'retriever' ? leg : undefined;
  const recalled = leg?.kind === 'recall' ? leg : undefined;
  switch (what) {
    case 'park': {
      const caller = pick(world.callers, a);
      if (caller?.place.kind === 'with' || caller?.place.kind === 'music') world.park(caller, user);
      return;
    }
    case 'park-to-group': {
      const caller = pick(world.callers, a);
      if (caller?.place.kind === 'with') world.parkToGroup(caller, caller.place.user);
      return;
    }
    case 'music-started':
    case 'music-failed':
      if (parkId !== undefined) world.tell(parkId, { kind: what });
      return;
    case 'cancel-park':
      if (parkId !== undefined) world.tell(parkId, { kind: 'cancel' });
      return;
    case 'parker-hangs-up':
      if (parkId !== undefined) world.tell(parkId, { kind: 'parker-gone' });
      return;
    case 'caller-hangs-up': {
      const caller = pick(world.callers, a);
      if (caller !== undefined && b % 3 === 0) world.hangUp(caller);
      return;
    }
    case 'retrieve-by-slot': {
      const slot = pick(users, a);
      if (slot !== undefined) world.retrieve(user, { kind: 'slot', slot: slot.extension });
      return;
    }
    case 'retrieve-own': {
      const own = world.groupOf(user.extension);
      const groupIds = own === undefined ? [] : [own.id];
      world.retrieve(user, { kind: 'own', slot: user.extension, groupIds });
      return;
    }
    case 'retrieve-by-id': {
      const known = pick([...world.lives.keys()], a);
      if (known !== undefined) world.retrieve(user, { kind: 'park-id', parkId: known });
      return;
    }
    case 'retriever-answered':
      if (retriever === undefined) return;
      world.tell(retriever.park, { kind: what, claim: retriever.number });
      return;
    case 'retriever-ready':
      if (retriever !== undefined) world.ready(retriever);
      return;
    case 'retriever-fails':
      if (retriever === undefined) return;
      retriever.phase = 'over';
      world.tell(retriever.park, {
        kind: 'retriever-failed',
        claim: retriever.number,
        reason: b % 2 === 0 ? 'gave-up' : 'no-ack',
      });
      return;
    case 'recall-answered':
      if (recalled?.phase === 'open') world.answer(recalled);
      return;
    case 'recall-ready':
      if (recalled?.phase === 'answered') world.ready(recalled);
      return;
    case 'recall-refused':
    case 'parker-signed-out':
    case 'recall-leg-fails':
      endRecall(world, recalled, what === 'parker-signed-out' ? 'unreachable' : 'refused');
      return;
    case 'snooze':
      if (parkId !== undefined) world.tell(parkId, { kind: 'snooze', by: user });
      return;
    case 'slot-owner-deleted':
      if (call !== undefined) world.removeOwner(call.facts.slot);
      return;
    case 'ring-group-changes':
      world.ringGroup = b % 2 === 0 ? 'usable' : 'unusable';
      return;
    case 'group-saved':
      saveGroup(world, a, b);
      return;
    case 'group-deleted':
      if (a % 3 === 0) world.groups.delete(pick(groupIds, b) ?? support);
      return;
    case 'ring-group-answers':
    case 'ring-group-gives-up': {
      const caller = pick(world.callers, a);
      const answeredBy = what === 'ring-group-answers' ? user : null;
      if (caller !== undefined) world.ringGroupEnds(caller, answeredBy);
      return;
    }
    case 'a-little-time':
      world.pass(a * 7);
      return;
    case 'much-time':
      world.pass(a * 700);
      return;
    case 'stale-report':
      staleReport(world, a, b);
  }
}

/** An admin saves a group with other members and another recall; nobody is in two groups. */
function saveGroup(world: ParkWorld, a: number, b: number): void {
  const id = pick(groupIds, a) ?? support;
  const members = users
    .map(({ extension }) => extension)
    .filter((member, at) => ((b >> at) & 1) === 1 && (world.groupOf(member)?.id ?? id) === id);
  const recall = pick(recalls, b);
  if (recall !== undefined) world.groups.set(id, { members, recall });
}

/** The last device is out: every leg of that attempt is over before the report. */
function endRecall(
  world: ParkWorld,
  recalled: ParkWorld['legs'][number] | undefined,
  outcome: 'refused' | 'unreachable',
): void {
  if (recalled === undefined) return;
  for (const leg of world.openLegs()) {
    if (leg.kind === 'recall' && leg.park === recalled.park && leg.number === recalled.number) {
      leg.phase = 'over';
    }
  }
  world.tell(recalled.park, { kind: 'recall-ended', attempt: recalled.number, outcome });
}

/** Whatever was true once is said again when it is not any more. */
function staleReport(world: ParkWorld, a: number, b: number): void {
  const old = pick(
    world.legs.filter((leg) => leg.phase === 'over' || leg.phase === 'connected'),
    a,
  );
  if (old === undefined) return;
  const { park, number, name } = old;
  if (old.kind === 'retriever') {
    const kind = b % 2 === 0 ? 'retriever-ready' : 'retriever-answered';
    if (b % 3 === 0)
      world.tell(park, { kind: 'retriever-failed', claim: number, reason: 'no-ack' });
    else world.tell(park, { kind, claim: number });
    return;
  }
  const live = world.openLegs().some((leg) => leg.park === park && leg.number === number);
  // A report of an attempt that still rings on another device is not stale.
  if (live || world.lot.get(park)?.state.kind === 'recalling') return;
  if (b % 2 === 0) world.tell(park, { kind: 'recall-answered', attempt: number, leg: name });
  else world.tell(park, { kind: 'recall-ended', attempt: number - 1, outcome: 'unanswered' });
}

type Life = ParkWorld['lives'] extends ReadonlyMap<unknown, infer Each> ? Each : never;

/** What a life was besides its end, to see that histories get everywhere. */
function specialsOf({ group, forwarded, journal }: Life): readonly string[] {
  const moved = journal.some(({ kind }) => kind === 'moved') ? ['moved'] : [];
  if (group === null) return moved;
  return ['group', ...(forwarded ? ['group forwarded'] : []), ...moved];
}

describe('over thousands of random histories', () => {
  it('no caller is in two places, lost, or handed out twice', { timeout: 120_000 }, () => {
    const reached = new Map<string, number>();
    fc.assert(
      fc.property(history, ({ recall, cap, events }) => {
        const world = newWorld(recall, cap);
        for (const each of events) {
          happen(world, each);
          world.check();
        }
        for (const life of world.lives.values()) {
          const last = life.journal.at(-1)?.kind ?? 'none';
          reached.set(last, (reached.get(last) ?? 0) + 1);
          for (const special of specialsOf(life)) {
            reached.set(special, (reached.get(special) ?? 0) + 1);
          }
        }
      }),
      { numRuns: 4000 },
    );
    // The histories are worth something only if they get everywhere.
    const group = ['group', 'group forwarded', 'moved'];
    for (const end of ['retrieved', 'returned', 'abandoned', 'forwarded', 'failed', ...group]) {
      expect(reached.get(end) ?? 0, `histories that end ${end}`).toBeGreaterThan(50);
    }
  });

  it('every caller who stays gets back to somebody once a parker picks up', () => {
    fc.assert(
      fc.property(history, ({ recall, cap, events }) => {
        const world = newWorld(recall, cap);
        for (const each of events) happen(world, each);
        letParkersAnswer(world);
        for (const caller of world.callers) {
          expect(['with', 'ring-group', 'hung-up']).toContain(caller.place.kind);
        }
        expect(world.lot.size).toBe(0);
      }),
      { numRuns: 1500 },
    );
  });

  it('a server that stops leaves nothing behind, and says that those calls were lost', () => {
    fc.assert(
      fc.property(history, ({ recall, cap, events }) => {
        const world = newWorld(recall, cap);
        for (const each of events) happen(world, each);
        for (const { facts } of world.lot.calls(testTenant)) {
          world.tell(facts.parkId, { kind: 'server-stopping' });
          expect(world.lives.get(facts.parkId)?.journal.at(-1)).toEqual({ kind: 'lost' });
        }
        world.check();
        expect(world.lot.size).toBe(0);
        expect(world.openLegs()).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});

/** Parks finish, retrievers give up, and whoever is recalled answers. */
function letParkersAnswer(world: ParkWorld): void {
  for (const { facts, state } of world.lot.calls(testTenant)) {
    if (state.kind === 'parking') world.tell(facts.parkId, { kind: 'music-started' });
  }
  for (let round = 0; round < 20 && world.lot.size > 0; round += 1) {
    for (const leg of world.openLegs()) {
      if (leg.phase === 'over' || leg.phase === 'connected') continue;
      const call = world.lot.get(leg.park);
      if (call === undefined || isEnded(call.state)) continue;
      settleLeg(world, leg);
      world.check();
    }
    world.passToNextDeadline();
  }
}

function settleLeg(world: ParkWorld, leg: ParkWorld['legs'][number]): void {
  if (leg.kind === 'retriever') {
    leg.phase = 'over';
    world.tell(leg.park, { kind: 'retriever-failed', claim: leg.number, reason: 'no-media' });
    return;
  }
  if (leg.phase === 'open') world.answer(leg);
  if (leg.phase === 'answered') world.ready(leg);
}
