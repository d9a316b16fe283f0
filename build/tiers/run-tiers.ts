import { addCounts, oneFailure, oneSkip } from './tier.ts';
import type { Counts, Failure, Tier, TierResult } from './tier.ts';

/** Under CI a missing capability is a failure, not a skip, and so is a tier over its budget. */
export const isCi = (): boolean => process.env['CI'] === 'true';

const red = (text: string): string => `\u001b[31m${text}\u001b[0m`;
const yellow = (text: string): string => `\u001b[33m${text}\u001b[0m`;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(0)} s`;

async function runTier(tier: Tier): Promise<TierResult> {
  const reason = tier.unavailable();
  const startedAt = performance.now();
  console.log(`\n── ${tier.name} ──`);
  if (reason !== null) console.log(`not run here: ${reason}`);
  const counts = reason === null ? await attempt(tier) : oneSkip(`${tier.name}: ${reason}`);
  const durationMs = performance.now() - startedAt;
  const line = `${tier.name}: ${seconds(durationMs)} of ${seconds(tier.budgetMs)}`;
  console.log(durationMs > tier.budgetMs ? red(`${line}, over budget`) : line);
  return { name: tier.name, durationMs, budgetMs: tier.budgetMs, counts };
}

/** A tier whose own code throws has failed; the ones after it still run. */
async function attempt(tier: Tier): Promise<Counts> {
  try {
    return await tier.run();
  } catch (error) {
    console.error(error);
    return oneFailure(tier.name, String(error));
  }
}

function judge(result: TierResult): Counts {
  const late = result.durationMs > result.budgetMs && isCi();
  const over = `${result.name}: over its budget of ${seconds(result.budgetMs)}`;
  return late ? addCounts([result.counts, oneFailure(over)]) : result.counts;
}

/** One test that needs a second try had bad luck; more of them are a symptom. */
const MOST_SECOND_TRIES = 3;

export function judgeWavering(total: Counts): Counts {
  if (total.wavering.length <= MOST_SECOND_TRIES) return total;
  const many = `${total.wavering.length} tests needed a second try; ${MOST_SECOND_TRIES} may`;
  return addCounts([total, oneFailure(many)]);
}

/** Runs the tiers in order, prints the closing line, and gives the exit code. */
export async function runTiers(tiers: readonly Tier[]): Promise<number> {
  const results: TierResult[] = [];
  for (const tier of tiers) results.push(await runTier(tier));
  const total = judgeWavering(addCounts(results.map(judge)));
  console.log('');
  for (const each of total.wavering) console.log(yellow(reasonLines('second try only', each)));
  for (const each of total.failures) console.log(red(reasonLines('failed', each)));
  for (const name of total.skippedNames) console.log(`skipped: ${name}`);
  if (isCi() && total.skipped > 0) console.log(red("CI's allowance of skips is zero."));
  console.log(closingLine(total));
  return exitCode(total, isCi());
}

/** Of what a runner said of one failure; the whole of it stands further up. */
const REASON_LINES = 15;
const COLOUR = /\u001b\[[\d;]*m/g;

/** What failed and the first lines of why: the last part of a long output must be enough to begin with. */
export function reasonLines(what: string, { name, reason }: Failure): string {
  const lines = reason
    .replace(COLOUR, '')
    .split('\n')
    .map((line) => line.trimEnd());
  const told = lines.filter((line) => line !== '').slice(0, REASON_LINES);
  return [`${what}: ${name}`, ...told.map((line) => `    ${line}`)].join('\n');
}

export const closingLine = (counts: Counts): string =>
  `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;

/** Zero only when nothing failed, something passed and, under CI, nothing was left out. */
export function exitCode(counts: Counts, ci: boolean): number {
  const skippedTooMuch = ci && counts.skipped > 0;
  return counts.failed > 0 || counts.passed === 0 || skippedTooMuch ? 1 : 0;
}
