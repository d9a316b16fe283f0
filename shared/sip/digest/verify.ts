import type { Credentials } from './credentials.ts';
import { computeResponse } from './digest-response.ts';
import { sameSecret } from './hash-port.ts';
import type { DigestAlgorithm, Hash, TargetHash } from './hash-port.ts';
import type { NonceCounts } from './nonce-counts.ts';
import type { Nonces } from './nonces.ts';

export interface VerifyOptions {
  readonly hash: Hash;
  /** The same of method and URI, which many requests have in common: one that remembers. Default: by `hash`. */
  readonly hashTarget?: TargetHash | undefined;
  readonly nonces: Nonces;
  /** Without it, replays within a nonce's life are not noticed. */
  readonly counts?: NonceCounts | undefined;
  readonly realm: string;
  readonly method: string;
  /** Algorithms that were offered. */
  readonly algorithms: readonly DigestAlgorithm[];
  /** The stored hash of that user; undefined for a user who does not exist. */
  readonly storedHa1: string | undefined;
}

/**
 * `stale`: the password is right, the nonce has to be renewed (challenge with stale=true, RFC 7616 §3.3), be it old,
 * used already, or of another server's or an earlier secret.
 * `refused`: anything else, without telling the peer which.
 */
export type Verdict =
  | { readonly kind: 'ok' }
  | { readonly kind: 'stale'; readonly reason: 'old-nonce' | 'foreign-nonce' | 'replayed' }
  | {
      readonly kind: 'refused';
      readonly reason: 'other-realm' | 'algorithm-not-offered' | 'unknown-user' | 'wrong-password';
    };

/** Checks credentials against a stored HA1. An unknown user takes as long as a wrong password. */
export function verify(credentials: Credentials, options: VerifyOptions): Verdict {
  const { hash, nonces, realm, method, storedHa1 } = options;
  const { algorithm, nonce, uri, auth } = credentials;
  if (credentials.realm !== realm) return { kind: 'refused', reason: 'other-realm' };
  if (!options.algorithms.includes(algorithm))
    return { kind: 'refused', reason: 'algorithm-not-offered' };
  const input = { algorithm, ha1: storedHa1 ?? nonce, method, uri, nonce, auth };
  const expected = computeResponse(hash, input, options.hashTarget);
  const right = sameSecret(expected, credentials.response);
  if (storedHa1 === undefined) return { kind: 'refused', reason: 'unknown-user' };
  if (!right) return { kind: 'refused', reason: 'wrong-password' };
  const age = nonces.check(nonce, realm);
  if (age === 'foreign') return { kind: 'stale', reason: 'foreign-nonce' };
  if (age === 'stale') return { kind: 'stale', reason: 'old-nonce' };
  return isReplay(credentials, options.counts)
    ? { kind: 'stale', reason: 'replayed' }
    : { kind: 'ok' };
}

/** Only a right answer uses its count up, or anybody could use up a user's counts. */
function isReplay({ nonce, auth }: Credentials, counts: NonceCounts | undefined): boolean {
  if (counts === undefined) return false;
  // Without qop there is no count: such a nonce is good for one request.
  return !counts.use(nonce, auth?.nc ?? '00000001');
}
