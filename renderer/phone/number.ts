import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';
import type { PartyText } from '../../shared/phone/park-report.ts';

/**
 * A number as people write it. Short numbers (extensions), codes with `*` or `#`, and anything that is not a telephone number are
 * shown as they are.
 */
export function showNumber(number: string, country: CountryCode | null = null): string {
  const digits = number.replace(/^00/, '+');
  if (!/^\+?\d{7,15}$/.test(digits)) return number;
  const key = `${country ?? ''} ${number}`;
  const known = shown.get(key) ?? format(digits, country) ?? number;
  if (shown.size >= SHOWN_KEPT) shown.clear();
  shown.set(key, known);
  return known;
}

/** Reading one number takes as long as drawing a card does, and lists draw the same numbers again and again. */
const SHOWN_KEPT = 2_000;
const shown = new Map<string, string>();

function format(digits: string, country: CountryCode | null): string | null {
  const parsed = parsePhoneNumberFromString(digits, country ?? undefined);
  return parsed?.isValid() === true ? parsed.formatInternational() : null;
}

/** The one line that says who this is: the name, else the number. */
export function partyTitle(party: PartyText, nobody: string): string {
  if (party.name !== null && party.name !== '') return party.name;
  return party.number === '' ? nobody : showNumber(party.number);
}

/** Up to two letters for a round picture; digits when there is no name. */
export function initials(party: PartyText): string {
  const words = (party.name ?? '').split(/\s+/).filter((word) => /\p{L}/u.test(word));
  if (words.length === 0) return party.number.slice(-2) || '?';
  const [first, last] = [words[0], words.length > 1 ? words[words.length - 1] : undefined];
  return [first, last]
    .map((word) => /\p{L}/u.exec(word ?? '')?.[0] ?? '')
    .join('')
    .toUpperCase();
}
