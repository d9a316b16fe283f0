import type { Clock } from '../../domain/clock.ts';
import { collectEverything, heapSize, QuietCollection } from '../../media/quiet-collection.ts';
import type { ServerActivity } from '../metrics.ts';
import type { ParkServer } from '../park-server.ts';
import { SystemClock } from '../system-clock.ts';
import { freePages } from './free-pages.ts';

/**
 * More transactions than this between two looks, five seconds, are a rush: a pause would make a queue of them. Below it are a hundred
 * calls' questions whether their phones still live, all at once.
 */
const FEW_TRANSACTIONS = 250;
/** Buffers are freed behind a collection's back, and the packets' thread collects at about the same time, ms. */
const GIVE_BACK_AFTER_MS = 6_000;

/** This process is the server's alone. Packets have a thread of their own, which a pause here does not touch. */
export function collectWhenQuiet(
  server: Pick<ParkServer, 'activity' | 'releaseMemory'>,
  clock: Clock = new SystemClock(),
): QuietCollection {
  const giveBack = freePages();
  return new QuietCollection({
    isQuiet: quietSinceLastAsked(() => server.activity),
    heapSize,
    collect: () => {
      server.releaseMemory();
      collectEverything();
      clock.after(GIVE_BACK_AFTER_MS, () => void giveBack());
    },
    after: (delayMs, run) => clock.after(delayMs, run),
  });
}

/** @returns whether, since it was asked before, nothing happened to any call and hardly anybody asked for anything */
export function quietSinceLastAsked(read: () => ServerActivity): () => boolean {
  let before = read();
  return () => {
    const now = read();
    const quiet =
      now.callEvents === before.callEvents &&
      now.transactions - before.transactions < FEW_TRANSACTIONS;
    before = now;
    return quiet;
  };
}
