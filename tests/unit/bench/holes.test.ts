import { describe, expect, it } from 'vitest';
import { encodeG711 } from '../../../shared/media/music/g711.ts';
import { longestHole, timelineOf } from '../../bench/kit/holes.ts';
import type { HeardPacket } from '../../bench/kit/steady-caller.ts';

const FRAME = 160;

function packet(frame: number, level: number): HeardPacket {
  const samples = Int16Array.from({ length: FRAME }, (_, n) => Math.round(level * Math.sin(n / 2)));
  const payload = Buffer.from(encodeG711('PCMA', samples));
  return { at: 0, timestamp: frame * FRAME, codec: 'PCMA', payload };
}

const LOUD = 8_000;

describe('the longest hole', () => {
  it('is none where packet follows packet', () => {
    expect(longestHole(timelineOf([0, 1, 2, 3].map((n) => packet(n, LOUD))))).toBe(0);
  });

  it('is what the timestamps leave out, whenever the packets came', () => {
    expect(longestHole(timelineOf([0, 1, 3.5].map((n) => packet(n, LOUD))))).toBe(30);
  });

  it('is silence in packets that did come, too', () => {
    const heard = [packet(0, LOUD), packet(1, 0), packet(2, 0), packet(3, LOUD)];
    expect(longestHole(timelineOf(heard))).toBe(40);
  });

  it('knows no order of arrival and outlives the end of the timestamps', () => {
    const wrapped = [packet(0, LOUD), packet(1, LOUD), packet(2, LOUD)].map((each, n) => ({
      ...each,
      timestamp: (2 ** 32 - FRAME + n * FRAME) % 2 ** 32,
    }));
    expect(longestHole(timelineOf([...wrapped].reverse()))).toBe(0);
  });
});
