/** The protection profiles of SRTP that this engine speaks, and their key sizes. */

/** RFC 7714 (GCM) and RFC 3711 with RFC 4568's names. `_32` shortens the tag of RTP, not of RTCP; desk phones with SDES ask for it. */
export type SrtpProfileName =
  'AEAD_AES_128_GCM' | 'AES_CM_128_HMAC_SHA1_80' | 'AES_CM_128_HMAC_SHA1_32';

export interface SrtpProfile {
  readonly name: SrtpProfileName;
  readonly aead: boolean;
  /** Octets. */
  readonly keyLength: 16;
  readonly saltLength: 12 | 14;
  readonly rtpTagLength: 16 | 10 | 4;
  readonly rtcpTagLength: 16 | 10;
  /** DTLS-SRTP's number (RFC 5764 §4.1.2, RFC 7714 §14.2). */
  readonly dtlsId: number;
}

export const SRTP_PROFILES: Readonly<Record<SrtpProfileName, SrtpProfile>> = {
  AEAD_AES_128_GCM: {
    name: 'AEAD_AES_128_GCM',
    aead: true,
    keyLength: 16,
    saltLength: 12,
    rtpTagLength: 16,
    rtcpTagLength: 16,
    dtlsId: 7,
  },
  AES_CM_128_HMAC_SHA1_80: {
    name: 'AES_CM_128_HMAC_SHA1_80',
    aead: false,
    keyLength: 16,
    saltLength: 14,
    rtpTagLength: 10,
    rtcpTagLength: 10,
    dtlsId: 1,
  },
  AES_CM_128_HMAC_SHA1_32: {
    name: 'AES_CM_128_HMAC_SHA1_32',
    aead: false,
    keyLength: 16,
    saltLength: 14,
    rtpTagLength: 4,
    rtcpTagLength: 10,
    dtlsId: 2,
  },
};

/** Master key and salt of one direction. */
export interface SrtpKeys {
  readonly profile: SrtpProfile;
  readonly masterKey: Uint8Array;
  readonly masterSalt: Uint8Array;
}

export function sameKeys(a: SrtpKeys, b: SrtpKeys): boolean {
  return (
    a.profile.name === b.profile.name &&
    Buffer.compare(a.masterKey, b.masterKey) === 0 &&
    Buffer.compare(a.masterSalt, b.masterSalt) === 0
  );
}

/** Room that a packet's buffer needs behind its payload for any profile's tag. */
export const MAX_RTP_TAG_LENGTH = 16;
