/**
 * Makes shared/server/demo/client-speech.wav, what the demo caller says, with espeak-ng (Debian: espeak-ng). Run by hand when the words change:
 * `node build/demo/make-client-speech.ts`. The file is committed, so nobody needs espeak-ng to run the demo.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resample } from '../../shared/media/music/resample.ts';
import { readWav, writeWav } from '../../shared/media/music/wav.ts';

const RATE = 16_000;
const PAUSE_MS = 1_400;
const SENTENCES = [
  'Hello? This is the client calling, about the order from last week.',
  'Could you put me through to somebody who knows about it?',
  'No problem, I can hold for a moment.',
];

function speak(sentence: string): Int16Array {
  const wav = execFileSync('espeak-ng', [
    '-v',
    'en-gb',
    '-s',
    '150',
    '-p',
    '42',
    '--stdout',
    sentence,
  ]);
  // espeak-ng writes to a pipe and cannot know the length: the sizes in its header are the largest possible.
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.writeUInt32LE(wav.length - 44, 40);
  const read = readWav(wav);
  if (!read.ok) throw new Error(`espeak-ng: ${read.error.detail}`);
  return resample(read.value.samples, read.value.rate, RATE);
}

const silence = new Int16Array((RATE * PAUSE_MS) / 1_000);
const parts = SENTENCES.flatMap((sentence) => [speak(sentence), silence]);
const samples = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
let at = 0;
for (const part of parts) {
  samples.set(part, at);
  at += part.length;
}
const target = new URL('../../shared/server/demo/client-speech.wav', import.meta.url);
writeFileSync(target, writeWav({ rate: RATE, samples }));
