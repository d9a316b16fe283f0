import type { SipRandom } from './ports.ts';

const SALT_BITS = 128;
/** FNV-1a's. */
const PRIME = 16_777_619;

/**
 * To tags for requests of which nothing is remembered: the same text always gets the same one (RFC 3261 §8.2.7), and nobody can tell
 * beforehand which. Such a tag names no dialog, so nothing hangs on its being guessed.
 */
export function saltedTags(random: SipRandom): (text: string) => string {
  let starts: Hashes | undefined;
  return (text) => {
    starts ??= startsOf(random.token(SALT_BITS));
    const [first, second] = hashesOf(starts, text);
    return hex(first) + hex(second);
  };
}

type Hashes = readonly [first: number, second: number];

function startsOf(salt: string): Hashes {
  const [first] = hashesOf([2_166_136_261, 0], salt);
  const [second] = hashesOf([first ^ PRIME, 0], salt);
  return [first, second];
}

/** Two hashes of a text that begin differently, in one pass. */
function hashesOf([first, second]: Hashes, text: string): Hashes {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    first = Math.imul(first ^ code, PRIME);
    second = Math.imul(second ^ code, PRIME);
  }
  return [first >>> 0, second >>> 0];
}

function hex(value: number): string {
  const byte = (shift: number): string => BYTES[(value >>> shift) & 255] ?? '';
  return byte(24) + byte(16) + byte(8) + byte(0);
}

/** Each byte in hexadecimal: formatting a number costs ten times as much. */
const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
