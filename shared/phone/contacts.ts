import { z } from 'zod';
import { hasWords, searchWords } from './word-search.ts';

export const NUMBER_KINDS = ['work', 'mobile', 'home', 'other'] as const;
export type NumberKind = (typeof NUMBER_KINDS)[number];

/** Characters, as people count them in forms. */
export const CONTACT_LIMITS = { name: 120, number: 120, numbers: 8, contacts: 5_000 } as const;

const numberSchema = z.object({
  kind: z.enum(NUMBER_KINDS).catch('other'),
  number: z.string().min(1).max(CONTACT_LIMITS.number),
});
export type ContactNumber = Readonly<z.infer<typeof numberSchema>>;

export const contactSchema = z.object({
  id: z.string().min(1),
  name: z.string().min(1).max(CONTACT_LIMITS.name),
  company: z.string().max(CONTACT_LIMITS.name).catch(''),
  numbers: z.array(numberSchema).min(1).max(CONTACT_LIMITS.numbers),
});
/** Somebody the user knows and the server's directory does not. Kept on this machine, by account. */
export type Contact = Readonly<Omit<z.infer<typeof contactSchema>, 'numbers'>> & {
  readonly numbers: readonly ContactNumber[];
};

/** A contact that has no id yet: typed in, or read from a file. */
export type ContactDraft = Omit<Contact, 'id'>;

/** Why a contact cannot be kept as it is. */
export type ContactProblem =
  'no-name' | 'no-number' | 'bad-number' | 'too-long' | 'too-many-numbers';

/** Cleans what was typed or imported and says what is wrong with it. */
export function checkContact(
  draft: ContactDraft,
):
  | { readonly kind: 'ok'; readonly draft: ContactDraft }
  | { readonly kind: 'bad'; readonly problem: ContactProblem } {
  const name = cleanText(draft.name) || cleanText(draft.company);
  const company = cleanText(draft.company);
  const numbers = draft.numbers
    .map(({ kind, number }) => ({ kind, number: cleanNumber(number) }))
    .filter(({ number }) => number !== '');
  const problem = problemOf({ name, company, numbers });
  if (problem !== null) return { kind: 'bad', problem };
  return { kind: 'ok', draft: { name, company: company === name ? '' : company, numbers } };
}

function problemOf({ name, company, numbers }: ContactDraft): ContactProblem | null {
  if (name === '') return 'no-name';
  if (numbers.length === 0) return 'no-number';
  if (numbers.length > CONTACT_LIMITS.numbers) return 'too-many-numbers';
  const longest = Math.max(
    name.length,
    company.length,
    ...numbers.map(({ number }) => number.length),
  );
  if (longest > CONTACT_LIMITS.name) return 'too-long';
  return numbers.every(({ number }) => isDialable(number)) ? null : 'bad-number';
}

/** As it is dialled: no brackets, no spaces, no invisible characters, no `(0)` behind a country code. */
export function cleanNumber(text: string): string {
  const plain = text
    .replace(/\p{Cf}/gu, '')
    .trim()
    .replace(/^tel:/i, '');
  if (!/^\+?[\d\s().\/–-]+$/.test(plain)) return plain;
  const trunk =
    plain.startsWith('+') || plain.startsWith('00') ? plain.replace(/\(0\)/, '') : plain;
  return trunk.replace(/[^\d+]/g, '');
}

/** Digits, codes, an extension, or a SIP address. */
function isDialable(number: string): boolean {
  return (
    /^\+?[\d*#]+$/.test(number) ||
    /^(?:sips?:)?[\w.!~*'()&=+$,;?/%-]+@[\w.[\]:-]+$/i.test(number) ||
    /^[a-z0-9][\w.-]*$/i.test(number)
  );
}

const cleanText = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** Those that contain every word typed, by name, company or number. */
export function findContacts(contacts: readonly Contact[], search: string): readonly Contact[] {
  const words = searchWords(search);
  return contacts.filter(({ name, company, numbers }) =>
    hasWords(words, [name, company, ...numbers.map(({ number }) => number)]),
  );
}

export interface ImportSum {
  readonly added: readonly ContactDraft[];
  /** Already there, with the same name and no number that is new. */
  readonly known: number;
  /** Left out because the book is full. */
  readonly left: number;
}

/** What an import adds to a book: what is there already stays once. */
export function mergeImport(book: readonly Contact[], drafts: readonly ContactDraft[]): ImportSum {
  const numbersOf = new Map<string, Set<string>>();
  const note = ({ name, numbers }: ContactDraft) => {
    const known = numbersOf.get(name) ?? new Set<string>();
    for (const { number } of numbers) known.add(number);
    numbersOf.set(name, known);
  };
  book.forEach(note);
  const fresh = drafts.filter((draft) => {
    const known = numbersOf.get(draft.name);
    const isKnown = known !== undefined && draft.numbers.every(({ number }) => known.has(number));
    note(draft);
    return !isKnown;
  });
  const room = Math.max(0, CONTACT_LIMITS.contacts - book.length);
  const added = fresh.slice(0, room);
  return { added, known: drafts.length - fresh.length, left: fresh.length - added.length };
}

/** A line of a file that could not be taken, counted from 1. */
export interface ImportProblem {
  readonly line: number;
  readonly problem:
    ContactProblem | 'unfinished-card' | 'unclosed-quote' | 'no-columns' | 'not-contacts';
}

export interface ContactFile {
  readonly contacts: readonly ContactDraft[];
  readonly problems: readonly ImportProblem[];
}
