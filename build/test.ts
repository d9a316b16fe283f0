/**
 * `npm test`: everything that this machine can test. `npm test -- check`, `… integration`, `… e2e` run one tier.
 */
import { ensureDebianPackages } from './setup/debian-packages.ts';
import { checkTier } from './tiers/check-tier.ts';
import { e2eTier } from './tiers/e2e-tier.ts';
import { integrationTier } from './tiers/integration-tier.ts';
import { runTiers } from './tiers/run-tiers.ts';

const all = [checkTier, integrationTier, e2eTier];
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !all.some((tier) => tier.name === name));

if (unknown.length > 0) {
  console.error(
    `Unknown tier: ${unknown.join(', ')}. Known: ${all.map((tier) => tier.name).join(', ')}.`,
  );
  process.exitCode = 2;
} else {
  const packages = await ensureDebianPackages(console.log);
  if (packages.mend !== null) {
    console.log(
      `Not installed: ${packages.missing.join(', ')}. To run every test: ${packages.mend}`,
    );
  }
  process.exitCode = await runTiers(
    all.filter((tier) => asked.length === 0 || asked.includes(tier.name)),
  );
}
