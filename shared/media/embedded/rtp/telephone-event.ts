/** DTMF as RFC 4733 telephone events: `event (8) | E R volume (8) | duration (16)`. */

const DIGITS = '0123456789*#ABCD';

/** The event's code of a digit `0`–`9`, `*`, `#`, `A`–`D`; undefined for anything else. */
export function telephoneEventOf(digit: string): number | undefined {
  const code = digit.length === 1 ? DIGITS.indexOf(digit) : -1;
  return code < 0 ? undefined : code;
}

export interface TelephoneEvent {
  readonly code: number;
  readonly end: boolean;
  /** In timestamp units of the event's payload type. */
  readonly duration: number;
}

export function readTelephoneEvent(payload: Uint8Array): TelephoneEvent | undefined {
  const [code, flags, high, low] = payload;
  if (code === undefined || flags === undefined || high === undefined || low === undefined) {
    return undefined;
  }
  return { code, end: (flags & 0x80) !== 0, duration: high * 256 + low };
}

/** The same event for another clock rate; durations that no longer fit stay at the largest. */
export function rescaleEvent(payload: Uint8Array, from: number, to: number): Uint8Array {
  const event = readTelephoneEvent(payload);
  if (!event || from === to) return payload;
  const duration = Math.min(65_535, Math.round((event.duration * to) / from));
  return Uint8Array.of(event.code, payload[1] ?? 0, duration >> 8, duration & 0xff);
}

/** Turns packets into digits: each once, at the first end packet, known again by its timestamp (end packets come three times, §2.5.1.4). */
export class DigitReader {
  #last: number | undefined;

  take(payload: Uint8Array, timestamp: number): string | undefined {
    const event = readTelephoneEvent(payload);
    if (!event?.end || timestamp === this.#last) return undefined;
    this.#last = timestamp;
    return DIGITS[event.code];
  }
}
