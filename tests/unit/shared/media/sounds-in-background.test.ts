import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CODECS_BEST_FIRST } from '../../../../shared/media/engine.ts';
import {
  BackgroundSounds,
  startSoundMaker,
} from '../../../../shared/media/embedded/background-sounds.ts';
import { packAudio, unpackAudio } from '../../../../shared/media/music/packed-audio.ts';
import { prepareAudio, type PreparedAudio } from '../../../../shared/media/music/prepared-audio.ts';
import type { Pcm } from '../../../../shared/media/music/wav.ts';

const music: Pcm = {
  rate: 8000,
  samples: Int16Array.from({ length: 4000 }, (_, at) => Math.round(6000 * Math.sin(at / 3))),
};

function framesOf(audio: PreparedAudio | undefined): string {
  if (audio === undefined) return '';
  const rows = CODECS_BEST_FIRST.map((codec) =>
    Array.from({ length: audio.frameCount }, (_, index) =>
      Buffer.from(audio.frame(codec, index) ?? []).toString('hex'),
    ),
  );
  return JSON.stringify(rows);
}

describe('packed audio', () => {
  it('is the same audio when it is unpacked', async () => {
    const audio = await prepareAudio(music);
    expect(framesOf(unpackAudio(packAudio(audio)))).toBe(framesOf(audio));
  });

  it('is refused when a part of it is missing, added or something else', async () => {
    const packed = packAudio(await prepareAudio(music));
    for (const length of [0, 10, 20, 24, packed.length - 1]) {
      expect(unpackAudio(packed.subarray(0, length))).toBeUndefined();
    }
    expect(unpackAudio(Buffer.concat([packed, Buffer.alloc(1)]))).toBeUndefined();
    expect(unpackAudio(Buffer.alloc(500, 1))).toBeUndefined();
    const endless = Buffer.from(packed);
    endless.writeUInt32BE(0xffffffff, 16);
    expect(unpackAudio(endless)).toBeUndefined();
  });
});

describe('sounds that get ready in the background', () => {
  let directory: string;
  let cacheFile: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'parkline-sounds-'));
    cacheFile = join(directory, 'sounds.cache');
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('are silence at first, then what another process made of them, and there at once the next time', async () => {
    const first = new BackgroundSounds({ music, cacheFile });
    expect(first.sound('music').durationMs).toBe(20);
    for (const codec of CODECS_BEST_FIRST)
      expect(first.sound('music').frame(codec, 0)).toBeDefined();
    await first.done;
    expect(framesOf(first.sound('music'))).toBe(framesOf(await prepareAudio(music)));
    expect(first.sound('confirm').durationMs).toBe(800);
    const second = new BackgroundSounds({ music, cacheFile });
    expect(framesOf(second.sound('music'))).toBe(framesOf(first.sound('music')));
    await second.done;
  });

  it.each([
    ['half written', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    [
      'of other music',
      (bytes: Buffer) => Buffer.concat([Buffer.from('parkline-sounds 00\n'), bytes]),
    ],
    ['empty', () => Buffer.alloc(0)],
  ])('are made anew when the file is %s', async (_what, spoil) => {
    await new BackgroundSounds({ music, cacheFile }).done;
    const whole = readFileSync(cacheFile);
    writeFileSync(cacheFile, spoil(whole));
    const sounds = new BackgroundSounds({ music, cacheFile });
    await sounds.done;
    expect(framesOf(sounds.sound('music'))).toBe(framesOf(await prepareAudio(music)));
    expect(readFileSync(cacheFile).equals(whole)).toBe(true);
  });

  it('need no file, and none that can be written', async () => {
    const sounds = new BackgroundSounds({ music, cacheFile: join(directory, 'nowhere', 'x') });
    await sounds.done;
    expect(sounds.sound('music').durationMs).toBe(500);
  });

  it('are given up when the engine closes', async () => {
    const sounds = new BackgroundSounds({ music, cacheFile });
    sounds.close();
    sounds.close();
    await sounds.done;
    expect(() => readFileSync(cacheFile)).toThrow('ENOENT');
  });

  it.each([
    ['there can be no process', () => fork('nowhere', { execPath: join(directory, 'nowhere') })],
    [
      'the system refuses one at once',
      () => {
        throw new Error('EAGAIN');
      },
    ],
    [
      'the process is ended before it has made one',
      () => {
        const maker = startSoundMaker();
        maker.once('spawn', () => maker.kill('SIGKILL'));
        return maker;
      },
    ],
    [
      'the process is ended after the first',
      () => {
        const maker = startSoundMaker();
        maker.once('message', () => maker.kill('SIGKILL'));
        return maker;
      },
    ],
  ])('are made here when %s', async (_what, startMaker) => {
    const sounds = new BackgroundSounds({ music, cacheFile, startMaker });
    await sounds.done;
    expect(framesOf(sounds.sound('music'))).toBe(framesOf(await prepareAudio(music)));
    expect(sounds.sound('confirm').durationMs).toBe(800);
    expect(readFileSync(cacheFile).length).toBeGreaterThan(0);
  });

  it.skipIf(process.platform === 'win32')(
    'are made to their end by a process that gets what a terminal or a service manager sends to all',
    async () => {
      const maker = startSoundMaker();
      maker.once('message', () => {
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) maker.kill(signal);
      });
      const sounds = new BackgroundSounds({ music, cacheFile, startMaker: () => maker });
      await sounds.done;
      expect([maker.exitCode, maker.signalCode]).toEqual([0, null]);
      expect(sounds.sound('music').durationMs).toBeGreaterThan(20);
    },
  );

  it('are not made by anybody once the engine is closed, and their process is gone', async () => {
    const maker = startSoundMaker();
    const begun = new Promise((resolve) => maker.once('message', resolve));
    const sounds = new BackgroundSounds({
      music: undefined,
      cacheFile,
      startMaker: () => maker,
    });
    await begun;
    sounds.close();
    await sounds.done;
    expect(maker.signalCode).toBe('SIGKILL');
    expect(sounds.sound('music').durationMs).toBe(20);
  });

  it('are not made here either when a process fails that was closed already', async () => {
    const startMaker = () => fork('nowhere', { execPath: join(directory, 'nowhere') });
    const sounds = new BackgroundSounds({ music, cacheFile, startMaker });
    sounds.close();
    await sounds.done;
    expect(sounds.sound('confirm').durationMs).toBe(20);
  });
});
