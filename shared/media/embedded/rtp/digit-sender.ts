/** Sends digits of our own as RFC 4733 telephone events, one after the other, a packet every 20 ms. */
import type { Disposable } from '../../../domain/disposable.ts';
import type { MediaClock } from '../../media-clock.ts';
import { telephoneEventOf } from './telephone-event.ts';

const PACKET_MS = 20;
/** Clock of what is handed out; whoever sends it rescales. */
export const DIGIT_CLOCK_RATE = 8_000;
const UNITS_PER_PACKET = (DIGIT_CLOCK_RATE * PACKET_MS) / 1_000;
/** The end is said three times (§2.5.1.4). */
const END_PACKETS = 3;
/** Silence between two digits, in packets: 60 ms tell a repeated digit from a long one. */
const PAUSE_PACKETS = 3;
/** Shorter is no digit to many (ITU-T Q.24), longer does not fit the duration of an event at 48 kHz. */
const SHORTEST_MS = 60;
const LONGEST_MS = 1_000;
/** Digits that wait at most; beyond, somebody floods. */
const MOST_WAITING = 64;

export interface DigitPacket {
  readonly sequence: number;
  /** Of the digit's start, the same in all its packets. */
  readonly timestamp: number;
  readonly payload: Uint8Array;
}

interface Waiting {
  readonly code: number;
  /** Packets until the end is said. */
  readonly packets: number;
}

export class DigitSender {
  readonly #clock: MediaClock;
  readonly #send: (packet: DigitPacket) => void;
  readonly #waiting: Waiting[] = [];
  #current: Waiting | undefined;
  #sent = 0;
  #sequence = 0;
  #timestamp = 0;
  #timer: Disposable | undefined;

  constructor(clock: MediaClock, send: (packet: DigitPacket) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  /** A digit is on its way: nothing else should be sent meanwhile. */
  get busy(): boolean {
    const { packets = 0 } = this.#current ?? {};
    return this.#current !== undefined && this.#sent < packets + END_PACKETS - 1;
  }

  /** What is no digit is ignored; the duration is brought to 60–1000 ms. */
  send(digit: string, durationMs: number): void {
    const code = telephoneEventOf(digit);
    if (code === undefined || this.#waiting.length >= MOST_WAITING) return;
    const lastsMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, durationMs));
    this.#waiting.push({ code, packets: Math.ceil(lastsMs / PACKET_MS) });
    if (this.#current === undefined) this.#begin();
  }

  stop(): void {
    this.#waiting.length = 0;
    this.#current = undefined;
    this.#timer?.dispose();
  }

  #begin(): void {
    this.#current = this.#waiting.shift();
    this.#sent = 0;
    if (this.#current !== undefined) this.#step(this.#current);
  }

  #step(current: Waiting): void {
    const { code, packets } = current;
    if (this.#sent < packets + END_PACKETS - 1) {
      const duration = Math.min(this.#sent + 1, packets) * UNITS_PER_PACKET;
      const ends = this.#sent + 1 >= packets ? 0x80 : 0;
      // Volume 10: −10 dBm0, what phones send.
      const payload = Uint8Array.of(code, ends | 10, duration >> 8, duration & 0xff);
      this.#send({ sequence: this.#sequence & 0xffff, timestamp: this.#timestamp, payload });
      this.#sequence += 1;
    }
    this.#sent += 1;
    const over = this.#sent >= packets + END_PACKETS - 1 + PAUSE_PACKETS;
    if (over) this.#timestamp = (this.#timestamp + this.#sent * UNITS_PER_PACKET) % 2 ** 32;
    this.#timer = this.#clock.after(PACKET_MS, () => {
      if (over) this.#begin();
      else this.#step(current);
    });
  }
}
