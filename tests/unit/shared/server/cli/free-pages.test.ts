import { expect, it } from 'vitest';
import { collectEverything } from '../../../../../shared/media/quiet-collection.ts';
import { freePages } from '../../../../../shared/server/cli/free-pages.ts';

const MB = 1e6;
/** Small enough that the C library takes it from a heap of its own, not from the system. */
const PIECE = 60_000;
const PIECES = 2_000;
const rssMb = (): number => process.memoryUsage.rss() / MB;

it('gives back what lies free between what is still in use', async () => {
  const giveBack = freePages();
  await giveBack();
  let pieces = Array.from({ length: PIECES }, (_, n) => Buffer.alloc(PIECE, n));
  const kept = pieces.filter((_, n) => n % 20 === 0);
  pieces = [];
  collectEverything();
  const before = rssMb();
  await giveBack();
  const returned = before - rssMb();
  expect(kept).toHaveLength(PIECES / 20);
  // The tests run on Linux; elsewhere nothing is promised.
  if (process.platform === 'linux') expect(returned).toBeGreaterThan((PIECES * PIECE) / MB / 2);
});
