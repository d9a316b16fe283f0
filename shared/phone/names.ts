import type { PartyText } from './park-report.ts';

/** Who a number belongs to, as far as this phone knows. */
export interface KnownName {
  readonly name: string;
  readonly source: 'contact' | 'directory';
}

export interface NameSources {
  /** The user's own contacts; the first of two with the same number counts. */
  readonly contacts: readonly { readonly name: string; readonly numbers: readonly string[] }[];
  readonly directory: readonly { readonly extension: string; readonly displayName: string }[];
}

/** Finds names by number, however the number is written. */
export interface NameBook {
  find(number: string): KnownName | null;
}

export const emptyNameBook: NameBook = { find: () => null };

/** Short numbers are extensions: they are the same only if they are equal. */
const SHORTEST_TELEPHONE_NUMBER = 7;
/** Telephone numbers are looked up by their last digits and then compared whole. */
const TAIL = 7;

interface Entry extends KnownName {
  readonly digits: string;
}

export function nameBook({ contacts, directory }: NameSources): NameBook {
  const exact = new Map<string, Entry>();
  const tails = new Map<string, Entry[]>();
  const add = (number: string, known: KnownName) => {
    const digits = canonicalNumber(number);
    if (digits === '' || known.name === '' || exact.has(digits)) return;
    const entry = { ...known, digits };
    exact.set(digits, entry);
    if (isTelephoneNumber(digits))
      tails.set(tailOf(digits), [...(tails.get(tailOf(digits)) ?? []), entry]);
  };
  for (const { name, numbers } of contacts)
    for (const number of numbers) add(number, { name, source: 'contact' });
  for (const { extension, displayName } of directory)
    add(extension, { name: displayName, source: 'directory' });
  return {
    find(number) {
      const digits = canonicalNumber(number);
      const candidates = isTelephoneNumber(digits) ? (tails.get(tailOf(digits)) ?? []) : [];
      return (
        exact.get(digits) ?? candidates.find((entry) => sameNumber(entry.digits, digits)) ?? null
      );
    },
  };
}

/**
 * Who this is, in the order of trust: the user's own contact, what the network says, the directory. A hidden caller (no number)
 * stays hidden, and a network that repeats the number as a name has said no name.
 */
export function named(party: PartyText, book: NameBook): PartyText {
  if (party.number === '') return party;
  const known = book.find(party.number);
  if (known?.source === 'contact') return withName(party, known.name);
  const said = party.name?.trim() ?? '';
  if (said !== '' && canonicalNumber(said) !== canonicalNumber(party.number)) return party;
  return known === null ? party : withName(party, known.name);
}

/** Without what people write between digits; `00` is `+`; of a SIP address the user part. */
export function canonicalNumber(number: string): string {
  const text = number.trim().replace(/^(?:sips?|tel):/i, '');
  const user = /^([^@;]*)/.exec(text)?.[1] ?? text;
  const plain = user.replace(/\p{Cf}/gu, '').replace(/\(0\)/, '');
  if (!/^\+?[\d\s().\/-]+$/.test(plain)) return user.toLowerCase();
  const digits = plain.replace(/[^\d+]/g, '');
  return digits.startsWith('00') ? `+${digits.slice(2)}` : digits;
}

function withName(party: PartyText, name: string): PartyText {
  return party.name === name ? party : { ...party, name };
}

const isTelephoneNumber = (digits: string): boolean =>
  /^\+?\d+$/.test(digits) && digits.replace('+', '').length >= SHORTEST_TELEPHONE_NUMBER;

const tailOf = (digits: string): string => digits.slice(-TAIL);

/** `030 1234567` and `+49 30 1234567` are the same; two whole international numbers only if they are equal. */
function sameNumber(a: string, b: string): boolean {
  if (a === b) return true;
  const [international, national] = a.startsWith('+') ? [a, b] : [b, a];
  if (national.startsWith('+') || !international.startsWith('+')) return false;
  const significant = national.replace(/^0/, '');
  // A country code has one to three digits.
  const rest = international.length - 1 - significant.length;
  return (
    significant.length >= SHORTEST_TELEPHONE_NUMBER &&
    rest >= 1 &&
    rest <= 3 &&
    international.endsWith(significant)
  );
}
