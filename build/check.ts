import { checkTier } from './tiers/check-tier.ts';
import { runTiers } from './tiers/run-tiers.ts';

process.exitCode = await runTiers([checkTier]);
