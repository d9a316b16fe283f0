import type { Result } from './result.ts';

declare const brand: unique symbol;

/** A user's number inside a tenant, e.g. `102`: 1–15 digits, leading zeros count. */
export type Extension = string & { readonly [brand]: 'Extension' };

/** Names one parked call for its whole life: 26 lower-case base32 characters (RFC 4648 §6 alphabet, no padding) of 128 random bits. */
export type ParkId = string & { readonly [brand]: 'ParkId' };

/** Names a tenant; never shown, never reused. */
export type TenantId = string & { readonly [brand]: 'TenantId' };

/** Names a user across renames and changes of extension; never reused. */
export type UserId = string & { readonly [brand]: 'UserId' };

/** Names a Call Park group inside a tenant. */
export type GroupId = string & { readonly [brand]: 'GroupId' };

/** Names a ring group inside a tenant. */
export type RingGroupId = string & { readonly [brand]: 'RingGroupId' };

/** Wall-clock time: milliseconds since 1970-01-01T00:00Z. */
export type EpochMs = number & { readonly [brand]: 'EpochMs' };

const extensionPattern = /^[0-9]{1,15}$/;
const parkIdPattern = /^[a-z2-7]{26}$/;
const opaqueIdPattern = /^[A-Za-z0-9_-]{1,64}$/;
const base32Alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

export const PARK_ID_BYTES = 16;

/** True for 1–15 digits. */
export function isExtension(text: string): text is Extension {
  return extensionPattern.test(text);
}

/** Reads an extension; no trimming and no percent-decoding happen here. */
export function parseExtension(text: string): Result<Extension, 'not-an-extension'> {
  return isExtension(text) ? { ok: true, value: text } : { ok: false, error: 'not-an-extension' };
}

/** True for a ParkId in its canonical (lower-case) spelling. */
export function isParkId(text: string): text is ParkId {
  return parkIdPattern.test(text);
}

/** Reads a ParkId from the network, where it is compared case-insensitively; `null` for anything else. */
export function parseParkId(text: string): ParkId | null {
  const lower = text.toLowerCase();
  return isParkId(lower) ? lower : null;
}

/**
 * Spells 128 random bits as a ParkId.
 * @param randomBytes exactly 16 bytes from a cryptographic source
 * @throws RangeError when it is not 16 bytes: a short id would be guessable
 */
export function makeParkId(randomBytes: Uint8Array): ParkId {
  if (randomBytes.length !== PARK_ID_BYTES) {
    throw new RangeError(`A ParkId takes ${PARK_ID_BYTES} bytes, got ${randomBytes.length}`);
  }
  const text = base32(randomBytes);
  if (!isParkId(text)) throw new Error('base32 of 16 bytes is not a ParkId');
  return text;
}

/** Reads the id of a stored thing (tenant, user, group): 1–64 characters of `A–Z a–z 0–9 _ -`. */
function opaqueId(kind: string, text: string): string {
  if (!opaqueIdPattern.test(text)) throw new RangeError(`Not a ${kind}: ${JSON.stringify(text)}`);
  return text;
}

/** @throws RangeError unless 1–64 characters of `A–Z a–z 0–9 _ -` */
export function tenantId(text: string): TenantId {
  return opaqueId('tenant id', text) as TenantId;
}

/** @throws RangeError unless 1–64 characters of `A–Z a–z 0–9 _ -` */
export function userId(text: string): UserId {
  return opaqueId('user id', text) as UserId;
}

/** @throws RangeError unless 1–64 characters of `A–Z a–z 0–9 _ -` */
export function groupId(text: string): GroupId {
  return opaqueId('group id', text) as GroupId;
}

/** @throws RangeError unless 1–64 characters of `A–Z a–z 0–9 _ -` */
export function ringGroupId(text: string): RingGroupId {
  return opaqueId('ring group id', text) as RingGroupId;
}

/** @throws RangeError unless a finite number */
export function epochMs(value: number): EpochMs {
  if (!Number.isFinite(value)) throw new RangeError(`Not a time: ${value}`);
  return value as EpochMs;
}

/** `time` moved by `deltaMs`, which may be negative. */
export function addMs(time: EpochMs, deltaMs: number): EpochMs {
  return epochMs(time + deltaMs);
}

function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += base32Alphabet.charAt((held >> bits) & 31);
    }
  }
  return bits > 0 ? text + base32Alphabet.charAt((held << (5 - bits)) & 31) : text;
}
