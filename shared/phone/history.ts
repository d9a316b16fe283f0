import { z } from 'zod';
import { assertNever } from '../domain/assert-never.ts';
import { writeCsv } from './csv-table.ts';
import { hasWords, searchWords } from './word-search.ts';

export const HISTORY_KINDS = [
  'incoming',
  'outgoing',
  'missed',
  'elsewhere',
  'retrieved',
  'recalled',
  'parked',
] as const;

export const historyEntrySchema = z.object({
  id: z.string(),
  /** When it began, ms since 1970. */
  at: z.number(),
  name: z.string(),
  number: z.string(),
  kind: z.enum(HISTORY_KINDS),
  /** Talking time, ms; 0 when it was not answered. */
  lastedMs: z.number(),
  /** When it was over, ms since 1970; absent in records of earlier versions. */
  endedAt: z.number().optional().catch(undefined),
  /** What was dialled, whoever answered there and whatever became of it; absent where nothing was. */
  dialled: z.string().optional().catch(undefined),
  /** How it sounded over its whole length; absent where nothing was measured. */
  quality: z
    .object({
      /** Mean opinion score estimated (ITU-T G.107 simplified), 1.0–4.5. */
      mos: z.number(),
      /** Share of packets lost on the way to us, 0–1. */
      loss: z.number(),
      jitterMs: z.number(),
      roundTripMs: z.number().nullable(),
    })
    .optional()
    .catch(undefined),
});
export type HistoryEntry = Readonly<z.infer<typeof historyEntrySchema>>;

export const HISTORY_FILTERS = ['all', 'missed', 'incoming', 'outgoing', 'parked'] as const;
export type HistoryFilter = (typeof HISTORY_FILTERS)[number];

/** The entries of one kind that contain every word typed, by name or number. */
export function findHistory<Entry extends HistoryEntry>(
  entries: readonly Entry[],
  { filter, search }: { readonly filter: HistoryFilter; readonly search: string },
): readonly Entry[] {
  const words = searchWords(search);
  return entries.filter(
    (entry) => passes(entry.kind, filter) && hasWords(words, [entry.name, entry.number]),
  );
}

function passes(kind: HistoryEntry['kind'], filter: HistoryFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'missed':
    case 'outgoing':
      return kind === filter;
    case 'incoming':
      return (
        kind === 'incoming' || kind === 'missed' || kind === 'elsewhere' || kind === 'recalled'
      );
    case 'parked':
      return kind === 'parked' || kind === 'retrieved' || kind === 'recalled';
    default:
      return assertNever(filter);
  }
}

/** One name for each entry and each day, so that rows stay themselves when others come and go. */
export function historyKey({ id, at }: HistoryEntry): string {
  return `${at}-${id}`;
}

/** A table of the entries: UTC time, kind, name, number, seconds talked, estimated MOS. */
export function writeHistoryCsv(entries: readonly HistoryEntry[]): string {
  const rows = entries.map(({ at, kind, name, number, lastedMs, quality }) => [
    new Date(at).toISOString(),
    kind,
    name,
    number,
    String(Math.round(lastedMs / 1000)),
    quality === undefined ? '' : quality.mos.toFixed(1),
  ]);
  return writeCsv([['Time', 'Kind', 'Name', 'Number', 'Seconds', 'MOS'], ...rows]);
}
