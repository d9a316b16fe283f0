import { describe, expect, it } from 'vitest';
import { addMs, ringGroupId } from '../../../../shared/domain/ids.ts';
import type { ParkInput, StepContext } from '../../../../shared/domain/park-input.ts';
import type { ParkedCall, ParkState } from '../../../../shared/domain/park-state.ts';
import { step } from '../../../../shared/domain/parked-call.ts';
import { parkFacts, party, startOfTest } from '../../../fakes/parked-calls.ts';

const t0 = startOfTest;
const at = (seconds: number) => addMs(t0, seconds * 1000);
const alice = party('102', 'Alice');
const carol = party('103', 'Carol');
const parked = { kind: 'parked', parkedAt: t0, attempts: 0, recallAt: at(300) } as const;
const recalling = { kind: 'recalling', parkedAt: t0, attempts: 1, ringUntil: at(500) } as const;
const suspended = { kind: 'recall-suspended', parkedAt: t0, attempts: 1, leftMs: 60_000 } as const;
const retrieving = { kind: 'retrieving', retriever: alice, claim: 7 } as const;

/** Every state, `retrieving` once for each state it can return to. The call is at version 7. */
const states = {
  parking: { kind: 'parking', parkerLeg: 'up' },
  'parking, parker gone': { kind: 'parking', parkerLeg: 'gone' },
  parked,
  recalling,
  'retrieving from parked': { ...retrieving, before: parked },
  'retrieving from recalling': { ...retrieving, before: recalling },
  'retrieving from suspended': { ...retrieving, before: suspended },
  returning: { kind: 'returning', parkedAt: t0, attempts: 1, leg: 'leg-a' },
  retrieved: { kind: 'retrieved', at: t0, by: alice },
  returned: { kind: 'returned', at: t0 },
  abandoned: { kind: 'abandoned', at: t0 },
  forwarded: { kind: 'forwarded', at: t0, ringGroupId: ringGroupId('sales') },
  failed: { kind: 'failed', at: t0, reason: 'no-music' },
  lost: { kind: 'lost', at: t0 },
} as const satisfies Record<string, ParkState>;

/** Every input, and its stale or late twin where there can be one. */
const inputs = {
  'music-started': { kind: 'music-started' },
  'music-failed': { kind: 'music-failed' },
  cancel: { kind: 'cancel' },
  'parker-gone': { kind: 'parker-gone' },
  'caller-gone': { kind: 'caller-gone' },
  claim: { kind: 'claim', retriever: carol, version: 7 },
  'claim of an old version': { kind: 'claim', retriever: carol, version: 6 },
  'retriever-answered': { kind: 'retriever-answered', claim: 7 },
  'retriever-ready': { kind: 'retriever-ready', claim: 7 },
  'retriever-failed': { kind: 'retriever-failed', claim: 7, reason: 'no-ack' },
  'old retriever-answered': { kind: 'retriever-answered', claim: 3 },
  'old retriever-ready': { kind: 'retriever-ready', claim: 3 },
  'old retriever-failed': { kind: 'retriever-failed', claim: 3, reason: 'gave-up' },
  'deadline of recall': { kind: 'deadline', deadline: at(300) },
  'deadline of ringing': { kind: 'deadline', deadline: at(500) },
  'old deadline': { kind: 'deadline', deadline: at(1) },
  'recall-answered': { kind: 'recall-answered', attempt: 1, leg: 'leg-b' },
  'old recall-answered': { kind: 'recall-answered', attempt: 9, leg: 'leg-b' },
  'recall-ready': { kind: 'recall-ready', attempt: 1 },
  'old recall-ready': { kind: 'recall-ready', attempt: 9 },
  'recall refused': { kind: 'recall-ended', attempt: 1, outcome: 'refused' },
  'recall unanswered': { kind: 'recall-ended', attempt: 1, outcome: 'unanswered' },
  'recall unreachable': { kind: 'recall-ended', attempt: 1, outcome: 'unreachable' },
  'old recall-ended': { kind: 'recall-ended', attempt: 9, outcome: 'refused' },
  snooze: { kind: 'snooze', by: alice },
  'recall-now': { kind: 'recall-now' },
  'server-stopping': { kind: 'server-stopping' },
} as const satisfies Record<string, ParkInput>;

type StateName = keyof typeof states;
type InputName = keyof typeof inputs;

/**
 * The table: where each input takes each state, and what has to be done, in order. A pair that is not listed changes
 * nothing and has no effects. `j:` is a journal entry, `p!`/`p~` publish at once/coalesced,
 * `+t`/`-t` deadline set (seconds after the park)/cleared. The inputs come 300 s after the park.
 */
