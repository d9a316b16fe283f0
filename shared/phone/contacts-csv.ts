import {
  checkContact,
  type Contact,
  type ContactDraft,
  type ContactFile,
  type ContactNumber,
  type ImportProblem,
  type NumberKind,
} from './contacts.ts';
import { readCsv, writeCsv, type CsvRecord } from './csv-table.ts';
import { foldText } from './word-search.ts';

type Column =
  | { readonly kind: 'name' | 'given' | 'family' | 'company' }
  | { readonly kind: 'number'; readonly of: NumberKind }
  | { readonly kind: 'other' };

const OTHER: Column = { kind: 'other' };

/** Headings that programs write (Outlook, Google, our own), in English and German, folded. */
const HEADINGS: readonly (readonly [RegExp, Column])[] = [
  [/^(name|full name|display name|displayname|contact|anzeigename|kontakt)$/, { kind: 'name' }],
  [/^(first name|given name|firstname|vorname)$/, { kind: 'given' }],
  [/^(last name|family name|surname|lastname|nachname)$/, { kind: 'family' }],
  [/^(company|organi[sz]ation|organi[sz]ation name|firma|firmenname)$/, { kind: 'company' }],
  [/fax|e-?mail|label|type|typ$/, OTHER],
  [/(mobile|cell|handy|mobil)/, { kind: 'number', of: 'mobile' }],
  [
    /^(home|private|privat)$|^(?=.*(home|private|privat)).*(phone|number|telefon|nummer)/,
    { kind: 'number', of: 'home' },
  ],
  [
    /^(work|office|buro|geschaftlich|durchwahl)$|^(?=.*(work|business|office|buro|geschaftlich)).*(phone|number|telefon|nummer)/,
    { kind: 'number', of: 'work' },
  ],
  [/(phone|number|telefon|nummer|tel\.?$|extension|nebenstelle)/, { kind: 'number', of: 'other' }],
];

function columnOf(heading: string): Column {
  const folded = foldText(heading).trim();
  return HEADINGS.find(([pattern]) => pattern.test(folded))?.[1] ?? OTHER;
}

/** Reads a table with a line of headings; each line that cannot be taken is named. */
export function readContactsCsv(text: string): ContactFile {
  const reading = readCsv(text);
  if (reading.kind === 'unclosed-quote')
    return { contacts: [], problems: [{ line: reading.line, problem: 'unclosed-quote' }] };
  const [head, ...records] = reading.records;
  const columns = head?.cells.map(columnOf) ?? [];
  const hasNumber = columns.some(({ kind }) => kind === 'number');
  if (head === undefined || !hasNumber || !columns.some(({ kind }) => isNaming(kind)))
    return { contacts: [], problems: [{ line: head?.line ?? 1, problem: 'no-columns' }] };
  const contacts: ContactDraft[] = [];
  const problems: ImportProblem[] = [];
  for (const record of records) {
    const checked = checkContact(draftOf(columns, record));
    if (checked.kind === 'ok') contacts.push(checked.draft);
    else problems.push({ line: record.line, problem: checked.problem });
  }
  return { contacts, problems };
}

const isNaming = (kind: Column['kind']): boolean =>
  kind === 'name' || kind === 'given' || kind === 'family' || kind === 'company';

function draftOf(columns: readonly Column[], { cells }: CsvRecord): ContactDraft {
  // A leading apostrophe is a spreadsheet's way to say that this is text.
  const plain = cells.map((cell) => cell.replace(/^'(?=[=+@-])/, ''));
  const cell = (kind: Column['kind']) =>
    plain[columns.findIndex((column) => column.kind === kind)] ?? '';
  const numbers = columns.flatMap((column, index): ContactNumber[] =>
    column.kind === 'number' && (plain[index] ?? '') !== ''
      ? // Several numbers in one cell are written so by one large mail program.
        (plain[index] ?? '').split(' ::: ').map((number) => ({ kind: column.of, number }))
      : [],
  );
  const name = cell('name') || `${cell('given')} ${cell('family')}`.trim();
  return { name, company: cell('company'), numbers };
}

const WRITTEN: readonly (readonly [string, NumberKind])[] = [
  ['Work phone', 'work'],
  ['Mobile phone', 'mobile'],
  ['Home phone', 'home'],
  ['Phone', 'other'],
];

/** A table that this app and spreadsheets read; a kind of number that somebody has twice gets a column more. */
export function writeContactsCsv(contacts: readonly Contact[]): string {
  const columns = WRITTEN.flatMap(([heading, kind]) => {
    const most = Math.max(1, ...contacts.map((contact) => numbersOf(contact, kind).length));
    return Array.from({ length: most }, (_, nth) => ({ heading, kind, nth }));
  });
  const rows = contacts.map((contact) => [
    contact.name,
    contact.company,
    ...columns.map(({ kind, nth }) => numbersOf(contact, kind)[nth] ?? ''),
  ]);
  return writeCsv([['Name', 'Company', ...columns.map(({ heading }) => heading)], ...rows]);
}

const numbersOf = ({ numbers }: Contact, kind: NumberKind): readonly string[] =>
  numbers.filter((each) => each.kind === kind).map(({ number }) => number);
