import { describe, expect, it } from 'vitest';
import { EndedParks, defaultEndedParksLimits } from '../../../../shared/domain/ended-parks.ts';
import { addMs, groupId, tenantId } from '../../../../shared/domain/ids.ts';
import type { ParkInput, StepContext } from '../../../../shared/domain/park-input.ts';
import { localClaims, ParkLot, type ClaimTarget } from '../../../../shared/domain/park-lot.ts';
import type { ParkFacts } from '../../../../shared/domain/park-state.ts';
import { extension, parkFacts, parkIdOf, party, startOfTest } from '../../../fakes/parked-calls.ts';

const caps = { perExtension: 10, perTenant: 1000 };
const at = (seconds: number): StepContext => ({
  now: addMs(startOfTest, seconds * 1000),
  ringGroup: 'unusable',
});
const alice = party('102', 'Alice');
const carol = party('103', 'Carol');
const on102: ClaimTarget = { kind: 'slot', slot: extension('102') };

/** Parks call number `n`; its caller is on music `n` seconds after the start. */
function park(lot: ParkLot, n: number, changes: Partial<ParkFacts> = {}): ParkFacts {
  const facts = parkFacts({ parkId: parkIdOf(n), callerLeg: `leg-${n}`, ...changes });
  expect(lot.begin(facts, caps)).toMatchObject({ ok: true });
  lot.apply(facts.parkId, { kind: 'music-started' }, at(n));
  return facts;
}

function claim(lot: ParkLot, target: ClaimTarget, retriever = carol, seconds = 20) {
  const { tenantId } = parkFacts();
  return lot.claim({ tenantId, target, retriever, mayTake: () => true }, at(seconds));
}

function finish(lot: ParkLot, facts: ParkFacts, input: ParkInput, seconds = 20) {
  return lot.apply(facts.parkId, input, at(seconds));
}

describe('parking', () => {
  it('refuses one call more than the cap, counting the calls that are being parked', () => {
    const lot = new ParkLot();
    const strict = { ...caps, perExtension: 1 };
    const first = parkFacts();
    const second = parkFacts({ parkId: parkIdOf(2), callerLeg: 'other' });
    expect(lot.begin(first, strict).ok).toBe(true);
    expect(lot.begin(second, strict)).toEqual({ ok: false, error: 'slot-full' });
    lot.apply(first.parkId, { kind: 'music-failed' }, at(0));
    expect(lot.begin(second, strict).ok).toBe(true);
  });

  it('refuses a second park of the same call', () => {
    const lot = new ParkLot();
    lot.begin(parkFacts(), caps);
    const again = lot.begin(parkFacts({ parkId: parkIdOf(2) }), caps);
    expect(again).toEqual({ ok: false, error: 'already-being-parked' });
  });

  it('refuses what goes over the tenant’s limit, and no other tenant’s', () => {
    const lot = new ParkLot();
    const one = { ...caps, perTenant: 1 };
    lot.begin(parkFacts(), one);
    const next = { parkId: parkIdOf(2), callerLeg: 'other', slot: extension('103') };
    expect(lot.begin(parkFacts(next), one)).toEqual({ ok: false, error: 'tenant-full' });
    expect(lot.begin(parkFacts({ ...next, tenantId: tenantId('other') }), one).ok).toBe(true);
  });
});

describe('a claim by code', () => {
  it('gets the oldest call that nobody has claimed', () => {
    const lot = new ParkLot();
    const second = park(lot, 2);
    const first = park(lot, 1);
    expect(claim(lot, on102)).toMatchObject({ ok: true, value: { call: { facts: first } } });
    expect(claim(lot, on102)).toMatchObject({ ok: true, value: { call: { facts: second } } });
  });

  it('is told who has the call when all are claimed', () => {
    const lot = new ParkLot();
    park(lot, 1);
    claim(lot, on102, alice);
    expect(claim(lot, on102)).toEqual({ ok: false, error: { kind: 'taken', by: alice } });
  });

  it('is told who took it for 30 s, then that nothing is parked', () => {
    const lot = new ParkLot();
    const facts = park(lot, 1);
    const won = claim(lot, on102, alice);
    if (!won.ok) throw new Error('refused');
    finish(lot, facts, { kind: 'retriever-ready', claim: won.value.claim }, 20);
    expect(claim(lot, on102, carol, 50)).toMatchObject({
      ok: false,
      error: { kind: 'ended', how: { end: { kind: 'retrieved', by: alice } } },
    });
    expect(claim(lot, on102, carol, 51)).toEqual({ ok: false, error: { kind: 'nothing-parked' } });
  });

  it('finds nothing while the caller is not on music, or when a park has failed', () => {
    const lot = new ParkLot();
    const facts = parkFacts();
    lot.begin(facts, caps);
    expect(claim(lot, on102)).toEqual({ ok: false, error: { kind: 'nothing-parked' } });
    finish(lot, facts, { kind: 'music-failed' });
    expect(claim(lot, on102)).toEqual({ ok: false, error: { kind: 'nothing-parked' } });
  });

  it('of one’s own takes the own slot before the group, and of the group only what was parked to it', () => {
    const lot = new ParkLot();
    const group = { id: groupId('support'), name: 'Support' };
    const toGroup = park(lot, 1, { slot: extension('101'), group });
    park(lot, 2, { slot: extension('101') });
    const own = park(lot, 3, { slot: extension('103') });
    const mine: ClaimTarget = { kind: 'own', slot: extension('103'), groupIds: [group.id] };
    expect(claim(lot, mine)).toMatchObject({ ok: true, value: { call: { facts: own } } });
    expect(claim(lot, mine)).toMatchObject({ ok: true, value: { call: { facts: toGroup } } });
    expect(claim(lot, mine)).toMatchObject({ ok: false, error: { kind: 'taken' } });
    const alone: ClaimTarget = { kind: 'own', slot: extension('104'), groupIds: [] };
    expect(claim(lot, alone)).toMatchObject({ ok: false, error: { kind: 'nothing-parked' } });
  });
});

