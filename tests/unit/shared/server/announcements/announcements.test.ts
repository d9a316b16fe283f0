import { readFileSync } from 'node:fs';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { MediaLeg } from '../../../../../shared/media/engine.ts';
import { readWav } from '../../../../../shared/media/music/wav.ts';
import { Announcer } from '../../../../../shared/server/announcements/announcer.ts';
import {
  phraseOfRefusal,
  PHRASES,
  spokenDigits,
} from '../../../../../shared/server/announcements/phrases.ts';
import { silentLogger } from '../../../../../shared/server/log.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { FakeMediaEngine } from '../../../../fakes/fake-media-engine.ts';

const sounds = new URL('../../../../../shared/server/announcements/sounds/', import.meta.url);

/** The `data` chunk of a µ-law file, in ms at 16 kHz. */
const durationOf = (bytes: Uint8Array): number => bytes.length / 16;

describe('the recordings', () => {
  it.each(PHRASES)('%s is there in English, short, and can be played', (phrase) => {
    const bytes = readFileSync(new URL(`en/${phrase}.wav`, sounds));
    const read = readWav(bytes);
    if (!read.ok) throw new Error(read.error.detail);
    expect(read.value.rate).toBe(16_000);
    expect(durationOf(bytes)).toBeLessThan(5_000);
    const loudest = read.value.samples.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
    expect(loudest).toBeGreaterThan(15_000);
  });
});

describe('what is said', () => {
  it('numbers are read digit by digit', () => {
    expect(spokenDigits('103')).toEqual(['digit-1', 'digit-0', 'digit-3']);
    expect(spokenDigits('+1 0')).toEqual(['digit-1', 'digit-0']);
  });

  it.each([
    [404, 'No such extension', 'no-such-extension'],
    [404, 'No call parked', 'nothing-parked'],
    [403, 'No park group', 'no-park-group'],
    [403, 'Not permitted', 'not-permitted'],
    [410, 'Retrieved by 102', 'already-taken'],
    [410, 'Caller hung up', 'caller-hung-up'],
    [480, 'No member of the group has room', 'no-member-free'],
    [484, 'Extension incomplete', 'extension-incomplete'],
    [486, 'No free park slot', 'no-free-slot'],
    [491, 'Already being parked', 'already-parking'],
    [503, 'The server is stopping', 'try-again-later'],
    [488, 'No common audio', 'did-not-work'],
  ])('of a refusal %i %s: %s', (status, text, phrase) => {
    expect(phraseOfRefusal({ status, text })).toBe(phrase);
  });
});

describe('the announcer', () => {
  const folders: string[] = [];
  afterEach(() => folders.splice(0).forEach((each) => rmSync(each, { recursive: true })));

  /** A folder of languages, each with the phrases that it has. */
  function languages(contents: Readonly<Record<string, readonly string[]>>): URL {
    const root = mkdtempSync(join(tmpdir(), 'parkline-sounds-'));
    folders.push(root);
    for (const [language, phrases] of Object.entries(contents)) {
      mkdirSync(join(root, language));
      const wav = readFileSync(new URL('en/digit-1.wav', sounds));
      for (const phrase of phrases) writeFileSync(join(root, language, `${phrase}.wav`), wav);
    }
    return pathToFileURL(`${root}/`);
  }

  function scene(contents: Parameters<typeof languages>[0]) {
    const media = new FakeMediaEngine();
    const clock = new FakeClock();
    const makeClip = vi.spyOn(media, 'makeClip');
    const announcer = new Announcer({ media, clock, log: silentLogger }, languages(contents));
    const opened = media.open({ kind: 'rtp', legName: 'listener' });
    if (!opened.ok) throw new Error(opened.error.detail);
    const done = vi.fn();
    const say = (language: string, leg: MediaLeg = opened.value) =>
      announcer.say(leg, { language, phrases: ['parked-on', 'digit-1'] }, done);
    return { media, clock, makeClip, leg: media.leg('listener'), done, say };
  }

  const plays = (media: FakeMediaEngine) =>
    media.log.filter((line) => line === 'play listener clip').length;

  it('plays one phrase after the other, then says that it is done', async () => {
    const { media, leg, done, say } = scene({ en: ['parked-on', 'digit-1'] });
    leg.connect();
    say('en');
    await vi.waitFor(() => expect(plays(media)).toBe(1));
    media.finishPlayback(leg);
    expect(plays(media)).toBe(2);
    expect(done).not.toHaveBeenCalled();
    media.finishPlayback(leg);
    expect(done).toHaveBeenCalledOnce();
  });

  it('waits until the listener can hear', async () => {
    const { media, makeClip, leg, say } = scene({ en: ['parked-on', 'digit-1'] });
    say('en');
    await vi.waitFor(() => expect(makeClip).toHaveBeenCalledTimes(2));
    expect(plays(media)).toBe(0);
    leg.connect();
    await vi.waitFor(() => expect(plays(media)).toBe(1));
  });

  it('says in English what a language lacks, and reads every recording once', async () => {
    const { media, makeClip, leg, say } = scene({
      en: ['parked-on', 'digit-1'],
      sl: ['digit-1'],
    });
    leg.connect();
    say('sl');
    await vi.waitFor(() => expect(plays(media)).toBe(1));
    say('sl');
    await vi.waitFor(() => expect(plays(media)).toBe(2));
    expect(makeClip).toHaveBeenCalledTimes(2);
  });

  it('is done at once where nothing can be said, and at last where nobody listens', async () => {
    const nothing = scene({ en: [] });
    nothing.leg.connect();
    nothing.say('en');
    await vi.waitFor(() => expect(nothing.done).toHaveBeenCalledOnce());
    const deaf = scene({ en: ['parked-on', 'digit-1'] });
    deaf.say('en');
    deaf.clock.advance(15_000);
    expect(deaf.done).toHaveBeenCalledOnce();
  });

  it('is silent once it was called off', async () => {
    const { media, makeClip, leg, done, say } = scene({ en: ['parked-on', 'digit-1'] });
    leg.connect();
    say('en').dispose();
    await vi.waitFor(() => expect(makeClip).toHaveBeenCalledTimes(2));
    expect(plays(media)).toBe(0);
    expect(done).not.toHaveBeenCalled();
  });
});