const table: { readonly [S in StateName]?: { readonly [I in InputName]?: string } } = {
  parking: {
    'music-started': 'parked: report-park parked, j:parked, +t 600, p!',
    'music-failed': 'failed: reconnect-pair, report-park no-music, j:failed',
    cancel: 'failed: reconnect-pair, report-park cancelled, j:failed',
    'parker-gone': 'parking:',
    'caller-gone': 'abandoned: report-park caller-gone, end-parker, j:abandoned',
    'server-stopping': 'lost: report-park stopping, end-parker, release-caller, j:lost',
  },
  'parking, parker gone': {
    'music-started': 'parked: report-park parked, j:parked, +t 600, p!',
    'music-failed':
      'recalling: start-music, report-park no-music, j:parked, ring-recall 1, j:recall-started, +t 600, p!',
    cancel:
      'recalling: start-music, report-park cancelled, j:parked, ring-recall 1, j:recall-started, +t 600, p!',
    'caller-gone': 'abandoned: report-park caller-gone, j:abandoned',
    'server-stopping': 'lost: report-park stopping, release-caller, j:lost',
  },
  parked: {
    'caller-gone': 'abandoned: j:abandoned, -t, p!',
    claim: 'retrieving: -t, p~',
    'deadline of recall': 'recalling: ring-recall 1, j:recall-started, +t 600, p~',
    'recall-answered': 'parked: drop-recall-answer leg-b',
    'old recall-answered': 'parked: drop-recall-answer leg-b',
    snooze: 'parked: j:snoozed, +t 600, p~',
    'recall-now': 'recalling: ring-recall 1, j:recall-started, +t 600, p~',
    'server-stopping': 'lost: release-caller, j:lost, -t, p!',
  },
  recalling: {
    'caller-gone': 'abandoned: cancel-recall 1 caller-gone, j:abandoned, -t, p!',
    claim: 'retrieving: -t, p~',
    'deadline of ringing':
      'parked: cancel-recall 1 not-answered, j:recall-ended unanswered, +t 310, p~',
    'recall-answered': 'returning: -t, p~',
    'old recall-answered': 'recalling: drop-recall-answer leg-b',
    'recall refused': 'parked: j:recall-ended refused, +t 310, p~',
    'recall unanswered': 'parked: j:recall-ended unanswered, +t 310, p~',
    'recall unreachable': 'parked: j:recall-ended unreachable, +t 310, p~',
    snooze: 'parked: cancel-recall 1 snoozed, j:snoozed, +t 600, p~',
    'server-stopping': 'lost: cancel-recall 1 stopping, release-caller, j:lost, -t, p!',
  },
  'retrieving from parked': {
    'caller-gone': 'abandoned: end-retriever 7 caller-gone, j:abandoned, p!',
    'retriever-ready': 'retrieved: connect-retriever 7, j:retrieved, p!',
    'retriever-failed': 'parked: j:retrieve-failed no-ack, +t 300, p~',
    'recall-answered': 'retrieving: drop-recall-answer leg-b',
    'old recall-answered': 'retrieving: drop-recall-answer leg-b',
    snooze: 'retrieving: j:snoozed, p~',
    'recall-now': 'retrieving: p~',
    'server-stopping': 'lost: end-retriever 7 stopping, release-caller, j:lost, p!',
  },
  'retrieving from recalling': {
    'caller-gone':
      'abandoned: cancel-recall 1 caller-gone, end-retriever 7 caller-gone, j:abandoned, p!',
    'retriever-answered': 'retrieving: cancel-recall 1 retrieved, p~',
    'retriever-ready': 'retrieved: cancel-recall 1 retrieved, connect-retriever 7, j:retrieved, p!',
    'retriever-failed': 'recalling: j:retrieve-failed no-ack, +t 500, p~',
    'recall-answered': 'retrieving: drop-recall-answer leg-b, cancel-recall 1 retrieved, p~',
    'old recall-answered': 'retrieving: drop-recall-answer leg-b',
    'recall refused': 'retrieving: j:recall-ended refused, p~',
    'recall unanswered': 'retrieving: j:recall-ended unanswered, p~',
    'recall unreachable': 'retrieving: j:recall-ended unreachable, p~',
    'server-stopping':
      'lost: cancel-recall 1 stopping, end-retriever 7 stopping, release-caller, j:lost, p!',
  },
  'retrieving from suspended': {
    'caller-gone': 'abandoned: end-retriever 7 caller-gone, j:abandoned, p!',
    'retriever-ready': 'retrieved: connect-retriever 7, j:retrieved, p!',
    'retriever-failed':
      'recalling: j:retrieve-failed no-ack, ring-recall 2, j:recall-started, +t 360, p~',
    'recall-answered': 'retrieving: drop-recall-answer leg-b',
    'old recall-answered': 'retrieving: drop-recall-answer leg-b',
    'server-stopping': 'lost: end-retriever 7 stopping, release-caller, j:lost, p!',
  },
  returning: {
    'caller-gone': 'abandoned: cancel-recall 1 caller-gone, j:abandoned, p!',
    'recall-answered': 'returning: drop-recall-answer leg-b',
    'old recall-answered': 'returning: drop-recall-answer leg-b',
    'recall-ready': 'returned: connect-recall leg-a, j:returned, p!',
    'recall refused': 'parked: j:recall-ended refused, +t 310, p~',
    'recall unanswered': 'parked: j:recall-ended unanswered, +t 310, p~',
    'recall unreachable': 'parked: j:recall-ended unreachable, +t 310, p~',
    'server-stopping': 'lost: cancel-recall 1 stopping, release-caller, j:lost, p!',
  },
};

