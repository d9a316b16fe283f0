import type { Challenge } from './challenge.ts';
import type { Credentials, QopAuth } from './credentials.ts';
import type { DigestAlgorithm, Hash, TargetHash } from './hash-port.ts';

/** The stored form of a password: hash of `username:realm:password` (RFC 7616 §3.4.2). */
export function ha1(
  hash: Hash,
  algorithm: DigestAlgorithm,
  secret: { readonly username: string; readonly realm: string; readonly password: string },
): string {
  return hash(algorithm, `${secret.username}:${secret.realm}:${secret.password}`);
}

export interface ResponseInput {
  readonly algorithm: DigestAlgorithm;
  readonly ha1: string;
  readonly method: string;
  readonly uri: string;
  readonly nonce: string;
  readonly auth?: QopAuth | undefined;
}

/**
 * RFC 7616 §3.4.1 for `qop=auth`, RFC 2069 without qop.
 *
 * @param hashTarget one that remembers; default: by `hash`
 */
export function computeResponse(
  hash: Hash,
  input: ResponseInput,
  hashTarget = targetHash(hash),
): string {
  const { algorithm, method, uri, nonce, auth } = input;
  const ha2 = hashTarget(algorithm, method, uri);
  const middle = auth === undefined ? nonce : `${nonce}:${auth.nc}:${auth.cnonce}:auth`;
  return hash(algorithm, `${input.ha1}:${middle}:${ha2}`);
}

export const targetHash =
  (hash: Hash): TargetHash =>
  (algorithm, method, uri) =>
    hash(algorithm, `${method}:${uri}`);

/** A client's answer to a challenge. */
export function answerChallenge(
  hash: Hash,
  challenge: Challenge,
  request: {
    readonly username: string;
    /** Hash for the challenge's algorithm and realm. */
    readonly ha1: string;
    readonly method: string;
    readonly uri: string;
    readonly cnonce: string;
    /** How often this nonce has been answered, from 1. */
    readonly count: number;
  },
): Credentials {
  const { realm, nonce, algorithm, opaque } = challenge;
  const { username, uri } = request;
  const nc = request.count.toString(16).padStart(8, '0');
  const auth = challenge.qop.includes('auth') ? { cnonce: request.cnonce, nc } : undefined;
  const response = computeResponse(hash, {
    algorithm,
    ha1: request.ha1,
    method: request.method,
    uri,
    nonce,
    auth,
  });
  return { username, realm, nonce, uri, response, algorithm, auth, opaque };
}
