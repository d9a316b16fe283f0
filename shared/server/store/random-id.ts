import { randomBytes } from 'node:crypto';

/** The id of a row: 96 random bits, never reused. */
export function randomId(): string {
  return randomBytes(12).toString('base64url');
}
