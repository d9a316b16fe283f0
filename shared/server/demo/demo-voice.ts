import { readFileSync } from 'node:fs';
import { readWav, type Pcm } from '../../media/music/wav.ts';

/**
 * What "Client" says when answered: a few sentences of about twelve seconds, made for looping, mono at 16 kHz. The recording is synthetic
 * speech (build/demo/make-client-speech.ts).
 * @throws Error when the recording is missing or broken: it belongs to the program
 */
export function demoVoice(): Pcm {
  const speech = readWav(readFileSync(new URL('./client-speech.wav', import.meta.url)));
  if (!speech.ok) throw new Error(`client-speech.wav: ${speech.error.detail}`);
  return speech.value;
}
