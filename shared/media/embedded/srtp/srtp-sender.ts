/** Protects outgoing RTP and RTCP of one leg, in place. The caller never gives one (SSRC, roll-over, sequence number) twice: that would reuse key stream. */
import { createCipheriv } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { AesCounterMode, hmacSha1 } from './aes-cm.ts';
import { deriveRtcpKeys, deriveRtpKeys } from './key-derivation.ts';
import type { SessionKeys } from './key-derivation.ts';
import type { SrtpKeys, SrtpProfile } from './srtp-profile.ts';
import { writeRtcpIv, writeRtpIv } from './srtp-iv.ts';

const RTCP_HEADER = 8;
const ENCRYPTED_FLAG = 0x8000_0000;

export class SrtpSender {
  readonly #profile: SrtpProfile;
  readonly #rtp: SessionKeys;
  readonly #rtcp: SessionKeys;
  readonly #rtpCounterMode: AesCounterMode | undefined;
  readonly #rtcpCounterMode: AesCounterMode | undefined;
  readonly #iv: Buffer;
  readonly #rolloverBytes = Buffer.alloc(4);
  #rtcpIndex = 0;

  constructor(keys: SrtpKeys) {
    this.#profile = keys.profile;
    this.#rtp = deriveRtpKeys(keys);
    this.#rtcp = deriveRtcpKeys(keys);
    this.#rtpCounterMode = keys.profile.aead ? undefined : new AesCounterMode(this.#rtp.cipherKey);
    this.#rtcpCounterMode = keys.profile.aead
      ? undefined
      : new AesCounterMode(this.#rtcp.cipherKey);
    this.#iv = Buffer.alloc(keys.profile.aead ? 12 : 16);
  }

  /**
   * Encrypts `packet[headerLength, length)` and appends the tag behind it.
   * @returns the new length; the buffer must have room for `MAX_RTP_TAG_LENGTH` more
   */
  protectRtp(
    packet: Buffer,
    size: { readonly headerLength: number; readonly length: number },
    rollover: number,
  ): number {
    const { headerLength, length } = size;
    const iv = writeRtpIv(this.#iv, this.#rtp.salt, packet, rollover);
    if (!this.#rtpCounterMode) {
      const header = packet.subarray(0, headerLength);
      return this.#seal(this.#rtp.cipherKey, iv, packet, { header, from: headerLength, length });
    }
    this.#rtpCounterMode.apply(packet, headerLength, length, iv);
    this.#rolloverBytes.writeUInt32BE(rollover);
    const body = packet.subarray(0, length);
    const tag = hmacSha1(this.#rtp.authKey, body, this.#rolloverBytes);
    return length + tag.copy(packet, length, 0, this.#profile.rtpTagLength);
  }

  /** @returns a new buffer: SRTCP with the E bit set and an index of its own (RFC 3711 §3.4) */
  protectRtcp(packet: Buffer): Buffer {
    this.#rtcpIndex += 1;
    const iv = writeRtcpIv(this.#iv, this.#rtcp.salt, packet, this.#rtcpIndex);
    const out = Buffer.alloc(packet.length + 4 + this.#profile.rtcpTagLength);
    packet.copy(out);
    const index = Buffer.alloc(4);
    index.writeUInt32BE((this.#rtcpIndex | ENCRYPTED_FLAG) >>> 0);
    if (!this.#rtcpCounterMode) {
      const header = Buffer.concat([packet.subarray(0, RTCP_HEADER), index]);
      const sealed = { header, from: RTCP_HEADER, length: packet.length };
      index.copy(out, this.#seal(this.#rtcp.cipherKey, iv, out, sealed));
      return out;
    }
    this.#rtcpCounterMode.apply(out, RTCP_HEADER, packet.length, iv);
    index.copy(out, packet.length);
    const signed = out.subarray(0, packet.length + 4);
    hmacSha1(this.#rtcp.authKey, signed).copy(out, signed.length, 0, this.#profile.rtcpTagLength);
    return out;
  }

  #seal(
    key: KeyObject,
    iv: Buffer,
    packet: Buffer,
    part: { readonly header: Buffer; readonly from: number; readonly length: number },
  ): number {
    const cipher = createCipheriv('aes-128-gcm', key, iv);
    cipher.setAAD(part.header);
    cipher.update(packet.subarray(part.from, part.length)).copy(packet, part.from);
    cipher.final();
    return part.length + cipher.getAuthTag().copy(packet, part.length);
  }
}
