import { describe, expect, it } from 'vitest';
import OpusScript from 'opusscript';
import { createConverter } from '../../../../shared/media/music/converter.ts';
import type { NarrowCodec } from '../../../../shared/media/music/converter.ts';
import { decodeG711, encodeG711 } from '../../../../shared/media/music/g711.ts';
import { G722Decoder, G722Encoder } from '../../../../shared/media/music/g722.ts';
import { composeHoldMusic } from '../../../../shared/media/music/hold-music.ts';
import { prepareAudio } from '../../../../shared/media/music/prepared-audio.ts';
import { resample } from '../../../../shared/media/music/resample.ts';
import { tonePcm } from '../../../../shared/media/music/tones.ts';
import { readWav, writeWav } from '../../../../shared/media/music/wav.ts';

function sine(hertz: number, rate: number, length: number, level = 8_000): Int16Array {
  return Int16Array.from({ length }, (_, i) => level * Math.sin((2 * Math.PI * hertz * i) / rate));
}

/** Decibels of signal over difference, at the delay where they fit best. */
function signalToNoise(original: Int16Array, copy: Int16Array, maxDelay = 60): number {
  let best = -Infinity;
  for (let delay = 0; delay <= maxDelay; delay++) {
    let signal = 0;
    let noise = 0;
    for (let i = 1_000; i + delay < copy.length && i < original.length; i++) {
      const sample = original[i] ?? 0;
      signal += sample ** 2;
      noise += (sample - (copy[i + delay] ?? 0)) ** 2;
    }
    best = Math.max(best, 10 * Math.log10(signal / noise));
  }
  return best;
}

describe('G.711', () => {
  it.each(['PCMU', 'PCMA'] as const)(
    'gives every code of %s back, the second zero aside',
    (law) => {
      for (let code = 0; code < 256; code++) {
        const value = decodeG711(law, Uint8Array.of(code));
        const again = encodeG711(law, value)[0];
        expect([code, value[0] === 0 ? 0xff : code]).toContain(again);
      }
    },
  );

  it('knows the values of ITU-T G.711’s tables', () => {
    const of = (law: 'PCMU' | 'PCMA', code: number): number | undefined =>
      decodeG711(law, Uint8Array.of(code))[0];
    expect([of('PCMU', 0x80), of('PCMU', 0x00), of('PCMU', 0xff), of('PCMU', 0xef)]).toEqual([
      32_124, -32_124, 0, 132,
    ]);
    expect([of('PCMA', 0xd5), of('PCMA', 0x55), of('PCMA', 0xaa), of('PCMA', 0x2a)]).toEqual([
      8, -8, 32_256, -32_256,
    ]);
  });

  it.each(['PCMU', 'PCMA'] as const)('keeps %s near the sample at every level', (law) => {
    for (let sample = -32_768; sample < 32_768; sample += 7) {
      const copy = decodeG711(law, encodeG711(law, Int16Array.of(sample)))[0] ?? 0;
      expect(Math.abs(copy - sample)).toBeLessThanOrEqual(Math.max(16, Math.abs(sample) * 0.0425));
    }
  });

  it.each([-3, -20, -30])('keeps 33 dB at %d dB below full', (level) => {
    const original = sine(1_004, 8_000, 8_000, 32_000 * 10 ** (level / 20));
    for (const law of ['PCMU', 'PCMA'] as const) {
      const copy = decodeG711(law, encodeG711(law, original));
      expect(signalToNoise(original, copy, 0)).toBeGreaterThan(33);
    }
  });
});

describe('G.722', () => {
  it.each([
    [300, 35],
    [1_000, 35],
    [3_000, 30],
    [6_000, 18],
  ])('keeps a tone of %d Hz at more than %d dB', (hertz, decibels) => {
    const original = sine(hertz, 16_000, 16_000);
    const copy = new G722Decoder().decode(new G722Encoder().encode(original));
    expect(signalToNoise(original, copy)).toBeGreaterThan(decibels);
  });

  it('does not care how the stream is cut', () => {
    const original = sine(700, 16_000, 3_200);
    const whole = new G722Encoder().encode(original);
    const encoder = new G722Encoder();
    const cut = [0, 320, 322, 1_000, 3_200]
      .slice(1)
      .map((end, i) => [[0, 320, 322, 1_000][i] ?? 0, end] as const);
    const parts = cut.flatMap(([from, to]) => [...encoder.encode(original.subarray(from, to))]);
    expect(Uint8Array.from(parts)).toEqual(whole);
  });

  it('decodes any octets without leaving the range', () => {
    const bytes = Uint8Array.from({ length: 20_000 }, (_, i) => (i * 7_919) % 251);
    const samples = new G722Decoder().decode(bytes);
    expect(samples.length).toBe(40_000);
    expect(samples.every(Number.isFinite)).toBe(true);
  });
});

