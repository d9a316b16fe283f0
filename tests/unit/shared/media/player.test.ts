import { beforeAll, describe, expect, it } from 'vitest';
import type { SendableAudio } from '../../../../shared/media/embedded/leg-streams.ts';
import { Player } from '../../../../shared/media/embedded/player.ts';
import type { PlayRequest } from '../../../../shared/media/embedded/player.ts';
import type { CodecName } from '../../../../shared/media/engine.ts';
import { prepareAudio } from '../../../../shared/media/music/prepared-audio.ts';
import type { PreparedAudio } from '../../../../shared/media/music/prepared-audio.ts';
import { FakeMediaClock } from '../../../fakes/fake-media-clock.ts';

let recording: PreparedAudio;

/** Ten frames, each with its own sound. */
beforeAll(async () => {
  const samples = Int16Array.from({ length: 8_000 / 5 }, (_, i) => (Math.floor(i / 160) + 1) * 900);
  recording = await prepareAudio({ rate: 8_000, samples });
});

class FakeTarget {
  takes: readonly CodecName[] = ['PCMU'];
  readonly heard: SendableAudio[] = [];
  sendAudio(audio: SendableAudio): void {
    this.heard.push(audio);
  }

  /** Which frames of the recording, by number. */
  get frames(): readonly number[] {
    return this.heard.map((one) =>
      Array.from({ length: recording.frameCount }, (_, i) => i).findIndex(
        (i) => recording.frame(one.codec, i) === one.payload,
      ),
    );
  }
}

function rig() {
  const clock = new FakeMediaClock();
  const finished: string[] = [];
  const request = (mode: PlayRequest['mode']): PlayRequest => ({
    audio: () => recording,
    mode,
    onFinished: () => finished.push(mode),
  });
  return { clock, player: new Player(clock), target: new FakeTarget(), finished, request };
}

describe('the player', () => {
  it('sends a frame every 20 ms, numbered and timed without a gap', () => {
    const { clock, player, target, request } = rig();
    player.start(target, request('once'));
    clock.advance(100);
    expect(target.frames).toEqual([0, 1, 2, 3, 4]);
    expect(target.heard.map((one) => one.sequence)).toEqual([0, 1, 2, 3, 4]);
    const [first] = target.heard;
    expect(target.heard.map((one) => one.timestamp - (first?.timestamp ?? 0))).toEqual([
      0, 160, 320, 480, 640,
    ]);
  });

  it('ends a clip once, after its last frame', () => {
    const { clock, player, target, finished, request } = rig();
    player.start(target, request('once'));
    clock.advance(200);
    expect(target.frames.length).toBe(10);
    expect(finished).toEqual([]);
    clock.advance(2_000);
    expect(target.frames.length).toBe(10);
    expect(finished).toEqual(['once']);
  });

  it('repeats a tone, and plays everybody the same place of music', () => {
    const { clock, player, target, request } = rig();
    const other = new FakeTarget();
    const late = new FakeTarget();
    player.start(target, request('loop'));
    player.start(other, request('shared'));
    clock.advance(60);
    player.start(late, request('shared'));
    clock.advance(300);
    expect(target.frames.slice(8, 12)).toEqual([8, 9, 0, 1]);
    expect(late.frames).toEqual(other.frames.slice(3));
  });

  it('catches up with at most three frames after a stall and skips the rest with its time', () => {
    const { clock, player, target, request } = rig();
    player.start(target, request('once'));
    clock.advance(20);
    clock.stall(130);
    clock.advance(20);
    expect(target.frames).toEqual([0, 4, 5, 6, 7]);
    expect(target.heard.map((one) => one.sequence)).toEqual([0, 1, 2, 3, 4]);
    const [first, second] = target.heard;
    expect((second?.timestamp ?? 0) - (first?.timestamp ?? 0)).toBe(4 * 160);
  });

  it('sends nothing while the far side holds, and is on time afterwards', () => {
    const { clock, player, target, request } = rig();
    player.start(target, request('once'));
    clock.advance(40);
    target.takes = [];
    clock.advance(60);
    target.takes = ['G722'];
    clock.advance(20);
    expect(target.frames).toEqual([0, 1, 5]);
    expect(target.heard.map((one) => one.sequence)).toEqual([0, 1, 2]);
  });

  it('keeps no timer when nobody listens', () => {
    const { clock, player, target, request } = rig();
    const playback = player.start(target, request('loop'));
    clock.advance(40);
    playback.dispose();
    playback.dispose();
    clock.advance(1_000);
    expect(target.frames.length).toBe(2);
    player.start(target, request('once'));
    clock.advance(20);
    expect(target.frames.at(-1)).toBe(0);
  });
});
