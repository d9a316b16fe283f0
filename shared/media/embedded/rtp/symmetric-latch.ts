/**
 * Symmetric RTP (RFC 4961) with care: which source address a plain RTP leg believes, and so where it sends. The SDP's address counts if it
 * sends; else an address with the signalling peer's IP (a NAT in between). Afterwards another address is believed only after 2 s of
 * silence and with the same SSRC and a payload type heard before (the NAT has rebound; the last packet before the silence may have been
 * comfort noise or a digit), or after a new offer or answer. Pure: time and packets come in.
 */
import type { Address } from '../udp-socket.ts';

export const RELATCH_SILENCE_MS = 2_000;

export interface LatchPacket {
  readonly from: Address;
  readonly ssrc: number;
  readonly payloadType: number;
  readonly nowMs: number;
}

export interface LatchExpectation {
  /** From SDP; undefined when it was no IP address or the null address. */
  readonly described: Address | undefined;
  readonly signallingAddress: string | undefined;
}

interface Latched {
  readonly address: Address;
  readonly ssrc: number;
  readonly payloadTypes: ReadonlySet<number>;
  readonly heardAt: number;
}

export const sameAddress = (a: Address, b: Address): boolean =>
  a.port === b.port && a.address === b.address;

/** The time since an offer or answer, or the start: in it the far side may choose its address once. */
interface Era {
  /** When the first packet of this era came. */
  firstAt?: number;
  /** An address was taken that was not the one before. */
  chosen: boolean;
}

export class SymmetricLatch {
  #expected: LatchExpectation = { described: undefined, signallingAddress: undefined };
  #latched: Latched | undefined;
  #era: Era = { chosen: false };

  /** Where to send; undefined when nothing is known. */
  get target(): Address | undefined {
    return this.#latched?.address ?? this.#expected.described;
  }

  /** A new offer or answer. When it names another address than before, packets go there until something is heard. */
  expect(expected: LatchExpectation): void {
    const before = this.#expected.described;
    const { described } = expected;
    const moved = described !== undefined && (!before || !sameAddress(described, before));
    this.#expected = expected;
    this.#era = { chosen: false };
    if (moved) this.#latched = undefined;
  }

  /** Whether a packet from there would be believed. Changes nothing: SRTP looks at it before the packet has proven itself. */
  accepts(packet: LatchPacket): boolean {
    const latched = this.#latched;
    if (latched && sameAddress(latched.address, packet.from)) return true;
    if (this.#mayChoose(packet)) return true;
    return (
      latched !== undefined &&
      packet.nowMs - latched.heardAt >= RELATCH_SILENCE_MS &&
      packet.ssrc === latched.ssrc &&
      latched.payloadTypes.has(packet.payloadType)
    );
  }

  /** Believes a packet that `accepts` let through. */
  take(packet: LatchPacket): void {
    this.#era.firstAt ??= packet.nowMs;
    if (!this.#latched || !sameAddress(this.#latched.address, packet.from)) this.#era.chosen = true;
    const { from: address, ssrc, nowMs: heardAt } = packet;
    this.#latched = { address, ssrc, payloadTypes: this.#heardWith(packet), heardAt };
  }

  /** A set is made anew only when there is something new in it: this runs for every packet. */
  #heardWith({ ssrc, payloadType }: LatchPacket): ReadonlySet<number> {
    const known = this.#latched?.ssrc === ssrc ? this.#latched.payloadTypes : new Set<number>();
    return known.has(payloadType) ? known : new Set(known).add(payloadType);
  }

  #mayChoose({ from, nowMs }: LatchPacket): boolean {
    const { firstAt, chosen } = this.#era;
    if (firstAt !== undefined && nowMs - firstAt >= RELATCH_SILENCE_MS) return false;
    const { described, signallingAddress } = this.#expected;
    // The described address may still displace a guess by IP; a guess displaces nothing that was chosen in this era.
    if (described && sameAddress(described, from)) return true;
    return !chosen && from.address === signallingAddress;
  }
}
