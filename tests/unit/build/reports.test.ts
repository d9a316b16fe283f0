import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  countPlaywright,
  countRunner,
  countVitest,
  hasBegun,
  onSecondTry,
} from '../../../build/tiers/reports.ts';

const vitestReport = (...files: readonly { status: string; tests: readonly string[] }[]) => ({
  success: true,
  testResults: files.map(({ status, tests }, index) => ({
    name: `tests/file-${index}.test.ts`,
    status,
    message: status === 'failed' ? 'cannot be loaded' : '',
    assertionResults: tests.map((test, at) => ({
      fullName: `test ${at}`,
      status: test,
      failureMessages: test === 'failed' ? ['expected 1', 'to be 2'] : [],
    })),
  })),
});

const playwrightReport = (
  statuses: readonly string[],
  errors: readonly { message: string }[] = [],
) => ({
  suites: [
    {
      title: 'phone.spec.ts',
      specs: [],
      suites: [
        {
          title: 'park',
          specs: statuses.map((status, at) => ({
            title: `test ${at}`,
            tests: [
              {
                projectName: 'browser',
                status,
                results: [
                  {
                    errors: ['unexpected', 'flaky'].includes(status)
                      ? [{ message: 'no such card' }]
                      : [],
                  },
                ],
              },
            ],
          })),
        },
      ],
    },
  ],
  errors,
});

function reportFile(content: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'report-')), 'report.json');
  writeFileSync(file, content);
  return file;
}

describe('counting what a runner really ran', () => {
  test('adds up passed, failed and skipped tests, and names the skipped', () => {
    const report = vitestReport({
      status: 'failed',
      tests: ['passed', 'failed', 'skipped', 'todo', 'passed'],
    });
    expect(countVitest(report)).toEqual({
      passed: 2,
      failed: 1,
      skipped: 2,
      skippedNames: ['tests/file-0.test.ts › test 2', 'tests/file-0.test.ts › test 3'],
      failures: [{ name: 'tests/file-0.test.ts › test 1', reason: 'expected 1\nto be 2' }],
      wavering: [],
    });
  });

  test('a test of vitest that passed on its second try has passed, and is named with the reason of the first', () => {
    const report = vitestReport({ status: 'passed', tests: ['passed', 'passed'] });
    report.testResults[0]?.assertionResults[1]?.failureMessages.push('heard nothing');
    const { passed, failed, failures, wavering } = countVitest(report);
    expect({ passed, failed, failures }).toEqual({ passed: 2, failed: 0, failures: [] });
    expect(wavering).toEqual([{ name: 'tests/file-0.test.ts › test 1', reason: 'heard nothing' }]);
  });

  test('a file that cannot be loaded is a failure although no test in it failed', () => {
    const { failed, failures } = countVitest(vitestReport({ status: 'failed', tests: [] }));
    expect(failed).toBe(1);
    expect(failures).toEqual([{ name: 'tests/file-0.test.ts', reason: 'cannot be loaded' }]);
  });

  test('a test that passed on its second try has passed, and is named with the reason of the first', () => {
    const counts = countPlaywright(
      playwrightReport(['expected', 'flaky', 'unexpected', 'skipped']),
    );
    expect(counts).toMatchObject({ passed: 2, failed: 1, skipped: 1 });
    expect(counts.skippedNames).toEqual(['browser › phone.spec.ts › park › test 3']);
    expect(counts.wavering).toEqual([
      { name: 'browser › phone.spec.ts › park › test 1', reason: 'no such card' },
    ]);
    expect(counts.failures).toEqual([
      { name: 'browser › phone.spec.ts › park › test 2', reason: 'no such card' },
    ]);
  });

  test('an error outside any test has failed', () => {
    expect(
      countPlaywright(playwrightReport(['expected'], [{ message: 'no browser' }])).failed,
    ).toBe(1);
  });
});

describe('a runner that does not end well', () => {
  const passed = JSON.stringify(vitestReport({ status: 'passed', tests: ['passed'] }));
  const ended = (reportFile: string, exitCode = 0, output = '') =>
    countRunner({ name: 'unit', exitCode, reportFile, output, read: countVitest });

  test('counts as one failure when it leaves no report, and its last lines are the reason', () => {
    const lines = Array.from({ length: 30 }, (_, at) => `line ${at}\n\n`);
    const { passed: none, failed, failures } = ended('/nowhere/report.json', 9, lines.join(''));
    expect({ none, failed }).toEqual({ none: 0, failed: 1 });
    expect(failures[0]?.name).toBe('unit: no report of its tests');
    expect(failures[0]?.reason).toMatch(/^ended with 9: Error: ENOENT.*\nline 18\n[^]*\nline 29$/);
  });

  test('counts as one failure when its report is only half written', () => {
    expect(ended(reportFile(passed.slice(0, 40))).failed).toBe(1);
  });

  test('counts as one failure when it crashed after every test had passed', () => {
    expect(ended(reportFile(passed), 139)).toMatchObject({
      passed: 1,
      failed: 1,
      failures: [{ name: 'unit: ended with 139 although no test failed' }],
    });
  });

  test('counts as one failure when it ran nothing', () => {
    expect(ended(reportFile(JSON.stringify(vitestReport()))).failed).toBe(1);
  });

  test('is left alone when it ended as its report says', () => {
    expect(ended(reportFile(passed))).toMatchObject({ passed: 1, failed: 0 });
  });

  test('and is tried again counts by its second try, beside which the first one is named', () => {
    const first = ended('/nowhere/report.json', 1, 'pulseaudio did not get ready');
    const second = onSecondTry(first, ended(reportFile(passed)));
    expect(second).toMatchObject({ passed: 1, failed: 0, failures: [] });
    expect(second.wavering).toEqual(first.failures);
    expect(onSecondTry(first, first)).toEqual(first);
  });

  test('has begun when Playwright says so, and not when its desktop did not come up', () => {
    expect(hasBegun('\nRunning 101 tests using 1 worker\n\n  ✓  1 [browser] …')).toBe(true);
    expect(hasBegun('Running 1 test using 1 worker')).toBe(true);
    expect(hasBegun('Error: pulseaudio did not get ready: E: Running out of …\n')).toBe(false);
  });
});
