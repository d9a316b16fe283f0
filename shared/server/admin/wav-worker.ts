/** A thread that reads an uploaded WAV file, so that the server's own thread is never busy with it. Posts one answer, then ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { convertMusic } from './convert-music.ts';

// Both ends are this program's: only `convertInThread` starts this thread.
parentPort?.postMessage(convertMusic(workerData as Uint8Array));
