import { TOKEN } from './characters.ts';
import { percentDecode, percentEncode } from './percent.ts';
import { formatParams } from './params.ts';
import { Scanner } from './scanner.ts';

/** Header fields of Parkline's own. All are optional, and other equipment ignores them. */
export const PARK_HEADERS = {
  note: 'X-Park-Note',
  id: 'X-Park-Id',
  slot: 'X-Park-Slot',
  parker: 'X-Park-Parker',
  retrieve: 'X-Park-Retrieve',
  recallAt: 'X-Park-Recall-At',
  recall: 'X-Park-Recall',
} as const;

/** Characters of a park note, decoded. */
export const MAX_NOTE_LENGTH = 200;

/** The note of X-Park-Note, `%`-escapes resolved, control characters as spaces, cut to 200 characters. */
export function parseParkNote(value: string): string | undefined {
  const text = percentDecode(value)
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  const note = [...text].slice(0, MAX_NOTE_LENGTH).join('').trim();
  return note === '' ? undefined : note;
}

export const formatParkNote = (note: string): string =>
  percentEncode([...note].slice(0, MAX_NOTE_LENGTH).join(''), TOKEN);

/** X-Park-Recall: what the parker's phone is told about a call that rings back. */
export interface ParkRecall {
  /** From 1. */
  readonly attempt: number;
  readonly slot: string;
  /** Milliseconds since 1970. */
  readonly parkedAt: number;
}

export function formatParkRecall({ attempt, slot, parkedAt }: ParkRecall): string {
  const params = new Map([
    ['attempt', String(attempt)],
    ['slot', slot],
    ['parked-at', new Date(parkedAt).toISOString()],
  ]);
  return formatParams(params).slice(1);
}

export function parseParkRecall(value: string): ParkRecall | undefined {
  const scanner = new Scanner(`;${value}`);
  const params = scanner.params();
  const attempt = Number(params?.get('attempt'));
  const slot = params?.get('slot');
  const parkedAt = Date.parse(params?.get('parked-at') ?? '');
  if (
    !scanner.done ||
    !Number.isSafeInteger(attempt) ||
    attempt < 1 ||
    !slot ||
    Number.isNaN(parkedAt)
  )
    return undefined;
  return { attempt, slot, parkedAt };
}
