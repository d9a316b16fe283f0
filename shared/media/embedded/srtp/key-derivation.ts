/** Session keys from master keys (RFC 3711 §4.3, RFC 7714 §11), key derivation rate 0. */
import { createCipheriv, createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { SrtpKeys } from './srtp-profile.ts';

const AUTH_KEY_LENGTH = 20;
const BLOCK = 16;

/** Key objects, not octets: octets are probed and wrapped by node anew for every packet, which costs several times the cipher itself (`npm run bench media`). */
export interface SessionKeys {
  readonly cipherKey: KeyObject;
  readonly authKey: KeyObject;
  readonly salt: Buffer;
}

interface Labels {
  readonly cipher: number;
  readonly auth: number;
  readonly salt: number;
}

const RTP_LABELS: Labels = { cipher: 0, auth: 1, salt: 2 };
const RTCP_LABELS: Labels = { cipher: 3, auth: 4, salt: 5 };

/** The AES-CM PRF: key stream of AES under the master key, starting at (salt xor label) · 2^16. */
function derive(keys: SrtpKeys, label: number, length: number): Buffer {
  const counter = Buffer.alloc(BLOCK);
  counter.set(keys.masterSalt, 0); // GCM's 96-bit salt is padded with zeros on the right (RFC 7714 §11)
  counter[7] = (counter[7] ?? 0) ^ label;
  const stream = createCipheriv('aes-128-ctr', keys.masterKey, counter);
  return stream.update(Buffer.alloc(length));
}

function sessionKeys(keys: SrtpKeys, labels: Labels): SessionKeys {
  return {
    cipherKey: createSecretKey(derive(keys, labels.cipher, keys.profile.keyLength)),
    authKey: createSecretKey(derive(keys, labels.auth, AUTH_KEY_LENGTH)),
    salt: derive(keys, labels.salt, keys.profile.saltLength),
  };
}

export const deriveRtpKeys = (keys: SrtpKeys): SessionKeys => sessionKeys(keys, RTP_LABELS);
export const deriveRtcpKeys = (keys: SrtpKeys): SessionKeys => sessionKeys(keys, RTCP_LABELS);
