/** Payload types: what an SDP maps them to, and the numbers we use when we choose. */
import type { CodecName, LegKind } from '../../engine.ts';
import { attributesOf } from './session-description.ts';
import type { MediaDescription } from './session-description.ts';

export interface Payload {
  readonly payloadType: number;
  readonly codec: CodecName | 'telephone-event';
  /** RTP's clock, hertz. */
  readonly clockRate: number;
}

/** RTP clock rates; G.722's is 8000 although it samples at 16 kHz (RFC 3551 §4.5.2). */
export const CLOCK_RATES: Readonly<Record<CodecName, 8_000 | 48_000>> = {
  opus: 48_000,
  G722: 8_000,
  PCMU: 8_000,
  PCMA: 8_000,
};

const ENCODINGS: readonly { readonly encoding: string; readonly codec: Payload['codec'] }[] = [
  { encoding: 'opus/48000/2', codec: 'opus' },
  { encoding: 'g722/8000', codec: 'G722' },
  { encoding: 'pcmu/8000', codec: 'PCMU' },
  { encoding: 'pcma/8000', codec: 'PCMA' },
  { encoding: 'telephone-event/8000', codec: 'telephone-event' },
  { encoding: 'telephone-event/48000', codec: 'telephone-event' },
];

/** RFC 3551's static payload types need no rtpmap. */
const STATIC_ENCODINGS: ReadonlyMap<number, string> = new Map([
  [0, 'pcmu/8000'],
  [8, 'pcma/8000'],
  [9, 'g722/8000'],
]);

function encodingsOf(section: MediaDescription): ReadonlyMap<number, string> {
  const encodings = new Map(STATIC_ENCODINGS);
  for (const line of attributesOf('rtpmap', section)) {
    const [payloadType = '', encoding = ''] = line.split(/ +/);
    // One channel is what all but Opus have; some phones say so.
    const named = encoding.toLowerCase().replace(/^(?!opus)(.*)\/1$/, '$1');
    if (/^\d{1,3}$/.test(payloadType)) encodings.set(Number(payloadType), named);
  }
  return encodings;
}

/** The payload types of a section that the engine can use, in the section's order; the first of a codec and clock rate counts. */
export function readPayloads(section: MediaDescription): readonly Payload[] {
  const encodings = encodingsOf(section);
  const payloads: Payload[] = [];
  for (const format of section.formats) {
    const payloadType = /^\d{1,3}$/.test(format) ? Number(format) : 128;
    const encoding = payloadType < 128 ? encodings.get(payloadType) : undefined;
    const known = ENCODINGS.find((one) => one.encoding === encoding);
    if (!known) continue;
    const clockRate = Number(known.encoding.split('/')[1]);
    if (payloads.some((one) => one.codec === known.codec && one.clockRate === clockRate)) continue;
    payloads.push({ payloadType, codec: known.codec, clockRate });
  }
  return payloads;
}

const OWN_TYPES: Readonly<Record<CodecName, number>> = { opus: 111, G722: 9, PCMU: 0, PCMA: 8 };

/** A payload type for a codec: the number it has had on this leg, else the customary one, else a free dynamic one. */
export function payloadFor(codec: CodecName, used: readonly Payload[]): Payload {
  const clockRate = CLOCK_RATES[codec];
  return placed({ codec, clockRate }, OWN_TYPES[codec], used);
}

/** The telephone-event payloads to offer beside these codecs: one per clock rate in use (RFC 4733 §2.5.1.2 asks for the audio's rate), and 8000 always, because Chromium sends that. */
export function eventPayloadsFor(
  codecs: readonly CodecName[],
  kind: LegKind,
  used: readonly Payload[],
): readonly Payload[] {
  const narrow = placed(
    { codec: 'telephone-event', clockRate: 8_000 },
    kind === 'webrtc' ? 126 : 101,
    used,
  );
  if (!codecs.includes('opus')) return [narrow];
  const wide = placed({ codec: 'telephone-event', clockRate: 48_000 }, 110, [...used, narrow]);
  return [wide, narrow];
}

function placed(
  wanted: Omit<Payload, 'payloadType'>,
  customary: number,
  used: readonly Payload[],
): Payload {
  const kept = used.find((one) => one.codec === wanted.codec && one.clockRate === wanted.clockRate);
  if (kept) return kept;
  const taken = new Set(used.map((one) => one.payloadType));
  let payloadType = customary;
  for (let next = 96; taken.has(payloadType) && next < 128; next++) payloadType = next;
  return { ...wanted, payloadType };
}
