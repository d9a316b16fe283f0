/** Steer the direction of what stands around them (Unicode bidi controls), so that one text reads as another. */
const BIDI = '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069';
/** Take no room or look like none: two names that look alike would not be alike. Joiners stay, scripts and emoji need them. */
const INVISIBLE =
  '\\u00ad\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180e\\u200b\\u2060-\\u2064\\u206a-\\u206f\\u2800\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb';

const REMOVED = new RegExp(`[${BIDI}${INVISIBLE}]|[\\u{e0000}-\\u{e0fff}]`, 'gu');
const UNPAIRED = /\p{Cs}/gu;
const SPACES = /[\p{Cc}\p{Z}]+/gu;
/** More marks on one letter than any language puts there grow out of their line. */
const MARKS = /(\p{M}{4})\p{M}+/gu;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

const LONGEST_NAME = 120;
const LONGEST_NUMBER = 80;
const LONGEST_NOTE = 200;
const LONGEST_PHRASE = 200;

/**
 * Text from the network as it may be shown, read out and kept: one line, at most `limit` characters, nothing that hides, turns or
 * towers. '' when nothing is left to see. A text that was cut ends in `…`, so that it is never taken for the whole.
 * @param limit in code points, ≥ 1
 */
export function networkText(text: string, limit: number): string {
  // Whatever is said beyond this is not worth reading: a hundred kilobytes cost no more than a line.
  const read = text.slice(0, limit * 8 + 64);
  const clean = read
    .replace(UNPAIRED, '\ufffd')
    .replace(REMOVED, '')
    .replace(SPACES, ' ')
    .replace(MARKS, '$1')
    .trim();
  if (!VISIBLE.test(clean)) return '';
  const characters = [...clean];
  const whole = characters.length <= limit && read.length === text.length;
  return whole ? clean : `${characters.slice(0, limit - 1).join('')}…`;
}

/** A person's, a group's or a device's name, ≤ 120 characters; `null` when there is none to see. */
export const networkName = (text: string | null | undefined): string | null =>
  orNull(networkText(text ?? '', LONGEST_NAME));

/** A number, an extension or the user part of an address, ≤ 80 characters. One that was cut cannot be dialled, and says so. */
export const networkNumber = (text: string): string => networkText(text, LONGEST_NUMBER);

/** What a parker wrote, ≤ 200 characters (WIRE §2). */
export const networkNote = (text: string | null | undefined): string | null =>
  orNull(networkText(text ?? '', LONGEST_NOTE));

/** A server's own words for what went wrong, ≤ 200 characters. */
export const networkPhrase = (text: string): string => networkText(text, LONGEST_PHRASE);

const orNull = (text: string): string | null => (text === '' ? null : text);
