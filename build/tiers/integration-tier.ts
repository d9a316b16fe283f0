import type { Tier } from './tier.ts';
import { vitestCounts } from './vitest-run.ts';

/** The server on real sockets, with SIP peers, media and HTTP. */
export const integrationTier: Tier = {
  name: 'integration',
  budgetMs: 480_000,
  unavailable: () => null,
  run: () => vitestCounts('integration', ['integration']),
};
