import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { countPlaywright, countRunner, countVitest } from '../../../build/tiers/reports.ts';

const vitestReport = (...files: readonly { status: string; tests: readonly string[] }[]) => ({
  success: true,
  testResults: files.map(({ status, tests }, index) => ({
    name: `file ${index}`,
    status,
    assertionResults: tests.map((test, at) => ({ fullName: `test ${at}`, status: test })),
  })),
});

const playwrightReport = (statuses: readonly string[], errors: readonly unknown[] = []) => ({
  suites: [
    {
      title: 'phone.spec.ts',
      specs: [],
      suites: [
        {
          title: 'park',
          specs: statuses.map((status, at) => ({
            title: `test ${at}`,
            tests: [{ projectName: 'browser', status }],
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
      skippedNames: ['test 2', 'test 3'],
    });
  });

  test('a file that cannot be loaded is a failure although no test in it failed', () => {
    expect(countVitest(vitestReport({ status: 'failed', tests: [] })).failed).toBe(1);
  });

  test('a flaky test has failed', () => {
    const counts = countPlaywright(
      playwrightReport(['expected', 'flaky', 'unexpected', 'skipped']),
    );
    expect(counts).toMatchObject({ passed: 1, failed: 2, skipped: 1 });
    expect(counts.skippedNames).toEqual(['browser › phone.spec.ts › park › test 3']);
  });

  test('an error outside any test has failed', () => {
    expect(
      countPlaywright(playwrightReport(['expected'], [{ message: 'no browser' }])).failed,
    ).toBe(1);
  });
});

describe('a runner that does not end well', () => {
  const passed = JSON.stringify(vitestReport({ status: 'passed', tests: ['passed'] }));

  test('counts as one failure when it leaves no report', () => {
    expect(
      countRunner({ exitCode: 0, reportFile: '/nowhere/report.json', read: countVitest }),
    ).toMatchObject({
      passed: 0,
      failed: 1,
    });
  });

  test('counts as one failure when its report is only half written', () => {
    const file = reportFile(passed.slice(0, 40));
    expect(countRunner({ exitCode: 0, reportFile: file, read: countVitest }).failed).toBe(1);
  });

  test('counts as one failure when it crashed after every test had passed', () => {
    const file = reportFile(passed);
    expect(countRunner({ exitCode: 139, reportFile: file, read: countVitest })).toMatchObject({
      passed: 1,
      failed: 1,
    });
  });

  test('counts as one failure when it ran nothing', () => {
    const file = reportFile(JSON.stringify(vitestReport()));
    expect(countRunner({ exitCode: 0, reportFile: file, read: countVitest }).failed).toBe(1);
  });

  test('is left alone when it ended as its report says', () => {
    const file = reportFile(passed);
    expect(countRunner({ exitCode: 0, reportFile: file, read: countVitest })).toMatchObject({
      passed: 1,
      failed: 0,
    });
  });
});