const terminal: readonly StateName[] = [
  'retrieved',
  'returned',
  'abandoned',
  'forwarded',
  'failed',
  'lost',
];

describe('the life of a parked call', () => {
  const now = at(300);
  const context: StepContext = { now, ringGroup: 'unusable' };

  for (const stateName of Object.keys(states) as StateName[]) {
    for (const inputName of Object.keys(inputs) as InputName[]) {
      const expected = table[stateName]?.[inputName];
      const says = expected ?? 'nothing';
      it(`${stateName} × ${inputName} → ${says}`, () => {
        const call = callIn(states[stateName]);
        const done = step(call, inputs[inputName], context);
        if (expected === undefined) {
          expect(done.call).toBe(call);
          expect(done.effects).toEqual([]);
          return;
        }
        const moved = done.call.state !== call.state;
        expect(done.call.version).toBe(moved ? 8 : 7);
        expect(summary(done)).toBe(expected);
      });
    }
  }

  it.each(Object.keys(states) as StateName[])(
    '%s: another slot changes nothing else, and nothing at all of an ended call',
    (name) => {
      const call = callIn(states[name]);
      const done = step(call, { kind: 'slot-moved', to: carol.extension }, context);
      expect(done.call.state).toBe(call.state);
      if (terminal.includes(name)) return expect(done.call).toBe(call);
      expect(done.call).toMatchObject({ version: 8, facts: { slot: '103' } });
      const told = name.startsWith('parking') ? '' : ' j:moved, p!';
      expect(summary(done)).toBe(`${call.state.kind}:${told}`);
      expect(step(done.call, { kind: 'slot-moved', to: carol.extension }, context).effects).toEqual(
        [],
      );
    },
  );

  it('knows nothing but terminal states that absorb every input', () => {
    for (const name of terminal) expect(table[name]).toBeUndefined();
    const live = (Object.keys(states) as StateName[]).filter((name) => !terminal.includes(name));
    for (const name of live) expect(table[name]).toHaveProperty('caller-gone');
  });

  function summary(done: ReturnType<typeof step>): string {
    const effects = done.effects.map((effect) => {
      switch (effect.kind) {
        case 'journal': {
          const { entry } = effect;
          const detail =
            entry.kind === 'recall-ended'
              ? ` ${entry.outcome}`
              : entry.kind === 'retrieve-failed'
                ? ` ${entry.reason}`
                : '';
          return `j:${entry.kind}${detail}`;
        }
        case 'publish':
          return effect.urgency === 'at-once' ? 'p!' : 'p~';
        case 'schedule-deadline':
          return `+t ${(effect.at - t0) / 1000}`;
        case 'clear-deadline':
          return '-t';
        case 'report-park':
          return `report-park ${effect.outcome}`;
        case 'ring-recall':
          return `ring-recall ${effect.attempt}`;
        case 'cancel-recall':
          return `cancel-recall ${effect.attempt} ${effect.reason}`;
        case 'end-retriever':
          return `end-retriever ${effect.claim} ${effect.reason}`;
        case 'connect-retriever':
          return `connect-retriever ${effect.claim}`;
        case 'connect-recall':
        case 'drop-recall-answer':
          return `${effect.kind} ${effect.leg}`;
        default:
          return effect.kind;
      }
    });
    return `${done.call.state.kind}: ${effects.join(', ')}`.trimEnd();
  }
});

function callIn(state: ParkState): ParkedCall {
  return { facts: parkFacts(), version: 7, state };
}
