import { Worker } from 'node:worker_threads';
import { assertNever } from '../../domain/assert-never.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { AudioRefusal } from '../../media/engine.ts';
import { readWav, writeWav } from '../../media/music/wav.ts';
import type { Refusal } from './admin-answer.ts';

/** A tenant's music as it is kept. */
export interface ConvertedMusic {
  /** PCM 16 bit, mono. */
  readonly wav: Uint8Array;
  /** In Hz. */
  readonly rate: number;
  readonly durationMs: number;
}

/** Checks an uploaded WAV file and brings it into the one form that is kept. */
export function convertMusic(bytes: Uint8Array): Result<ConvertedMusic, AudioRefusal> {
  const read = readWav(bytes);
  if (!read.ok) return read;
  const { rate, samples } = read.value;
  return ok({
    wav: writeWav(read.value),
    rate,
    durationMs: Math.max(1, Math.round((samples.length * 1000) / rate)),
  });
}

/** The same in a thread of its own: ten minutes of music take longer than calls can wait. */
export function convertInThread(bytes: Uint8Array): Promise<Result<ConvertedMusic, AudioRefusal>> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./wav-worker.ts', import.meta.url), { workerData: bytes });
    worker.unref();
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the thread that reads music ended early')));
  });
}

/** Why a file was not taken. */
export function musicAnswer({ reason, detail }: AudioRefusal): Refusal {
  switch (reason) {
    case 'not-wav':
      return { error: reason, message: 'This is not a WAV file.' };
    case 'unsupported-format': {
      const message =
        'This kind of WAV is not taken: PCM of 8 to 32 bits, floating point, A-law or µ-law, mono or stereo, 8 to 48 kHz.';
      return { error: reason, message };
    }
    case 'truncated':
      return { error: reason, message: `The file is not whole: ${detail}.` };
    case 'too-long':
      return { error: reason, message: `Music lasts at most ${detail}.` };
    case 'too-short':
      return { error: reason, message: `Music lasts at least ${detail}.` };
    default:
      return assertNever(reason);
  }
}
