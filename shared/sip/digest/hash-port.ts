/** Algorithms of RFC 2617 and RFC 7616 that are offered and accepted. */
export type DigestAlgorithm = 'MD5' | 'SHA-256';

/** Hash of a text's UTF-8 bytes as lower-case hex. */
export type Hash = (algorithm: DigestAlgorithm, text: string) => string;

/** Hash of `method:uri`, which many requests have in common (A2 of RFC 7616 §3.4.3). */
export type TargetHash = (algorithm: DigestAlgorithm, method: string, uri: string) => string;

/** Keyed hash of a text's UTF-8 bytes (HMAC-SHA-256 with the server's secret) as lower-case hex. */
export type KeyedHash = (text: string) => string;

/** Compares without telling by its duration where two texts of equal length differ. */
export function sameSecret(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
