import { encodeUtf8 } from '../sip/message/utf8.ts';
import {
  checkContact,
  type Contact,
  type ContactDraft,
  type ContactFile,
  type ContactNumber,
  type ImportProblem,
  type NumberKind,
} from './contacts.ts';

/** A content line (RFC 6350 §3.3), unfolded. */
interface ContentLine {
  readonly line: number;
  readonly name: string;
  readonly parameters: readonly string[];
  readonly value: string;
}

interface Card {
  readonly line: number;
  readonly lines: ContentLine[];
}

/** Whether a file is vCards rather than a table. */
export function looksLikeVcard(text: string): boolean {
  return /^\uFEFF?\s*BEGIN:VCARD/i.test(text);
}

/** Reads vCards 3.0 and 4.0, and of 2.1 what telephones write. Each card that cannot be taken is named by its first line. */
export function readVcards(text: string): ContactFile {
  const contacts: ContactDraft[] = [];
  const problems: ImportProblem[] = [];
  const { cards, unfinished } = cardsOf(contentLines(text));
  for (const card of cards) {
    const checked = checkContact(draftOf(card));
    if (checked.kind === 'ok') contacts.push(checked.draft);
    else problems.push({ line: card.line, problem: checked.problem });
  }
  for (const line of unfinished) problems.push({ line, problem: 'unfinished-card' });
  if (cards.length === 0 && problems.length === 0)
    problems.push({ line: 1, problem: 'not-contacts' });
  return { contacts, problems: problems.toSorted((a, b) => a.line - b.line) };
}

function cardsOf(lines: readonly ContentLine[]) {
  const cards: Card[] = [];
  const unfinished: number[] = [];
  let open: Card | null = null;
  for (const line of lines) {
    const isCard = line.value.trim().toUpperCase() === 'VCARD';
    if (line.name === 'BEGIN' && isCard) {
      if (open !== null) unfinished.push(open.line);
      open = { line: line.line, lines: [] };
    } else if (line.name === 'END' && isCard) {
      if (open !== null) cards.push(open);
      open = null;
    } else open?.lines.push(line);
  }
  if (open !== null) unfinished.push(open.line);
  return { cards, unfinished };
}

function draftOf({ lines }: Card) {
  const values = (name: string) => lines.filter((line) => line.name === name);
  const structured =
    values('N')[0]
      ?.value.split(/(?<!\\);/)
      .map(unescaped) ?? [];
  const [family = '', given = ''] = structured;
  return {
    name: unescaped(values('FN')[0]?.value ?? '') || `${given} ${family}`.trim(),
    company: unescaped(values('ORG')[0]?.value.split(/(?<!\\);/)[0] ?? ''),
    numbers: values('TEL').map(numberOf),
  };
}

function numberOf({ parameters, value }: ContentLine): ContactNumber {
  const types = parameters.flatMap((parameter) =>
    parameter
      .replace(/^type=/i, '')
      .replaceAll('"', '')
      .toLowerCase()
      .split(','),
  );
  // A `tel` URI may have parameters of its own (RFC 3966).
  const number = unescaped(value).replace(/^(tel:[^;]*);.*$/i, '$1');
  return { kind: kindOf(types), number };
}

function kindOf(types: readonly string[]): NumberKind {
  if (types.includes('cell')) return 'mobile';
  if (types.includes('work')) return 'work';
  return types.includes('home') ? 'home' : 'other';
}

/** Folded lines joined (RFC 6350 §3.2); quoted-printable of 2.1 read. What is no content line is passed over. */
function contentLines(text: string): readonly ContentLine[] {
  const lines: { line: number; text: string }[] = [];
  text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .forEach((raw, index) => {
      const last = lines.at(-1);
      const soft = last !== undefined && isQuotedPrintable(last.text) && last.text.endsWith('=');
      if (soft) last.text = last.text.slice(0, -1) + raw;
      else if (/^[ \t]/.test(raw) && last !== undefined) last.text += raw.slice(1);
      else lines.push({ line: index + 1, text: raw });
    });
  return lines.flatMap(({ line, text: whole }) => contentLine(line, whole) ?? []);
}

function contentLine(line: number, text: string): ContentLine | null {
  const match = /^(?:[\w-]+\.)?([\w-]+)((?:;(?:"[^"]*"|[^":])*)?):(.*)$/s.exec(text);
  if (match === null) return null;
  const [, name = '', parameters = '', value = ''] = match;
  return {
    line,
    name: name.toUpperCase(),
    parameters: parameters.split(';').filter((each) => each !== ''),
    value: isQuotedPrintable(text) ? quotedPrintable(value) : value,
  };
}

const isQuotedPrintable = (text: string): boolean => /^[^:]*QUOTED-PRINTABLE[^:]*:/i.test(text);

/** As UTF-8; bytes that are none stay as they stand. */
function quotedPrintable(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('%', '%25').replace(/=([\dA-F]{2})/gi, '%$1'));
  } catch {
    return value;
  }
}

function unescaped(value: string): string {
  return value.replace(/\\([\\,;nN])/g, (_whole, escaped: string) =>
    escaped.toLowerCase() === 'n' ? ' ' : escaped,
  );
}

const TYPES: Readonly<Record<NumberKind, string>> = {
  work: ';TYPE=WORK',
  mobile: ';TYPE=CELL',
  home: ';TYPE=HOME',
  other: '',
};

/** Version 3.0, which every program reads. */
export function writeVcards(contacts: readonly Contact[]): string {
  return contacts
    .flatMap(({ name, company, numbers }) => [
      'BEGIN:VCARD',
      'VERSION:3.0',
      `FN:${escaped(name)}`,
      `N:${escaped(name)};;;;`,
      ...(company === '' ? [] : [`ORG:${escaped(company)}`]),
      ...numbers.map(({ kind, number }) => `TEL${TYPES[kind]}:${escaped(number)}`),
      'END:VCARD',
    ])
    .map((line) => `${folded(line)}\r\n`)
    .join('');
}

const escaped = (text: string): string =>
  text.replace(/[\\,;]/g, (character) => `\\${character}`).replace(/\r?\n/g, '\\n');

/** A line has at most 75 octets (RFC 2426 §2.6); a character at most four. */
const LONGEST_LINE = 75;
const FOLD_AT = 18;

function folded(line: string): string {
  const characters = [...line];
  if (encodeUtf8(line).length <= LONGEST_LINE) return line;
  const parts: string[] = [];
  for (let at = 0; at < characters.length; at += FOLD_AT)
    parts.push(characters.slice(at, at + FOLD_AT).join(''));
  return parts.join('\r\n ');
}
