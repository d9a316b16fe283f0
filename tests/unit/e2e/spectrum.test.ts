import { describe, expect, test } from 'vitest';
import { loudestWindow, loudness, Spectrum } from '../../e2e/kit/spectrum.ts';
import type { Recording } from '../../e2e/kit/spectrum.ts';

const RATE = 48_000;

const sine = (frequencyHz: number, amplitude: number, seconds = 1): Recording => ({
  samples: Float32Array.from(
    { length: RATE * seconds },
    (_, i) => amplitude * Math.sin((2 * Math.PI * frequencyHz * i) / RATE),
  ),
  rate: RATE,
});

const mixed = (...sounds: readonly Recording[]): Recording => ({
  samples: Float32Array.from({ length: RATE }, (_, i) =>
    sounds.reduce((sum, { samples }) => sum + (samples[i] ?? 0), 0),
  ),
  rate: RATE,
});

describe.each([8_192, undefined])('with windows of %s samples', (size) => {
  const spectrum = (sound: Recording) => new Spectrum(sound, size);

  test('a tone is found at its frequency and with its loudness', () => {
    const tone = spectrum(sine(620, 0.1));
    expect(Math.abs(tone.strongestHz - 620)).toBeLessThan(6);
    expect(Math.abs(tone.loudnessAt(620) - -23)).toBeLessThan(0.5);
  });

  test('of two tones the louder one wins, and both have their loudness', () => {
    const both = spectrum(mixed(sine(440, 0.01), sine(1000, 0.1)));
    expect(Math.abs(both.strongestHz - 1000)).toBeLessThan(6);
    expect(Math.abs(both.loudnessAt(440) - -43)).toBeLessThan(0.5);
  });

  test('a tone that is not there is far below one that is', () => {
    expect(spectrum(sine(440, 0.5)).loudnessAt(900)).toBeLessThan(-80);
  });
});

test('silence has the lowest loudness, and a click in it shows in the loudest window', () => {
  const silence: Recording = { samples: new Float32Array(RATE), rate: RATE };
  expect(loudness(silence)).toBe(-120);
  expect(new Spectrum(silence).shareAt(440)).toBe(0);
  const samples = new Float32Array(RATE);
  samples[20_000] = 0.5;
  expect(loudestWindow({ samples, rate: RATE })).toBeGreaterThan(-60);
});

test('a recording of nothing has no sound in it', () => {
  const nothing: Recording = { samples: new Float32Array(0), rate: RATE };
  expect(loudness(nothing)).toBe(-120);
  expect(new Spectrum(nothing).shareAt(440)).toBe(0);
});
