import { journalKindSchema } from '../../../shared/config/admin/live.ts';
import { isExtension } from '../../../shared/domain/ids.ts';
import { query } from './api.ts';
import type { Problem, Problems } from './problem.ts';

/** What became of parked calls, in the journal's words. */
export const JOURNAL_KINDS = journalKindSchema.options;

/** What is looked for, as it is typed; empty: anything. */
export interface JournalFilterDraft {
  /** Local time, `2026-01-31T08:00`. */
  readonly from: string;
  readonly to: string;
  readonly slot: string;
  readonly parker: string;
  readonly caller: string;
  readonly how: (typeof JOURNAL_KINDS)[number] | 'any';
}

export const anything: JournalFilterDraft = {
  from: '',
  to: '',
  slot: '',
  parker: '',
  caller: '',
  how: 'any',
};

export function checkFilter({ from, to, slot, parker }: JournalFilterDraft): Problems {
  const problems: Record<string, Problem> = {};
  const wrong = (text: string) => text.trim() !== '' && !isExtension(text.trim());
  if (wrong(slot)) problems['slot'] = { id: 'error.not-an-extension' };
  if (wrong(parker)) problems['parker'] = { id: 'error.not-an-extension' };
  const [begin, end] = [timeOf(from), timeOf(to)];
  if (begin !== undefined && end !== undefined && end <= begin) {
    problems['to'] = { id: 'problem.ends-before' };
  }
  return problems;
}

/** @param more what else belongs to the request */
export function journalQuery(
  { from, to, slot, parker, caller, how }: JournalFilterDraft,
  more: { readonly before?: number; readonly limit?: number } = {},
): string {
  return query({
    from: timeOf(from),
    to: timeOf(to),
    slot: slot.trim(),
    parker: parker.trim(),
    caller: caller.trim(),
    how: how === 'any' ? '' : how,
    ...more,
  });
}

function timeOf(local: string): number | undefined {
  const at = local === '' ? Number.NaN : new Date(local).getTime();
  return Number.isNaN(at) ? undefined : at;
}
