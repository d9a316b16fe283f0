import type { SipRandom } from './ports.ts';

const SALT_BITS = 128;
/** FNV-1a's. */
const PRIME = 16_777_619;

/**
 * To tags for requests of which nothing is remembered: the same text always gets the same one (RFC 3261 §8.2.7), and nobody can tell
 * beforehand which. Such a tag names no dialog, so nothing hangs on its being guessed.
 */
export function saltedTags(random: SipRandom): (text: string) => string {
  let starts: readonly [number, number] | undefined;
  return (text) => {
    starts ??= startsOf(random.token(SALT_BITS));
    return hex(hashOf(starts[0], text)) + hex(hashOf(starts[1], text));
  };
}

function startsOf(salt: string): readonly [number, number] {
  const first = hashOf(2_166_136_261, salt);
  return [first, hashOf(first ^ PRIME, salt)];
}

function hashOf(start: number, text: string): number {
  let hash = start;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME);
  return hash >>> 0;
}

function hex(value: number): string {
  const byte = (shift: number): string => BYTES[(value >>> shift) & 255] ?? '';
  return byte(24) + byte(16) + byte(8) + byte(0);
}

/** Each byte in hexadecimal: formatting a number costs ten times as much. */
const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
