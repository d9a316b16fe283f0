import { isExtension, type Extension } from './ids.ts';

/**
 * A tenant's feature access codes (FAC): data, not program text. Each starts with `*` or `#`, all differ. Another PBX's may be a plain
 * number (Asterisk's 700): it stands alone, since 7001 is an extension there, not the code with something behind it.
 */
export interface FeatureCodes {
  /** Alone: park on my own extension. Followed by an extension: park there. */
  readonly park: string;
  /** Park to my Call Park group. */
  readonly parkGroup: string;
  /** Alone: retrieve from my own extension, else from my group. Followed by an extension: retrieve from there. */
  readonly retrieve: string;
  /** Alone or followed by an extension: put a recall off by one recall time. */
  readonly snooze: string;
}

export const defaultFeatureCodes: FeatureCodes = {
  park: '*68',
  parkGroup: '*58',
  retrieve: '*88',
  snooze: '*89',
};

/** What a dialled or transferred-to string asks for. */
export type FeatureRequest =
  | { readonly kind: 'park-own' }
  | { readonly kind: 'park-extension'; readonly extension: Extension }
  | { readonly kind: 'park-group' }
  | { readonly kind: 'retrieve-own' }
  | { readonly kind: 'retrieve-extension'; readonly extension: Extension }
  | { readonly kind: 'snooze-own' }
  | { readonly kind: 'snooze-extension'; readonly extension: Extension };

/**
 * Reads the user part of a Request-URI or Refer-To (or what was typed on a dial pad) as a feature code.
 * Percent-escapes are decoded first (RFC 3261 §19.1.2: `%2A` is `*`), one trailing `#` is accepted, and the longest of
 * the tenant's codes that fits wins. Whether an extension exists is for the caller to ask.
 * @returns `null` when it is not a feature code
 */
export function parseFeatureCode(user: string, codes: FeatureCodes): FeatureRequest | null {
  const dialled = decodePercent(user);
  if (dialled === null) return null;
  const whole = matchLongest(dialled, codes);
  if (whole !== null) return whole;
  return dialled.endsWith('#') ? matchLongest(dialled.slice(0, -1), codes) : null;
}

/** The digits that ask for `request` with these codes, without a trailing `#`; what the screen shows and copies. */
export function formatFeatureCode(request: FeatureRequest, codes: FeatureCodes): string {
  const suffix = 'extension' in request ? request.extension : '';
  return codeOf(request.kind, codes) + suffix;
}

function codeOf(kind: FeatureRequest['kind'], codes: FeatureCodes): string {
  switch (kind) {
    case 'park-own':
    case 'park-extension':
      return codes.park;
    case 'park-group':
      return codes.parkGroup;
    case 'retrieve-own':
    case 'retrieve-extension':
      return codes.retrieve;
    case 'snooze-own':
    case 'snooze-extension':
      return codes.snooze;
  }
}

/** Whether more digits may follow a code, so that its beginning is no number of its own either. */
export const hasRoomBehind = (code: string): boolean => /^[*#]/.test(code);

type Reader = readonly [code: string, read: (rest: string) => FeatureRequest | null];

function matchLongest(dialled: string, codes: FeatureCodes): FeatureRequest | null {
  const readers: Reader[] = [
    [codes.park, ownOr('park-own', 'park-extension')],
    [codes.parkGroup, (rest) => (rest === '' ? { kind: 'park-group' } : null)],
    [codes.retrieve, ownOr('retrieve-own', 'retrieve-extension')],
    [codes.snooze, ownOr('snooze-own', 'snooze-extension')],
  ];
  readers.sort(([a], [b]) => b.length - a.length);
  for (const [code, read] of readers) {
    if (code === '' || !dialled.startsWith(code)) continue;
    const rest = dialled.slice(code.length);
    if (rest !== '' && !hasRoomBehind(code)) continue;
    const request = read(rest);
    if (request !== null) return request;
  }
  return null;
}

function ownOr<Own extends 'park-own' | 'retrieve-own' | 'snooze-own'>(
  own: Own,
  other: 'park-extension' | 'retrieve-extension' | 'snooze-extension',
): (rest: string) => FeatureRequest | null {
  return (rest) => {
    if (rest === '') return { kind: own };
    return isExtension(rest) ? { kind: other, extension: rest } : null;
  };
}

function decodePercent(text: string): string | null {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
