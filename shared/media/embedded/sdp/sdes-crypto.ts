/** `a=crypto` lines (RFC 4568): SRTP keys in SDP, for desk phones. */
import type { SrtpKeys, SrtpProfileName } from '../srtp/srtp-profile.ts';
import { SRTP_PROFILES } from '../srtp/srtp-profile.ts';

export interface SdesCrypto {
  readonly tag: number;
  readonly keys: SrtpKeys;
}

/** What we offer, best first. The 32-bit tag is taken when offered, never offered. */
export const OFFERED_SUITES: readonly SrtpProfileName[] = [
  'AEAD_AES_128_GCM',
  'AES_CM_128_HMAC_SHA1_80',
];

const isSuite = (name: string): name is SrtpProfileName => Object.hasOwn(SRTP_PROFILES, name);

function readCrypto(line: string): SdesCrypto | undefined {
  const [tag = '', suite = '', inline = '', ...sessionParameters] = line.split(/ +/);
  if (!/^\d{1,9}$/.test(tag) || !isSuite(suite) || !inline.startsWith('inline:')) return undefined;
  // Session parameters change how packets are protected (UNENCRYPTED_SRTP, FEC …); only KDR=0 and the like would be harmless.
  if (sessionParameters.some((parameter) => parameter !== '')) return undefined;
  const [key = '', ...options] = inline.slice('inline:'.length).split('|');
  // An option with a colon is an MKI, which would lengthen every packet; a life time is fine, nobody talks for 2^31 packets.
  if (options.some((option) => option.includes(':'))) return undefined;
  const profile = SRTP_PROFILES[suite];
  const bytes = Buffer.from(key, 'base64');
  if (bytes.length !== profile.keyLength + profile.saltLength) return undefined;
  const masterKey = bytes.subarray(0, profile.keyLength);
  return {
    tag: Number(tag),
    keys: { profile, masterKey, masterSalt: bytes.subarray(profile.keyLength) },
  };
}

/** The usable lines, GCM first, otherwise in the sender's order. */
export function readCryptoLines(lines: readonly string[]): readonly SdesCrypto[] {
  const usable = lines.flatMap((line) => readCrypto(line) ?? []);
  const aead = usable.filter((one) => one.keys.profile.aead);
  return [...aead, ...usable.filter((one) => !one.keys.profile.aead)];
}

export function formatCrypto({ tag, keys }: SdesCrypto): string {
  const bytes = Buffer.concat([keys.masterKey, keys.masterSalt]);
  return `${tag} ${keys.profile.name} inline:${bytes.toString('base64')}`;
}
