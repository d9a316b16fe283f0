import { describe, expect, it } from 'vitest';
import {
  findHistory,
  HISTORY_KINDS,
  writeHistoryCsv,
  type HistoryEntry,
} from '../../../../shared/phone/history.ts';

const entries: readonly HistoryEntry[] = HISTORY_KINDS.map((kind, n) => ({
  id: kind,
  at: Date.UTC(2026, 0, 2, 3, 4, n),
  name: kind === 'missed' ? 'Müller, Eva' : '',
  number: `030123450${n}`,
  kind,
  lastedMs: n * 1000,
}));
const kinds = (filter: Parameters<typeof findHistory>[1]['filter'], search = '') =>
  findHistory(entries, { filter, search }).map(({ kind }) => kind);

describe('the history', () => {
  it.each([
    ['all', [...HISTORY_KINDS]],
    ['missed', ['missed']],
    ['incoming', ['incoming', 'missed', 'elsewhere', 'recalled']],
    ['outgoing', ['outgoing']],
    ['parked', ['retrieved', 'recalled', 'parked']],
  ] as const)('shows %s', (filter, expected) => expect(kinds(filter)).toEqual(expected));

  it('is searched by name and by number, within the filter', () => {
    expect(kinds('all', 'muller')).toEqual(['missed']);
    expect(kinds('all', '1234503')).toEqual(['elsewhere']);
    expect(kinds('outgoing', 'muller')).toEqual([]);
  });

  it('is written as a table', () => {
    const quality = { mos: 4.34, loss: 0, jitterMs: 1, roundTripMs: null };
    const text = writeHistoryCsv(entries.slice(2, 4).map((entry) => ({ ...entry, quality })));
    expect(text.split('\r\n')).toEqual([
      'Time,Kind,Name,Number,Seconds,MOS',
      '2026-01-02T03:04:02.000Z,missed,"Müller, Eva",0301234502,2,4.3',
      '2026-01-02T03:04:03.000Z,elsewhere,,0301234503,3,4.3',
      '',
    ]);
  });
});
