/**
 * A process that prepares the sounds, started by `BackgroundSounds` alone, and only when no earlier start left them in a file. A process, not a
 * thread: what encoding needs, some 60 MB, a thread leaves behind in the server for good. Sends each sound as soon as it is done, then ends.
 */
import type { SoundName } from '../music/sound-set.ts';
import type { Pcm } from '../music/wav.ts';

export interface SoundOrder {
  /** Undefined: the built-in piece. */
  readonly music: Pcm | undefined;
}

export interface PackedSound {
  readonly name: SoundName;
  readonly packed: Uint8Array;
}

/** Resolves when it is on its way: what is still waiting when the channel closes would be lost. */
function send(sound: PackedSound): Promise<void> {
  return new Promise((resolve) => process.send?.(sound, () => resolve()));
}

async function prepareAll({ music }: SoundOrder): Promise<void> {
  // Loaded only now, so that the signals below are ignored from the first moment on.
  const { packAudio } = await import('../music/packed-audio.ts');
  const { prepareSound, SOUND_NAMES } = await import('../music/sound-set.ts');
  for (const name of SOUND_NAMES) {
    const packed = packAudio(await prepareSound(name, music));
    await send({ name, packed });
  }
  process.disconnect();
}

// Ctrl-C and a service manager's stop go to us as well, but the server still lets calls end, with their music: it says when to stop.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
// Nobody waits for the sounds any more: the server has gone.
process.on('disconnect', () => process.exit());
// Both ends are this program's: the one message is the order.
process.once('message', (order: SoundOrder) => void prepareAll(order));
