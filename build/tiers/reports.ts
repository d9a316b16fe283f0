import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../project-root.ts';
import { addCounts, oneFailure } from './tier.ts';
import type { Counts, Failure } from './tier.ts';

const vitestTest = z.object({
  fullName: z.string(),
  status: z.string(),
  failureMessages: z.array(z.string()).nullish(),
});
const vitestReport = z.object({
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(vitestTest),
    }),
  ),
});

const playwrightError = z.object({ message: z.string().optional() });
const playwrightTest = z.object({
  projectName: z.string(),
  status: z.string(),
  results: z.array(z.object({ errors: z.array(playwrightError).optional() })).optional(),
});
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
  errors: z.array(playwrightError),
});

/** What became of a test, whichever runner ran it. */
interface Fate {
  readonly name: string;
  readonly is: 'passed' | 'wavered' | 'failed' | 'skipped';
  /** Of whatever failed, be it only the first try. */
  readonly reason: string;
}

function count(fates: readonly Fate[]): Counts {
  const those = (is: Fate['is']): readonly Fate[] => fates.filter((fate) => fate.is === is);
  const told = (is: Fate['is']): readonly Failure[] =>
    those(is).map(({ name, reason }) => ({ name, reason }));
  const failures = told('failed');
  const wavering = told('wavered');
  const skippedNames = those('skipped').map(({ name }) => name);
  return {
    passed: those('passed').length + wavering.length,
    failed: failures.length,
    skipped: skippedNames.length,
    skippedNames,
    failures,
    wavering,
  };
}

/** Counts of vitest's JSON report. A file that could not even be loaded counts as one failure. */
export function countVitest(report: unknown): Counts {
  const { testResults } = vitestReport.parse(report);
  return count(
    testResults.flatMap(({ name: path, status, message, assertionResults }) => {
      const name = relative(projectRoot, path);
      const fates = assertionResults.map((test) => ({
        name: `${name} › ${test.fullName}`,
        is: vitestFate(test),
        reason: test.failureMessages?.join('\n') ?? '',
      }));
      const told = status !== 'failed' || fates.some(({ is }) => is === 'failed');
      return told ? fates : [...fates, { name, is: 'failed' as const, reason: message ?? '' }];
    }),
  );
}

function vitestFate({ status, failureMessages }: z.infer<typeof vitestTest>): Fate['is'] {
  // What passed on its second try keeps how the first one failed.
  if (status === 'passed') return (failureMessages ?? []).length > 0 ? 'wavered' : 'passed';
  return ['pending', 'skipped', 'todo', 'disabled'].includes(status) ? 'skipped' : 'failed';
}

/** Counts of Playwright's JSON report. A test that passed on its second try has passed, and is named; errors outside tests count one each. */
export function countPlaywright(report: unknown): Counts {
  const { suites, errors } = playwrightReport.parse(report);
  const outside = errors.map(({ message }): Fate => ({
    name: 'outside any test',
    is: 'failed',
    reason: message ?? '',
  }));
  return count([...suites.flatMap((suite) => playwrightFates(suite, [])), ...outside]);
}

function playwrightFates(suite: PlaywrightSuite, above: readonly string[]): Fate[] {
  const path = [...above, suite.title];
  const own = suite.specs.flatMap((spec) =>
    spec.tests.map((test): Fate => ({
      name: [test.projectName, ...path, spec.title].join(' › '),
      is: playwrightFate(test.status),
      reason: (test.results ?? [])
        .flatMap(({ errors = [] }) => errors.map(({ message = '' }) => message))
        .join('\n'),
    })),
  );
  return [...own, ...(suite.suites ?? []).flatMap((inner) => playwrightFates(inner, path))];
}

function playwrightFate(status: string): Fate['is'] {
  if (status === 'expected') return 'passed';
  if (status === 'flaky') return 'wavered';
  return status === 'skipped' ? 'skipped' : 'failed';
}

export interface RunnerEnd {
  /** For the list of failures. */
  readonly name: string;
  readonly exitCode: number;
  readonly reportFile: string;
  /** What it printed; its end is the reason where there is no report. */
  readonly output: string;
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
  } catch (error) {
    const ending = `ended with ${end.exitCode}: ${String(error)}`;
    return oneFailure(`${end.name}: no report of its tests`, `${ending}\n${lastWords(end.output)}`);
  }
  if (counts.passed + counts.failed + counts.skipped === 0)
    return oneFailure(`${end.name}: ran no test`);
  if (end.exitCode === 0 || counts.failed > 0) return counts;
  const silent = `${end.name}: ended with ${end.exitCode} although no test failed`;
  return addCounts([counts, oneFailure(silent)]);
}

/** So many lines tell how a runner died. */
const LAST_LINES = 12;

function lastWords(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-LAST_LINES).join('\n');
}

/** Whether Playwright printed that it begins with the tests it found. */
export const hasBegun = (output: string): boolean => /^\s*Running \d+ tests?\b/m.test(output);

/** The counts of a runner's second try: where that one tested something, what became of the first is named among what wavers. */
export function onSecondTry(first: Counts, second: Counts): Counts {
  const dead = second.passed + second.skipped === 0;
  return dead ? second : { ...second, wavering: [...second.wavering, ...first.failures] };
}