describe('a claim by id', () => {
  it('gets that call or none, however long others have waited', () => {
    const lot = new ParkLot();
    park(lot, 1);
    const second = park(lot, 2);
    const exact: ClaimTarget = { kind: 'park-id', parkId: second.parkId };
    expect(claim(lot, exact)).toMatchObject({ ok: true, value: { call: { facts: second } } });
    expect(claim(lot, exact)).toMatchObject({ ok: false, error: { kind: 'taken' } });
    finish(lot, second, { kind: 'caller-gone' });
    expect(claim(lot, exact, carol, 86_419)).toMatchObject({
      ok: false,
      error: { kind: 'ended', how: { end: { kind: 'abandoned' } } },
    });
    expect(claim(lot, exact, carol, 86_421)).toMatchObject({
      ok: false,
      error: { kind: 'nothing-parked' },
    });
  });

  it('names the parker while a recall that was answered is connected', () => {
    const lot = new ParkLot();
    const facts = park(lot, 1);
    finish(lot, facts, { kind: 'recall-now' });
    finish(lot, facts, { kind: 'recall-answered', attempt: 1, leg: 'a' });
    expect(claim(lot, { kind: 'park-id', parkId: facts.parkId })).toEqual({
      ok: false,
      error: { kind: 'taken', by: facts.parker },
    });
  });

  it('says of a call that may not be taken only what it says of a call that never was', () => {
    const lot = new ParkLot();
    const facts = park(lot, 1);
    const target: ClaimTarget = { kind: 'park-id', parkId: facts.parkId };
    const request = { tenantId: facts.tenantId, target, retriever: carol, mayTake: () => false };
    const nothing = { ok: false, error: { kind: 'nothing-parked' } };
    expect(lot.claim(request, at(5))).toEqual(nothing);
    expect(lot.get(facts.parkId)?.state.kind).toBe('parked');
    claim(lot, target, carol, 6);
    expect(lot.claim(request, at(7))).toEqual(nothing);
    finish(lot, facts, { kind: 'caller-gone' }, 7);
    expect(lot.claim(request, at(8))).toEqual(nothing);
  });
});

describe('another tenant', () => {
  it('sees, counts, takes and remembers nothing of this one’s', () => {
    const lot = new ParkLot();
    const facts = park(lot, 1);
    const other = tenantId('other');
    const ask = (target: ClaimTarget) =>
      lot.claim({ tenantId: other, target, retriever: carol, mayTake: () => true }, at(5));
    const nothing = { ok: false, error: { kind: 'nothing-parked' } };
    expect(ask(on102)).toEqual(nothing);
    expect(ask({ kind: 'park-id', parkId: facts.parkId })).toEqual(nothing);
    expect(lot.countOn(other, facts.slot)).toBe(0);
    expect(lot.waiting(other)).toEqual([]);
    finish(lot, facts, { kind: 'caller-gone' });
    expect(ask(on102)).toEqual(nothing);
    expect(ask({ kind: 'park-id', parkId: facts.parkId })).toEqual(nothing);
  });
});

describe('one hundred retrievers at once', () => {
  it.each([1, 2])(
    'share %i calls among as many winners, and the rest learn who won',
    async (calls) => {
      const lot = new ParkLot();
      for (let n = 1; n <= calls; n += 1) park(lot, n);
      const port = localClaims(lot);
      const { tenantId } = parkFacts();
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          port.claim(
            { tenantId, target: on102, retriever: party(`${200 + index}`), mayTake: () => true },
            at(20),
          ),
        ),
      );
      const winners = answers.filter((answer) => answer.ok);
      expect(winners).toHaveLength(calls);
      expect(new Set(winners.map((won) => won.ok && won.value.call.facts.parkId)).size).toBe(calls);
      for (const answer of answers) if (!answer.ok) expect(answer.error.kind).toBe('taken');
    },
  );
});

describe('the memory of ended calls', () => {
  it('is bounded, and forgets the oldest first', () => {
    const lot = new ParkLot(new EndedParks({ ...defaultEndedParksLimits, capacity: 2 }));
    const all = [1, 2, 3].map((n) => park(lot, n));
    for (const facts of all) finish(lot, facts, { kind: 'caller-gone' });
    const kinds = all.map((facts) => {
      const answer = claim(lot, { kind: 'park-id', parkId: facts.parkId });
      return answer.ok ? 'won' : answer.error.kind;
    });
    expect(kinds).toEqual(['nothing-parked', 'ended', 'ended']);
  });

  it('keeps a slot’s last end in its place although the slot ended one before', () => {
    const ended = new EndedParks();
    const lot = new ParkLot(ended);
    const early = park(lot, 1);
    const late = park(lot, 2);
    finish(lot, early, { kind: 'caller-gone' }, 10);
    finish(lot, late, { kind: 'caller-gone' }, 39);
    const elsewhere = park(lot, 3, { slot: extension('104') });
    finish(lot, elsewhere, { kind: 'caller-gone' }, 45);
    expect(ended.bySlot(late.tenantId, late.slot, at(60).now)?.parkId).toBe(late.parkId);
  });
});
