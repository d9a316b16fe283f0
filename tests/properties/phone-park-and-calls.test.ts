import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addMs } from '../../shared/domain/ids.ts';
import type { CallInput } from '../../shared/phone/call-input.ts';
import { conferenceOf, mixOf } from '../../shared/phone/call-conference.ts';
import type { CallList } from '../../shared/phone/call.ts';
import { noCalls, stepCalls } from '../../shared/phone/call-list.ts';
import { boardMood, foldBoard, newBoard, type BoardInput } from '../../shared/phone/park-board.ts';
import type { ParkReport } from '../../shared/phone/park-report.ts';
import { startOfTest } from '../fakes/parked-calls.ts';

const party = { name: null, number: '103' };
const call = fc.constantFrom('a', 'b', 'c', 'd');
const final = fc.record({
  status: fc.constantFrom(0, 403, 404, 410, 480, 486, 503),
  phrase: fc.constant('Phrase'),
  reasonText: fc.constant(null),
});

const plainKinds = [
  'answer',
  'hang-up',
  'hold',
  'resume',
  'mute',
  'unmute',
  'split',
  'forget',
  'rings',
  'hold-done',
  'hold-done',
  'hold-failed',
  'resume-done',
  'resume-failed',
  'refer-accepted',
] as const;

const callInput: fc.Arbitrary<CallInput> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom(...plainKinds), call }) },
  fc.record({
    kind: fc.constant('dial' as const),
    call,
    target: fc.constant('103'),
    party: fc.constant(party),
    purpose: fc.constantFrom(
      { kind: 'call' as const },
      { kind: 'retrieve' as const, cardId: 'k3n5' },
    ),
  }),
  fc.record({
    kind: fc.constant('came-in' as const),
    call,
    party: fc.constant(party),
    recall: fc.constant(null),
  }),
  fc.record({ kind: fc.constant('join' as const), call, other: call }),
  fc.record({ kind: fc.constant('answered' as const), call, party: fc.constant(null) }),
  fc.record({ kind: fc.constant('refused' as const), call, final }),
  fc.record({
    kind: fc.constant('gone' as const),
    call,
    why: fc.constantFrom('bye' as const, 'cancel' as const, 'connection-lost' as const),
  }),
  fc.record({
    kind: fc.constant('transfer' as const),
    call,
    target: fc.constant({ kind: 'park' as const, code: '*68', note: null }),
  }),
  fc.record({ kind: fc.constant('refer-failed' as const), call, final }),
  fc.record({
    kind: fc.constant('refer-succeeded' as const),
    call,
    receipt: fc.constant(null),
  }),
  fc.record({ kind: fc.constant('refer-overdue' as const), call, refer: fc.constant(1) }),
);

/** Chance alone seldom gets three people into one conversation: some histories begin with it. */
const inConference: readonly CallInput[] = [
  { kind: 'came-in', call: 'a', party, recall: null },
  { kind: 'answer', call: 'a' },
  { kind: 'answered', call: 'a', party: null },
  { kind: 'came-in', call: 'b', party, recall: null },
  { kind: 'answer', call: 'b' },
  { kind: 'hold-done', call: 'a' },
  { kind: 'answered', call: 'b', party: null },
  { kind: 'join', call: 'b', other: 'a' },
];

const history = fc
  .tuple(
    fc.constantFrom<readonly CallInput[]>([], inConference),
    fc.array(callInput, { maxLength: 60, size: 'max' }),
  )
  .map(([before, inputs]) => [...before, ...inputs]);

/** Effects that would talk to the network about a call must be about one that the network knows. */
function checkCalls(list: CallList): void {
  const active = list.calls.filter(({ state }) => state.kind === 'active');
  const alone = active.filter(({ company }) => company === 'alone');
  const inEar = alone.length + (active.length > alone.length ? 1 : 0);
  expect(inEar, 'two conversations in one ear').toBeLessThanOrEqual(1);
  expect([0, 2], 'a conference of so many').toContain(conferenceOf(list).length);
  for (const { state } of list.calls) {
    if (state.kind !== 'waiting') continue;
    const inTheWay = list.calls.find((each) => each.id === state.holding)?.state.kind;
    expect(['holding', 'resuming', 'answering'], 'waits for nothing').toContain(inTheWay);
  }
}

