import type { JournalLine } from '../../config/admin/journal.ts';

const COLUMNS = [
  'time',
  'what',
  'slot',
  'group',
  'parker',
  'caller name',
  'caller number',
  'by',
  'reason',
  'note',
  'park id',
] as const;

/** The first line of the export. */
export const journalCsvHeader = `${COLUMNS.join(',')}\r\n`;

/** One line of the export (RFC 4180). Times are UTC, in ISO 8601. */
export function journalCsvLine(line: JournalLine): string {
  const { caller } = line;
  const fields = [
    new Date(line.at).toISOString(),
    line.kind,
    line.slot,
    line.group === null ? '' : (line.group.name ?? line.group.id),
    line.parker,
    caller.anonymous ? 'anonymous' : caller.name,
    caller.anonymous ? '' : caller.number,
    line.by ?? '',
    line.reason ?? '',
    line.note ?? '',
    line.parkId,
  ];
  return `${fields.map(csvField).join(',')}\r\n`;
}

/**
 * One field. Spreadsheets run what starts with one of `= + - @`, a tab or a return as a formula, and a caller chooses
 * their own name: an apostrophe in front makes it text.
 */
export function csvField(text: string): string {
  const harmless = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
