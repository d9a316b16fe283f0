import { describe, expect, test } from 'vitest';
import {
  closingLine,
  exitCode,
  judgeWavering,
  reasonLines,
} from '../../../build/tiers/run-tiers.ts';
import type { Counts } from '../../../build/tiers/tier.ts';

const counts = (passed: number, failed: number, skipped: number): Counts => ({
  passed,
  failed,
  skipped,
  skippedNames: [],
  failures: [],
  wavering: [],
});

describe('the end of npm test', () => {
  test('is one plain line', () => {
    expect(closingLine(counts(12, 0, 3))).toBe('12 passed, 0 failed, 3 skipped');
  });

  test('is good when all passed', () => {
    expect(exitCode(counts(12, 0, 0), true)).toBe(0);
  });

  test('is bad when one failed', () => {
    expect(exitCode(counts(12, 1, 0), false)).toBe(1);
  });

  test('allows a newcomer to skip, and CI nothing', () => {
    expect(exitCode(counts(12, 0, 1), false)).toBe(0);
    expect(exitCode(counts(12, 0, 1), true)).toBe(1);
  });

  test('is bad when nothing ran at all', () => {
    expect(exitCode(counts(0, 0, 0), false)).toBe(1);
  });

  test('forgives three second tries, and no more', () => {
    const tries = (many: number) => ({
      ...counts(12, 0, 0),
      wavering: Array.from({ length: many }, () => ({ name: 'park › is taken', reason: '' })),
    });
    expect(judgeWavering(tries(3)).failed).toBe(0);
    expect(judgeWavering(tries(4)).failed).toBe(1);
  });

  test('names what failed with the first lines of why, without colours', () => {
    const reason = `\u001b[31mexpected 1\u001b[39m\n\n${'to be 2\n'.repeat(100)}`;
    const lines = reasonLines('failed', { name: 'park › is taken', reason }).split('\n');
    expect(lines.slice(0, 3)).toEqual(['failed: park › is taken', '    expected 1', '    to be 2']);
    expect(lines).toHaveLength(16);
  });

  test('names a failure that said nothing', () => {
    expect(reasonLines('failed', { name: 'lint', reason: '' })).toBe('failed: lint');
  });
});