describe('over thousands of random histories of a phone', () => {
  it('nobody hears two calls, and no call waits for nothing', () => {
    fc.assert(
      fc.property(history, (inputs) => {
        let list = noCalls();
        let mixed: readonly string[] = [];
        const microphones = new Map<string, string>();
        inputs.forEach((input, index) => {
          const before = list;
          const step = stepCalls(list, input, addMs(startOfTest, index * 1000));
          list = step.list;
          checkCalls(list);
          for (const effect of step.effects) {
            if (effect.kind === 'mix') mixed = effect.calls;
            if (effect.kind === 'set-microphone') microphones.set(effect.call, effect.to);
            if (effect.kind !== 'end') continue;
            const was = before.calls.find((each) => each.id === effect.call)?.state.kind;
            expect(was, 'ended twice').not.toBe('ended');
          }
          // A forgotten call's name may be another call's here.
          if (input.kind === 'forget' && !list.calls.some(({ id }) => id === input.call))
            microphones.delete(input.call);
          for (const { id, state, microphone } of list.calls) {
            if (state.kind !== 'active') continue;
            expect(microphones.get(id) ?? 'open', 'heard as the user chose').toBe(microphone);
          }
          expect(mixed, 'mixed is what is heard together').toEqual(mixOf(list));
        });
      }),
      { numRuns: 4000 },
    );
  });
});

const ids = ['k1', 'k2', 'k3', 'k4'];
const report: fc.Arbitrary<ParkReport> = fc.record({
  id: fc.constantFrom(...ids),
  retrieveTarget: fc.constant('sip:*88102@pbx.test'),
  caller: fc.constant(null),
  slot: fc.constant('102'),
  group: fc.constant(null),
  parker: fc.constant({ extension: '101', name: 'Bob' }),
  note: fc.constant(null),
  recallTo: fc.constant(null),
  recallGroup: fc.constant(null),
  alertsParker: fc.boolean(),
  times: fc.constant({ now: null, parkedAt: null, recallAt: null }),
  state: fc.constantFrom(
    { kind: 'parked' as const },
    { kind: 'recalling' as const },
    { kind: 'ended' as const, how: { kind: 'caller-gone' as const } },
  ),
});
const boardInput: fc.Arbitrary<BoardInput> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('notified' as const),
      notify: fc.record({
        version: fc.nat(20),
        scope: fc.constantFrom('full' as const, 'partial' as const),
        reports: fc.uniqueArray(report, { maxLength: 4, selector: ({ id }) => id }),
      }),
    }),
  },
  fc.record({
    kind: fc.constantFrom(
      'subscribed' as const,
      'unreadable' as const,
      'subscription-lost' as const,
      'tick' as const,
    ),
  }),
  fc.record({ kind: fc.constant('retrieve-pressed' as const), id: fc.constantFrom(...ids) }),
  fc.record({ kind: fc.constant('retrieve-succeeded' as const), id: fc.constantFrom(...ids) }),
);

describe('over thousands of random NOTIFYs', () => {
  it('a card keeps its number, nothing is shown twice, and unknown is never shown as empty', () => {
    fc.assert(
      fc.property(fc.array(boardInput, { maxLength: 60, size: 'max' }), (inputs) => {
        let board = newBoard('102');
        inputs.forEach((input, index) => {
          const before = board;
          const step = foldBoard(board, input, addMs(startOfTest, index * 700));
          board = step.board;
          expect(new Set(board.cards.map(({ id }) => id)).size).toBe(board.cards.length);
          const numbers = board.cards.flatMap(({ number }) => (number === null ? [] : [number]));
          expect(new Set(numbers).size).toBe(numbers.length);
          for (const card of board.cards) {
            const was = before.cards.find(({ id }) => id === card.id);
            if (was !== undefined && was.number !== null) expect(card.number).toBe(was.number);
          }
          if (board.sync.kind !== 'live') expect(boardMood(board)).toBe('unknown');
          const retrieves = step.effects.filter(({ kind }) => kind === 'retrieve');
          if (before.retrieving !== null) expect(retrieves).toEqual([]);
        });
      }),
      { numRuns: 3000 },
    );
  });
});
