/** Checks and decrypts incoming SRTP and SRTCP of one leg, in place, with a replay window per SSRC. */
import { createDecipheriv, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { headerLengthOf } from '../rtp/rtp-packet.ts';
import { AesCounterMode, hmacSha1 } from './aes-cm.ts';
import { deriveRtcpKeys, deriveRtpKeys } from './key-derivation.ts';
import type { SessionKeys } from './key-derivation.ts';
import { ReplayWindow } from './replay-window.ts';
import { writeRtcpIv, writeRtpIv } from './srtp-iv.ts';
import type { SrtpKeys, SrtpProfile } from './srtp-profile.ts';

/** Why a packet was thrown away. */
export type SrtpFailure = 'malformed' | 'replayed' | 'not-authentic';
export type Unprotected =
  | { readonly kind: 'ok'; readonly length: number }
  | { readonly kind: 'failed'; readonly failure: SrtpFailure };

const failed = (failure: SrtpFailure): Unprotected => ({ kind: 'failed', failure });
const RTCP_HEADER = 8;
/** A phone sends one or two SSRCs; whoever has the key and sends more than this only loses replay protection of the oldest. */
const MAX_STREAMS = 32;

interface IncomingStream {
  rollover: number;
  highestSequence: number;
  readonly window: ReplayWindow;
}

/** The roll-over counter a sequence number most likely belongs to (RFC 3711 appendix A); -1 when it would lie before the first. */
function guessRollover(stream: IncomingStream, sequence: number): number {
  const { rollover, highestSequence } = stream;
  if (highestSequence < 32_768) {
    return sequence - highestSequence > 32_768 ? rollover - 1 : rollover;
  }
  return highestSequence - 32_768 > sequence ? rollover + 1 : rollover;
}

export class SrtpReceiver {
  readonly #profile: SrtpProfile;
  readonly #rtp: SessionKeys;
  readonly #rtcp: SessionKeys;
  readonly #rtpCounterMode: AesCounterMode | undefined;
  readonly #rtcpCounterMode: AesCounterMode | undefined;
  readonly #iv: Buffer;
  readonly #rolloverBytes = Buffer.alloc(4);
  readonly #streams = new Map<number, IncomingStream>();
  readonly #rtcpWindows = new Map<number, ReplayWindow>();

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

  /** Decrypts in place. `length` of the result is that of the plain RTP packet. A packet that fails changes nothing. */
  unprotectRtp(packet: Buffer): Unprotected {
    const end = packet.length - this.#profile.rtpTagLength;
    const headerLength = headerLengthOf(packet, end);
    if (headerLength < 0) return failed('malformed');
    const ssrc = packet.readUInt32BE(8);
    const sequence = packet.readUInt16BE(2);
    const known = this.#streams.get(ssrc);
    const rollover = known ? guessRollover(known, sequence) : 0;
    const index = rollover * 65_536 + sequence;
    if (rollover < 0 || (known && !known.window.isFresh(index))) return failed('replayed');
    if (!this.#openRtp(packet, { headerLength, end, rollover })) return failed('not-authentic');
    this.#remember(known ?? this.#newStream(ssrc, sequence), { rollover, sequence, index });
    return { kind: 'ok', length: end };
  }

  /** Decrypts into a new buffer, the plain compound packet, or says why not. */
  unprotectRtcp(packet: Buffer): Buffer | SrtpFailure {
    const { aead, rtcpTagLength } = this.#profile;
    const end = packet.length - 4 - rtcpTagLength;
    if (end < RTCP_HEADER) return 'malformed';
    const indexWord = packet.readUInt32BE(aead ? packet.length - 4 : end);
    const index = indexWord & 0x7fff_ffff;
    const encrypted = indexWord >>> 31 === 1;
    const ssrc = packet.readUInt32BE(4);
    const window = this.#rtcpWindows.get(ssrc) ?? new ReplayWindow();
    if (!window.isFresh(index)) return 'replayed';
    const plain = this.#openRtcp(packet, { end, index, encrypted });
    if (!plain) return 'not-authentic';
    window.take(index);
    if (!this.#rtcpWindows.has(ssrc)) forgetOldest(this.#rtcpWindows);
    this.#rtcpWindows.set(ssrc, window);
    return plain;
  }

  #openRtp(
    packet: Buffer,
    part: { readonly headerLength: number; readonly end: number; readonly rollover: number },
  ): boolean {
    const { headerLength, end, rollover } = part;
    const iv = writeRtpIv(this.#iv, this.#rtp.salt, packet, rollover);
    if (!this.#rtpCounterMode) {
      const header = packet.subarray(0, headerLength);
      const plain = open(this.#rtp.cipherKey, iv, {
        header,
        body: packet.subarray(headerLength, end),
        tag: packet.subarray(end),
      });
      plain?.copy(packet, headerLength);
      return plain !== undefined;
    }
    this.#rolloverBytes.writeUInt32BE(rollover);
    const tag = hmacSha1(this.#rtp.authKey, packet.subarray(0, end), this.#rolloverBytes);
    if (!timingSafeEqual(tag.subarray(0, packet.length - end), packet.subarray(end))) return false;
    this.#rtpCounterMode.apply(packet, headerLength, end, iv);
    return true;
  }

  #openRtcp(
    packet: Buffer,
    part: { readonly end: number; readonly index: number; readonly encrypted: boolean },
  ): Buffer | undefined {
    const { end, index, encrypted } = part;
    const iv = writeRtcpIv(this.#iv, this.#rtcp.salt, packet, index);
    if (!this.#rtcpCounterMode) return this.#openRtcpAead(packet, iv, encrypted);
    const signed = packet.subarray(0, end + 4);
    const tag = hmacSha1(this.#rtcp.authKey, signed).subarray(0, this.#profile.rtcpTagLength);
    if (!timingSafeEqual(tag, packet.subarray(end + 4))) return undefined;
    const plain = Buffer.from(packet.subarray(0, end));
    if (encrypted) this.#rtcpCounterMode.apply(plain, RTCP_HEADER, end, iv);
    return plain;
  }

  /** RFC 7714 §9: with the E bit the header and the index word are authenticated only; without it everything is. */
  #openRtcpAead(packet: Buffer, iv: Buffer, encrypted: boolean): Buffer | undefined {
    const tagAt = packet.length - 4 - this.#profile.rtcpTagLength;
    const from = encrypted ? RTCP_HEADER : tagAt;
    const word = packet.subarray(packet.length - 4);
    const header = Buffer.concat([packet.subarray(0, from), word]);
    const tag = packet.subarray(tagAt, packet.length - 4);
    const plain = open(this.#rtcp.cipherKey, iv, {
      header,
      body: packet.subarray(from, tagAt),
      tag,
    });
    return plain && Buffer.concat([packet.subarray(0, from), plain]);
  }

  #newStream(ssrc: number, sequence: number): IncomingStream {
    forgetOldest(this.#streams);
    const stream = { rollover: 0, highestSequence: sequence, window: new ReplayWindow() };
    this.#streams.set(ssrc, stream);
    return stream;
  }

  #remember(
    stream: IncomingStream,
    taken: { readonly rollover: number; readonly sequence: number; readonly index: number },
  ): void {
    if (taken.index > stream.window.top) {
      stream.rollover = taken.rollover;
      stream.highestSequence = taken.sequence;
    }
    stream.window.take(taken.index);
  }
}

function forgetOldest(map: Map<number, unknown>): void {
  if (map.size < MAX_STREAMS) return;
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}

function open(
  key: KeyObject,
  iv: Buffer,
  part: { readonly header: Buffer; readonly body: Buffer; readonly tag: Buffer },
): Buffer | undefined {
  const decipher = createDecipheriv('aes-128-gcm', key, iv, { authTagLength: 16 });
  decipher.setAAD(part.header);
  decipher.setAuthTag(part.tag);
  const plain = decipher.update(part.body);
  try {
    decipher.final();
    return plain;
  } catch {
    return undefined; // node:crypto has no other way to say that the tag is wrong
  }
}
