/** Conversion between the 8000-clock codecs, packet by packet: as many octets out as in, so timestamps and packet times stay. Opus is never converted. */
import type { CodecName } from '../engine.ts';
import { decodeG711, encodeG711 } from './g711.ts';
import { G722Decoder, G722Encoder } from './g722.ts';
import { Doubler, Halver } from './resample.ts';

export type NarrowCodec = Exclude<CodecName, 'opus'>;

export interface Converter {
  convert(payload: Uint8Array): Uint8Array;
}

/** A converter for one direction of one bridge; it keeps the codecs' state. */
export function createConverter(from: NarrowCodec, to: NarrowCodec): Converter {
  if (from === to) return { convert: (payload) => payload };
  if (from !== 'G722' && to !== 'G722') {
    return { convert: (payload) => encodeG711(to, decodeG711(from, payload)) };
  }
  if (from !== 'G722') return narrowToWide(from);
  return wideToNarrow(to === 'PCMA' ? 'PCMA' : 'PCMU');
}

function wideToNarrow(to: 'PCMU' | 'PCMA'): Converter {
  const decoder = new G722Decoder();
  const halver = new Halver();
  return { convert: (payload) => encodeG711(to, halver.process(decoder.decode(payload))) };
}

function narrowToWide(from: 'PCMU' | 'PCMA'): Converter {
  const encoder = new G722Encoder();
  const doubler = new Doubler();
  return { convert: (payload) => encoder.encode(doubler.process(decodeG711(from, payload))) };
}
