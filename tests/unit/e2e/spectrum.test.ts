import { expect, test } from 'vitest';
import {
  levelDbfs,
  loudestWindowDbfs,
  strongestTone,
  toneDbfs,
} from '../../e2e/desktop/spectrum.ts';
import type { Sound } from '../../e2e/desktop/spectrum.ts';

const RATE = 48_000;

const sine = (frequencyHz: number, amplitude: number, seconds = 1): Sound => ({
  samples: Float32Array.from(
    { length: RATE * seconds },
    (_, i) => amplitude * Math.sin((2 * Math.PI * frequencyHz * i) / RATE),
  ),
  rate: RATE,
});

const mixed = (...sounds: readonly Sound[]): Sound => ({
  samples: Float32Array.from({ length: RATE }, (_, i) =>
    sounds.reduce((sum, { samples }) => sum + (samples[i] ?? 0), 0),
  ),
  rate: RATE,
});

test('a tone is found at its frequency and with its level', () => {
  const strongest = strongestTone(sine(620, 0.1));
  expect(Math.abs(strongest.frequencyHz - 620)).toBeLessThan(6);
  expect(Math.abs(strongest.levelDbfs - -20)).toBeLessThan(1.5);
});

test('of two tones the louder one wins, and both have their level', () => {
  const both = mixed(sine(440, 0.01), sine(1000, 0.1));
  expect(Math.abs(strongestTone(both).frequencyHz - 1000)).toBeLessThan(6);
  expect(Math.abs(toneDbfs(both, 440) - -40)).toBeLessThan(1.5);
});

test('a tone that is not there is far below one that is', () => {
  expect(toneDbfs(sine(440, 0.5), 900)).toBeLessThan(-80);
});

test('silence has no level, and a click in it shows in the loudest window', () => {
  const silence: Sound = { samples: new Float32Array(RATE), rate: RATE };
  expect(levelDbfs(silence)).toBe(-Infinity);
  const samples = new Float32Array(RATE);
  samples[20_000] = 0.5;
  expect(loudestWindowDbfs({ samples, rate: RATE })).toBeGreaterThan(-60);
});