describe('conversion between codecs', () => {
  const pairs: readonly (readonly [NarrowCodec, NarrowCodec])[] = [
    ['PCMU', 'PCMA'],
    ['PCMA', 'PCMU'],
    ['PCMU', 'G722'],
    ['G722', 'PCMA'],
  ];
  it.each(pairs)('from %s to %s keeps a tone and the number of octets', (from, to) => {
    const converter = createConverter(from, to);
    const narrow = sine(800, 8_000, 8_000);
    const wide = sine(800, 16_000, 16_000);
    const original = from === 'G722' ? new G722Encoder().encode(wide) : encodeG711(from, narrow);
    const parts: number[] = [];
    for (let at = 0; at < 8_000; at += 160) {
      const payload = converter.convert(original.subarray(at, at + 160));
      expect(payload.length).toBe(160);
      parts.push(...payload);
    }
    const bytes = Uint8Array.from(parts);
    if (to === 'G722') {
      expect(signalToNoise(wide, new G722Decoder().decode(bytes), 120)).toBeGreaterThan(20);
    } else expect(signalToNoise(narrow, decodeG711(to, bytes), 80)).toBeGreaterThan(20);
  });
});

describe('sample rates', () => {
  it.each([
    [48_000, 8_000],
    [44_100, 16_000],
    [8_000, 48_000],
    [24_000, 48_000],
  ])('from %d to %d Hz keeps a tone', (from, to) => {
    const copy = resample(sine(1_000, from, from), from, to);
    expect(copy.length).toBe(to);
    expect(signalToNoise(sine(1_000, to, to - 2_000), copy, 0)).toBeGreaterThan(40);
  });

  it('lets nothing through that the lower rate cannot carry', () => {
    const copy = resample(sine(6_000, 48_000, 48_000), 48_000, 8_000).subarray(500, 7_500);
    expect(Math.max(...copy.map(Math.abs))).toBeLessThan(20);
  });
});

function octets(length: number, write: (buffer: Buffer) => void): Buffer {
  const buffer = Buffer.alloc(length);
  write(buffer);
  return buffer;
}

/** A mono file at 8 kHz. */
function wavOf(what: {
  readonly tag: number;
  readonly bits: number;
  readonly data: Buffer;
}): Buffer {
  const head = Buffer.from(writeWav({ rate: 8_000, samples: new Int16Array(0) })).subarray(0, 44);
  head.writeUInt16LE(what.tag, 20);
  head.writeUInt16LE(what.bits, 34);
  head.writeUInt32LE(what.data.length, 40);
  return Buffer.concat([head, what.data]);
}

