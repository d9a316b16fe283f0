/** A thread that makes recordings ready for every codec, one after the other. Started by `ClipMaker` alone. */
import { parentPort } from 'node:worker_threads';
import { packAudio } from '../music/packed-audio.ts';
import { prepareAudio } from '../music/prepared-audio.ts';
import { readWav } from '../music/wav.ts';
import type { ClipAnswer, ClipOrder } from './clip-maker.ts';

async function make({ job, wav }: ClipOrder): Promise<void> {
  const pcm = readWav(wav);
  if (!pcm.ok) {
    parentPort?.postMessage({ kind: 'refused', job, refusal: pcm.error } satisfies ClipAnswer);
    return;
  }
  const audio = await prepareAudio(pcm.value);
  const packed = packAudio(audio);
  const answer: ClipAnswer = { kind: 'made', job, packed, durationMs: audio.durationMs };
  parentPort?.postMessage(answer, packed.buffer instanceof ArrayBuffer ? [packed.buffer] : []);
}

const chain = { last: Promise.resolve() };
parentPort?.on('message', (order: ClipOrder) => {
  chain.last = chain.last.then(() => make(order));
});
