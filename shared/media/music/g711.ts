/** G.711 (ITU-T Rec. G.711): 8-bit logarithmic samples at 8 kHz. Decoding is a table; encoding searches the segment. */

const MU_BIAS = 0x84;
const MU_CLIP = 32_635;

export function encodeMuLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), MU_CLIP) + MU_BIAS;
  const exponent = 24 - Math.clz32(magnitude);
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}

function decodeMuLaw(code: number): number {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + MU_BIAS) << ((bits >> 4) & 7)) - MU_BIAS;
  return bits & 0x80 ? -magnitude : magnitude;
}

export function encodeALaw(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  // Negative values are complemented, not negated, so that -1 and 0 fall into the innermost steps of either side.
  const magnitude = Math.min(sample >= 0 ? sample : -sample - 1, 32_767) >> 4;
  const segment = magnitude < 16 ? 0 : 28 - Math.clz32(magnitude);
  const mantissa = (magnitude >> Math.max(segment - 1, 0)) & 0x0f;
  return (sign | (segment << 4) | mantissa) ^ 0x55;
}

function decodeALaw(code: number): number {
  const bits = code ^ 0x55;
  const segment = (bits >> 4) & 7;
  const base = ((bits & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? base : (base + 0x100) << (segment - 1);
  return bits & 0x80 ? magnitude : -magnitude;
}

const table = (decode: (code: number) => number): Int16Array =>
  Int16Array.from({ length: 256 }, (_, code) => decode(code));

const MU_LAW = table(decodeMuLaw);
const A_LAW = table(decodeALaw);

export type G711Law = 'PCMU' | 'PCMA';

export function encodeG711(law: G711Law, samples: Int16Array): Uint8Array {
  const encode = law === 'PCMU' ? encodeMuLaw : encodeALaw;
  const out = new Uint8Array(samples.length);
  for (let i = 0; i < samples.length; i++) out[i] = encode(samples[i] ?? 0);
  return out;
}

export function decodeG711(law: G711Law, bytes: Uint8Array): Int16Array {
  const values = law === 'PCMU' ? MU_LAW : A_LAW;
  const out = new Int16Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) out[i] = values[bytes[i] ?? 0] ?? 0;
  return out;
}
