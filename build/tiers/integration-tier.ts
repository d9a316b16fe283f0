import { addCounts, type Tier } from './tier.ts';
import { vitestCounts } from './vitest-run.ts';

/** The server on real sockets, with SIP peers, media and HTTP; and beside it what can go wrong, which mostly waits. */
export const integrationTier: Tier = {
  name: 'integration',
  budgetMs: 480_000,
  unavailable: () => null,
  run: async () =>
    addCounts([
      await vitestCounts('sound', ['sound']),
      ...(await Promise.all([
        vitestCounts('integration', ['integration']),
        vitestCounts('faults', ['faults']),
      ])),
    ]),
};
