import { parseFeatureCode, type FeatureCodes } from '../domain/feature-code.ts';
import type { PbxProfile } from './pbx-profile.ts';

/** Escapes within escapes are undone so often at most. */
const MOST_LAYERS = 5;

/**
 * Whether a number that somebody else gave, a caller, a link or a program, could do more than call somebody: it begins with `*` or
 * `#`, however it is spelled, is one of the PBX's codes, or a place of its parking lot. Whoever presses it meant a person.
 */
export function mayBeCode(
  number: string,
  { codes, pbx }: { readonly codes: FeatureCodes; readonly pbx: Pick<PbxProfile, 'parkSource'> },
): boolean {
  const user = userOf(number);
  if (/^[^\p{L}\p{N}+]*[*#]/u.test(user) || parseFeatureCode(user, codes) !== null) return true;
  return pbx.parkSource.kind === 'slots' && pbx.parkSource.slots.includes(user);
}

/** What of an address is dialled: `%2a68` of `sip:%2a68@pbx.test` is `*68`. */
function userOf(number: string): string {
  const plain = decoded(number)
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Cc}\s]/gu, '');
  return plain.replace(/^(?:(?:sips?|tel|callto):(?:\/\/)?)+/i, '').split(/[@;]/)[0] ?? '';
}

function decoded(text: string, layers = MOST_LAYERS): string {
  try {
    const next = decodeURIComponent(text);
    return next === text || layers === 0 ? next : decoded(next, layers - 1);
  } catch {
    return text;
  }
}
