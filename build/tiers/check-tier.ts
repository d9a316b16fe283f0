import { mkdirSync } from 'node:fs';
import { inProject } from '../project-root.ts';
import { inParallel } from '../process/in-parallel.ts';
import { runCommand } from '../process/run-command.ts';
import { addCounts, noTests, oneFailure } from './tier.ts';
import type { Counts, Tier } from './tier.ts';
import { vitestCounts } from './vitest-run.ts';

/** Two cores everywhere: a third job only makes all three slower. */
const WIDTH = 2;

interface StaticCheck {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * One type check per runtime: see the tsconfig of each. The shell is checked twice, against the newest Electron and against the
 * oldest that tests run on; what only one of them has is found by feature detection, and so far nothing differs in its types.
 */
export const runtimes = [
  'pure',
  'node',
  'electron',
  'electron-oldest',
  'preload',
  'web',
  'tests',
] as const;

const staticChecks: readonly StaticCheck[] = [
  ...runtimes.map((runtime) => ({
    name: `types (${runtime})`,
    command: 'tsc',
    args: ['-p', `tsconfig.${runtime}.json`, '--pretty'],
  })),
  {
    name: 'lint',
    command: 'eslint',
    args: ['.', '--max-warnings=0', '--cache', '--cache-location=.cache/eslint/'],
  },
  {
    name: 'format',
    command: 'prettier',
    args: ['--check', '.', '--log-level=warn', '--cache', '--cache-location=.cache/prettier'],
  },
  {
    name: 'layers',
    command: 'depcruise',
    args: [
      '--config',
      '.dependency-cruiser.cjs',
      'shared',
      'electron',
      'renderer',
      'build',
      'tests',
    ],
  },
];

async function runStatic(check: StaticCheck): Promise<Counts> {
  const result = await runCommand(check.command, check.args, { env: { FORCE_COLOR: '1' } });
  const seconds = (result.durationMs / 1000).toFixed(1);
  console.log(`${result.code === 0 ? '✓' : '✗'} ${check.name} (${seconds} s)`);
  if (result.code !== 0) console.log(result.output.trimEnd());
  // A static check is not a test: it adds to the count only when it fails.
  return result.code === 0 ? noTests : oneFailure(check.name, result.output);
}

/** Types, lint, format, layers, unit, property and conformance tests. */
export const checkTier: Tier = {
  name: 'check',
  budgetMs: 240_000,
  unavailable: () => null,
  run: async () => {
    mkdirSync(inProject('.cache'), { recursive: true });
    const tests = (): Promise<Counts> =>
      vitestCounts('check', ['unit', 'properties', 'conformance']);
    const checks = staticChecks.map((check) => () => runStatic(check));
    return addCounts(await inParallel([tests, ...checks], WIDTH));
  },
};
