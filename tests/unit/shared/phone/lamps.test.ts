import { describe, expect, it } from 'vitest';
import {
  callLampOf,
  foldLamp,
  lampOf,
  lampSign,
  lampsToWatch,
  type LampTable,
} from '../../../../shared/phone/lamps.ts';
import { newBoard } from '../../../../shared/phone/park-board.ts';
import { dialogDocument } from '../../../fakes/dialog-documents.ts';

const CONFIRMED = { id: 'a', state: 'confirmed' } as const;
const RINGS = { id: 'b', state: 'early', direction: 'recipient' } as const;
const CALLS = { id: 'c', state: 'early', direction: 'initiator' } as const;

const told = (...documents: string[]) =>
  documents.reduce<LampTable>(
    (table, body) => foldLamp(table, { kind: 'document', body }).table,
    null,
  );
const full = (version: number, ...dialogs: Parameters<typeof dialogDocument>[1][number][]) =>
  dialogDocument({ version, state: 'full' }, dialogs);
const partial = (version: number, ...dialogs: Parameters<typeof dialogDocument>[1][number][]) =>
  dialogDocument({ version, state: 'partial' }, dialogs);

describe('what a colleague is doing', () => {
  it.each([
    ['nothing was heard', [], 'unknown'],
    ['no dialog', [full(0)], 'free'],
    ['an incoming call rings', [full(0, RINGS)], 'ringing'],
    ['they are calling somebody', [full(0, CALLS)], 'busy'],
    ['they talk', [full(0, CONFIRMED)], 'busy'],
    ['they talk and a second call rings', [full(0, CONFIRMED, RINGS)], 'busy'],
    [
      'the call is over',
      [full(0, CONFIRMED), full(1, { ...CONFIRMED, state: 'terminated' })],
      'free',
    ],
    [
      'only what changed was told',
      [full(0, CONFIRMED, RINGS), partial(1, { ...CONFIRMED, state: 'terminated' })],
      'ringing',
    ],
    ['an older document came late', [full(2, CONFIRMED), full(1)], 'busy'],
    ['a server never counts up', [full(0, CONFIRMED), full(0)], 'free'],
    ['a change was missed', [full(0), partial(2, RINGS)], 'unknown'],
    ['the document is no document', [full(0), '<nonsense'], 'unknown'],
  ] as const)('when %s', (_what, documents, lamp) => {
    expect(callLampOf(told(...documents))).toBe(lamp);
  });

  it.each(['lost', 'unsupported', 'subscribed'] as const)(
    'is unknown, never free, once the subscription is %s',
    (kind) => {
      const { table } = foldLamp(told(full(0)), { kind });
      expect(callLampOf(table)).toBe('unknown');
    },
  );

  it('is asked for anew after a gap', () => {
    expect(foldLamp(null, { kind: 'document', body: partial(4) }).gap).toBe(true);
    expect(foldLamp(told(full(0)), { kind: 'document', body: partial(1) }).gap).toBe(false);
  });
});

describe('a colleague’s lamp', () => {
  const board = newBoard('102');
  const entry = { extension: '101', registered: true, doNotDisturb: false };
  const sign = (owner: typeof entry | null, calls: LampTable) =>
    lampSign(lampOf(owner, board, { calls, parked: null }));

  it.each([
    ['busy before anything', { ...entry, registered: false }, told(full(0, CONFIRMED)), 'busy'],
    [
      'ringing though not to be disturbed',
      { ...entry, doNotDisturb: true },
      told(full(0, RINGS)),
      'ringing',
    ],
    ['signed out, not free', { ...entry, registered: false }, told(full(0)), 'signed-out'],
    [
      'not to be disturbed, not free',
      { ...entry, doNotDisturb: true },
      told(full(0)),
      'do-not-disturb',
    ],
    ['free', entry, told(full(0)), 'free'],
    ['signed in, not free, while nobody says so', entry, null, 'signed-in'],
    ['free without a directory', null, told(full(0)), 'free'],
    ['unknown', null, null, 'unknown'],
  ] as const)('is %s', (_what, owner, calls, expected) =>
    expect(sign(owner, calls)).toBe(expected),
  );

  it('tells of a call parked there, by what is watched there', () => {
    const parked = told(full(0, CONFIRMED));
    expect(lampOf(entry, board, { calls: null, parked }).parked).toBe('some');
    expect(lampOf(entry, board, { calls: null, parked: told(full(0)) }).parked).toBe('none');
  });
});

describe('who is watched', () => {
  it('favourites first, each once, no more than there may be', () => {
    expect(lampsToWatch(['103', '101'], ['101', '102', '104'], 3)).toEqual(['103', '101', '102']);
  });
});
