import { HEX, isAll } from '../message/characters.ts';
import { quote } from '../message/quote.ts';
import { parseAuthValue, schemeOf } from './auth-params.ts';
import type { AuthParams } from './auth-params.ts';
import { parseAlgorithm } from './challenge.ts';
import type { DigestAlgorithm } from './hash-port.ts';

/** What the client hashed besides its secret when it uses `qop=auth`. */
export interface QopAuth {
  readonly cnonce: string;
  /** Eight hex digits as sent, part of the hash. */
  readonly nc: string;
}

/** An Authorization or Proxy-Authorization value of the scheme Digest. */
export interface Credentials {
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  /** As sent, part of the hash. */
  readonly uri: string;
  /** Lower-case hex. */
  readonly response: string;
  readonly algorithm: DigestAlgorithm;
  /** Undefined for the form without qop of RFC 2069. */
  readonly auth?: QopAuth | undefined;
  readonly opaque?: string | undefined;
}

export type CredentialsReading =
  | { readonly kind: 'digest'; readonly credentials: Credentials }
  /** Basic and the like: ignored, the request counts as having none (RFC 4475 §3.3.7). */
  | { readonly kind: 'other-scheme' }
  /** Digest, with an algorithm or qop that was not offered. */
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'malformed' };

const MALFORMED: CredentialsReading = { kind: 'malformed' };

/** Hex digits of an answer by algorithm. */
const RESPONSE_LENGTH: Readonly<Record<DigestAlgorithm, number>> = { MD5: 32, 'SHA-256': 64 };

/** Reads one value, whoever wrote it; what is returned as `digest` has all its parts in their form. */
export function parseCredentials(text: string): CredentialsReading {
  const value = parseAuthValue(text);
  // What is malformed as Digest may have the grammar of another scheme.
  const scheme = value === undefined ? schemeOf(text) : value.scheme;
  if (scheme !== 'digest') return { kind: 'other-scheme' };
  if (value === undefined) return MALFORMED;
  const algorithm = parseAlgorithm(value.params.algorithm);
  const auth = parseQop(value.params);
  if (algorithm === undefined || auth === 'unsupported') return { kind: 'unsupported' };
  if (auth === 'malformed') return MALFORMED;
  const credentials = readRequired(value.params, algorithm, auth);
  return credentials === undefined ? MALFORMED : { kind: 'digest', credentials };
}

function readRequired(
  params: AuthParams,
  algorithm: DigestAlgorithm,
  auth: QopAuth | undefined,
): Credentials | undefined {
  const { username, realm, nonce, uri, opaque } = params;
  const response = params.response?.toLowerCase();
  if (username === undefined || realm === undefined || !nonce || !uri || response === undefined)
    return undefined;
  if (response.length !== RESPONSE_LENGTH[algorithm] || !isAll(response, HEX)) return undefined;
  return { username, realm, nonce, uri, response, algorithm, auth, opaque };
}

function parseQop(params: AuthParams): QopAuth | undefined | 'unsupported' | 'malformed' {
  const qop = params.qop?.toLowerCase();
  if (qop === undefined) return undefined;
  if (qop !== 'auth') return 'unsupported';
  const { nc, cnonce } = params;
  return cnonce && nc?.length === 8 && isAll(nc, HEX) ? { nc, cnonce } : 'malformed';
}

export function formatCredentials(credentials: Credentials): string {
  const { username, realm, nonce, uri, response, algorithm, auth, opaque } = credentials;
  const parts = [
    `algorithm=${algorithm}`,
    `username=${quote(username)}`,
    `realm=${quote(realm)}`,
    `nonce=${quote(nonce)}`,
    `uri=${quote(uri)}`,
    `response=${quote(response)}`,
  ];
  if (opaque !== undefined) parts.push(`opaque=${quote(opaque)}`);
  if (auth !== undefined) parts.push(`qop=auth`, `cnonce=${quote(auth.cnonce)}`, `nc=${auth.nc}`);
  return `Digest ${parts.join(', ')}`;
}
