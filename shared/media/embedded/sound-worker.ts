/** A thread that prepares the sounds, so that the server's own thread is never busy with it. Posts each as soon as it is done, then ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { packAudio } from '../music/packed-audio.ts';
import { prepareSound, SOUND_NAMES, type SoundName } from '../music/sound-set.ts';
import type { Pcm } from '../music/wav.ts';

export interface SoundOrder {
  /** Undefined: the built-in piece. */
  readonly music: Pcm | undefined;
}

export interface PackedSound {
  readonly name: SoundName;
  readonly packed: Uint8Array;
}

// Both ends are this program's: only `BackgroundSounds` starts this thread.
const { music } = workerData as SoundOrder;
for (const name of SOUND_NAMES) {
  const packed = packAudio(await prepareSound(name, music));
  parentPort?.postMessage({ name, packed } satisfies PackedSound);
}
