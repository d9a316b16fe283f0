import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { oneFailure } from './tier.ts';
import type { Counts } from './tier.ts';

const vitestReport = z.object({
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

const playwrightTest = z.object({ projectName: z.string(), status: z.string() });
const playwrightSpec = z.object({ title: z.string(), tests: z.array(playwrightTest) });

interface PlaywrightSuite {
  title: string;
  specs: z.infer<typeof playwrightSpec>[];
  suites?: PlaywrightSuite[] | undefined;
}

const playwrightSuite: z.ZodType<PlaywrightSuite> = z.lazy(() =>
  z.object({
    title: z.string(),
    specs: z.array(playwrightSpec),
    suites: z.array(playwrightSuite).optional(),
  }),
);

const playwrightReport = z.object({
  suites: z.array(playwrightSuite),
  errors: z.array(z.unknown()),
});

/** One word for what became of a test, whichever runner ran it. */
type Fate = 'passed' | 'failed' | 'skipped';

function count(fates: readonly (readonly [name: string, fate: Fate])[]): Counts {
  const named = (fate: Fate): string[] =>
    fates.filter(([, is]) => is === fate).map(([name]) => name);
  const skippedNames = named('skipped');
  return {
    passed: named('passed').length,
    failed: named('failed').length,
    skipped: skippedNames.length,
    skippedNames,
  };
}

/** Counts of vitest's JSON report. A file that could not even be loaded counts as one failure. */
export function countVitest(report: unknown): Counts {
  const { testResults } = vitestReport.parse(report);
  return count(
    testResults.flatMap(({ name, status, assertionResults }) => {
      const fates = assertionResults.map((test): [string, Fate] => [
        test.fullName,
        vitestFate(test.status),
      ]);
      const told = fates.some(([, fate]) => fate === 'failed');
      return status === 'failed' && !told ? [...fates, [name, 'failed'] as [string, Fate]] : fates;
    }),
  );
}

function vitestFate(status: string): Fate {
  if (status === 'passed') return 'passed';
  return ['pending', 'skipped', 'todo', 'disabled'].includes(status) ? 'skipped' : 'failed';
}

/** Counts of Playwright's JSON report. A flaky test counts as failed; errors outside tests count one each. */
export function countPlaywright(report: unknown): Counts {
  const { suites, errors } = playwrightReport.parse(report);
  const fates = suites.flatMap((suite) => playwrightFates(suite, []));
  return count([...fates, ...errors.map((): [string, Fate] => ['outside any test', 'failed'])]);
}

function playwrightFates(suite: PlaywrightSuite, above: readonly string[]): [string, Fate][] {
  const path = [...above, suite.title];
  const own = suite.specs.flatMap((spec) =>
    spec.tests.map((test): [string, Fate] => [
      [test.projectName, ...path, spec.title].join(' › '),
      test.status === 'expected' ? 'passed' : test.status === 'skipped' ? 'skipped' : 'failed',
    ]),
  );
  return [...own, ...(suite.suites ?? []).flatMap((inner) => playwrightFates(inner, path))];
}

export interface RunnerEnd {
  readonly exitCode: number;
  readonly reportFile: string;
  readonly read: (report: unknown) => Counts;
}

/**
 * The true counts of a runner that has ended. No report, or one that cannot be read, is one failure; so is a runner that ended
 * badly although its report names no failed test, and one that ran nothing at all.
 */
export function countRunner(end: RunnerEnd): Counts {
  let counts: Counts;
  try {
    counts = end.read(JSON.parse(readFileSync(end.reportFile, 'utf8')));
  } catch {
    return oneFailure;
  }
  const ranNothing = counts.passed + counts.failed + counts.skipped === 0;
  const silentCrash = end.exitCode !== 0 && counts.failed === 0;
  return ranNothing || silentCrash ? { ...counts, failed: counts.failed + 1 } : counts;
}