describe('WAV', () => {
  it('reads what it wrote', () => {
    const samples = sine(440, 16_000, 16_000);
    expect(readWav(writeWav({ rate: 16_000, samples }))).toEqual({
      ok: true,
      value: { rate: 16_000, samples },
    });
  });

  it('mixes stereo, skips unknown chunks, and takes G.711', () => {
    const file = Buffer.from(writeWav({ rate: 8_000, samples: sine(440, 8_000, 8_000) }));
    const stereo = Buffer.from(file);
    stereo.writeUInt16LE(2, 22);
    const extra = Buffer.concat([
      file.subarray(0, 36),
      Buffer.from('LIST\x03\0\0\0abc\0', 'latin1'),
      file.subarray(36),
    ]);
    const coded = Buffer.from(file);
    coded.writeUInt16LE(7, 20);
    coded.writeUInt16LE(8, 34);
    const lengths = [stereo, extra, coded].map((one) => {
      const read = readWav(one);
      return read.ok ? read.value.samples.length : read.error.reason;
    });
    expect(lengths).toEqual([4_000, 8_000, 16_000]);
  });

  it.each([
    ['8 bits', 1, 8, (value: number) => Buffer.from([Math.round(value * 127) + 128])],
    [
      '24 bits',
      1,
      24,
      (value: number) => octets(3, (b) => b.writeIntLE(Math.round(value * 0x7f_ffff), 0, 3)),
    ],
    [
      '32 bits',
      1,
      32,
      (value: number) => octets(4, (b) => b.writeInt32LE(Math.round(value * 0x7fff_ffff))),
    ],
    ['floating point', 3, 32, (value: number) => octets(4, (b) => b.writeFloatLE(value))],
  ] as const)('takes %s', (_name, tag, bits, write) => {
    const wave = Array.from({ length: 1_600 }, (_, i) => 0.8 * Math.sin(i / 5));
    const read = readWav(wavOf({ tag, bits, data: Buffer.concat(wave.map(write)) }));
    if (!read.ok) throw new Error(read.error.detail);
    const worst = Math.max(
      ...wave.map((value, i) => Math.abs((read.value.samples[i] ?? 0) / 32_768 - value)),
    );
    expect(read.value.samples.length).toBe(wave.length);
    expect(worst).toBeLessThan(bits === 8 ? 0.02 : 0.001);
  });

  it('takes floating point that is no number, or too loud, without noise', () => {
    const values = [
      Number.NaN,
      7,
      -7,
      Number.POSITIVE_INFINITY,
      ...Array.from({ length: 900 }, () => 0),
    ];
    const data = Buffer.concat(values.map((value) => octets(4, (b) => b.writeFloatLE(value))));
    const read = readWav(wavOf({ tag: 3, bits: 32, data }));
    expect(read.ok ? [...read.value.samples.subarray(0, 4)] : []).toEqual([
      0, 32_767, -32_768, 32_767,
    ]);
  });

  it('says in words what it does not take', () => {
    const six = Buffer.from(wavOf({ tag: 1, bits: 16, data: Buffer.alloc(9_600) }));
    six.writeUInt16LE(6, 22);
    const read = readWav(six);
    expect(read.ok ? '' : read.error.detail).toContain('it has 6 channels; PCM of');
  });

  it.each([
    ['not-wav', Buffer.from('hello, this is no audio at all, not even nearly')],
    [
      'truncated',
      Buffer.from(writeWav({ rate: 8_000, samples: sine(440, 8_000, 8_000) })).subarray(0, 900),
    ],
    ['too-short', Buffer.from(writeWav({ rate: 8_000, samples: new Int16Array(100) }))],
    [
      'unsupported-format',
      Buffer.from(writeWav({ rate: 96_000, samples: new Int16Array(96_000) })),
    ],
    ['too-long', Buffer.from(writeWav({ rate: 8_000, samples: new Int16Array(8_000 * 601) }))],
  ])('refuses what is %s', (reason, file) => {
    const read = readWav(file);
    expect(read.ok ? 'taken' : read.error.reason).toBe(reason);
  });
});

describe('prepared audio', () => {
  it('has the same frames in time for every codec', async () => {
    const audio = await prepareAudio({ rate: 16_000, samples: sine(1_000, 16_000, 16_000) });
    expect([audio.frameCount, audio.durationMs]).toEqual([50, 1_000]);
    expect(audio.frame('PCMU', 49)?.length).toBe(160);
    expect(audio.frame('PCMA', 0)?.length).toBe(160);
    expect(audio.frame('G722', 49)?.length).toBe(160);
    const decoder = new OpusScript(16_000, 1);
    const decoded = Array.from({ length: 50 }, (_, i) => audio.frame('opus', i)).flatMap(
      (frame) => {
        const bytes = decoder.decode(Buffer.from(frame ?? []));
        return [...new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)];
      },
    );
    decoder.delete();
    const original = sine(1_000, 16_000, 16_000);
    expect(signalToNoise(original, Int16Array.from(decoded), 250)).toBeGreaterThan(15);
  });

  it('composes the same hold music every time: 32 s, neither clipped nor faint, without a click at the seam', () => {
    const { rate, samples } = composeHoldMusic();
    expect(samples.length / rate).toBe(32);
    expect(composeHoldMusic().samples).toEqual(samples);
    const power = samples.reduce((sum, one) => sum + one * one, 0) / samples.length;
    expect(Math.sqrt(power)).toBeGreaterThan(1_500);
    expect(samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0)).toBeLessThan(12_000);
    expect(Math.abs((samples[0] ?? 0) - (samples.at(-1) ?? 0))).toBeLessThan(1_000);
  });

  it('has a confirmation tone shorter than a second', () => {
    const { rate, samples } = tonePcm('confirm');
    expect(samples.length / rate).toBeCloseTo(0.8);
  });
});
