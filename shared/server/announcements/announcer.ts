import { readFile } from 'node:fs/promises';
import type { Clock } from '../../domain/clock.ts';
import { DisposableStore, type Disposable } from '../../domain/disposable.ts';
import type { AudioClip, MediaEngine, MediaLeg } from '../../media/engine.ts';
import type { Logger } from '../log.ts';
import type { Phrase } from './phrases.ts';

/** Spoken where a language, or one phrase of it, is missing. */
export const DEFAULT_LANGUAGE = 'en';

/** A listener whose media never comes up, or a clip that never ends, holds nothing up for longer, in ms. */
const LONGEST_MS = 15_000;

const SOUNDS = new URL('./sounds/', import.meta.url);

/** What the announcer works with; the call kit has it all. */
export interface AnnouncerParts {
  readonly media: MediaEngine;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Announcement {
  readonly language: string;
  readonly phrases: readonly Phrase[];
}

/**
 * Speaks to a leg: recorded phrases, read from `sounds/LANGUAGE/PHRASE.wav` when first asked for and kept. A language is
 * added by its folder; what it lacks is said in English, and what cannot be read at all is left out.
 */
export class Announcer {
  readonly #parts: AnnouncerParts;
  readonly #sounds: URL;
  readonly #clips = new Map<string, Promise<AudioClip | undefined>>();
  /** Cut short what is being said. */
  readonly #saying = new Set<() => void>();

  /** @param sounds the folder of languages, with a slash at its end */
  constructor(parts: AnnouncerParts, sounds: URL = SOUNDS) {
    this.#parts = parts;
    this.#sounds = sounds;
  }

  /**
   * Plays the phrases one after the other once the leg's media is up.
   * @param done runs once, when all is said, or could not be said, or took too long; never after `dispose`
   */
  say(leg: MediaLeg, announcement: Announcement, done: () => void): Disposable {
    const ends = new DisposableStore();
    const finish = (): void => {
      if (ends.disposed) return;
      ends.dispose();
      done();
    };
    this.#saying.add(finish);
    ends.add({ dispose: () => this.#saying.delete(finish) });
    ends.add(this.#parts.clock.after(LONGEST_MS, finish));
    void this.#clipsOf(announcement).then((clips) => {
      if (ends.disposed) return;
      ends.add(leg.onConnected(() => this.#play(leg, clips, finish, () => ends.disposed)));
    });
    return ends;
  }

  /** The server stops: whoever is being told something gets what was to come after it, now. */
  stop(): void {
    for (const finish of [...this.#saying]) finish();
  }

  #play(
    leg: MediaLeg,
    [clip, ...rest]: readonly AudioClip[],
    finish: () => void,
    isOver: () => boolean,
  ): void {
    if (isOver()) return;
    if (clip === undefined || leg.closed) return finish();
    const source = { kind: 'clip', clip, loop: false } as const;
    this.#parts.media.play(leg, source, () => this.#play(leg, rest, finish, isOver));
  }

  async #clipsOf({ language, phrases }: Announcement): Promise<readonly AudioClip[]> {
    const clips = await Promise.all(phrases.map((phrase) => this.#clip(language, phrase)));
    return clips.filter((clip) => clip !== undefined);
  }

  async #clip(language: string, phrase: Phrase): Promise<AudioClip | undefined> {
    const own = await this.#load(language, phrase);
    if (own !== undefined || language === DEFAULT_LANGUAGE) return own;
    return this.#load(DEFAULT_LANGUAGE, phrase);
  }

  #load(language: string, phrase: Phrase): Promise<AudioClip | undefined> {
    const name = `${language}/${phrase}.wav`;
    const known = this.#clips.get(name);
    if (known !== undefined) return known;
    const loading = this.#read(name);
    this.#clips.set(name, loading);
    return loading;
  }

  async #read(name: string): Promise<AudioClip | undefined> {
    try {
      const made = await this.#parts.media.makeClip(await readFile(new URL(name, this.#sounds)));
      if (made.ok) return made.value;
      this.#parts.log.warn({ name, why: made.error.detail }, 'an announcement cannot be played');
    } catch {
      this.#parts.log.debug({ name }, 'no such announcement');
    }
    return undefined;
  }
}
