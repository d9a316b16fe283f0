import { quote } from '../message/quote.ts';
import { parseAuthValue } from './auth-params.ts';
import type { DigestAlgorithm } from './hash-port.ts';

/** One WWW-Authenticate or Proxy-Authenticate value. */
export interface Challenge {
  readonly realm: string;
  readonly nonce: string;
  /** MD5 when the value names none (RFC 2617 §3.2.1). */
  readonly algorithm: DigestAlgorithm;
  /** Empty for the form without qop of RFC 2069. */
  readonly qop: readonly string[];
  readonly opaque?: string | undefined;
  /** The credentials were right and only the nonce was too old: retry without asking the user. */
  readonly stale: boolean;
}

/** Which algorithms a tenant offers. */
export type ChallengePolicy = 'md5' | 'both' | 'sha256';

const ALGORITHMS: Readonly<Record<ChallengePolicy, readonly DigestAlgorithm[]>> = {
  md5: ['MD5'],
  // Best first (RFC 8760 §2.4). JsSIP keeps the last of several, and knows MD5 only.
  both: ['SHA-256', 'MD5'],
  sha256: ['SHA-256'],
};

export const algorithmsOf = (policy: ChallengePolicy): readonly DigestAlgorithm[] =>
  ALGORITHMS[policy];

/** The values for one WWW-Authenticate header field each, in their order. @param options.nonce letters, digits and dots */
export function makeChallenges(options: {
  readonly policy: ChallengePolicy;
  readonly realm: string;
  readonly nonce: string;
  readonly stale?: boolean;
}): readonly string[] {
  const { policy, realm, nonce, stale = false } = options;
  if (latest.realm !== realm) latest = { realm, start: `Digest realm=${quote(realm)}, nonce="` };
  // As `formatChallenge` writes them; nothing in a nonce of ours needs quoting.
  return ALGORITHMS[policy].map(
    (algorithm) => latest.start + nonce + ENDS[algorithm] + (stale ? STALE : ''),
  );
}

/** The tenant whose phones were challenged last: mostly there is but one. */
let latest = { realm: '', start: 'Digest realm="", nonce="' };
const STALE = ', stale=true';
const ENDS: Readonly<Record<DigestAlgorithm, string>> = {
  MD5: '", algorithm=MD5, qop="auth"',
  'SHA-256': '", algorithm=SHA-256, qop="auth"',
};

export function formatChallenge(challenge: Challenge): string {
  const { realm, nonce, algorithm, qop, opaque, stale } = challenge;
  const start = `Digest realm=${quote(realm)}, nonce=${quote(nonce)}, algorithm=${algorithm}`;
  const offered = qop.length > 0 ? `, qop=${quote(qop.join(','))}` : '';
  const echoed = opaque !== undefined ? `, opaque=${quote(opaque)}` : '';
  return `${start}${offered}${echoed}${stale ? STALE : ''}`;
}

/** Undefined for another scheme, an algorithm we do not know, or a malformed value. */
export function parseChallenge(text: string): Challenge | undefined {
  const value = parseAuthValue(text);
  const realm = value?.params.realm;
  const nonce = value?.params.nonce;
  const algorithm = parseAlgorithm(value?.params.algorithm);
  if (value?.scheme !== 'digest' || realm === undefined || nonce === undefined || !algorithm)
    return undefined;
  const qop = value.params.qop?.split(',') ?? [];
  return {
    realm,
    nonce,
    algorithm,
    qop: qop.map((option) => option.trim().toLowerCase()).filter((option) => option !== ''),
    opaque: value.params.opaque,
    stale: value.params.stale?.toLowerCase() === 'true',
  };
}

export function parseAlgorithm(text: string | undefined): DigestAlgorithm | undefined {
  const name = text?.toUpperCase() ?? 'MD5';
  return name === 'MD5' || name === 'SHA-256' ? name : undefined;
}
