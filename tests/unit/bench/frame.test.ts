import { describe, expect, it } from 'vitest';
import { parseBenchCommand } from '../../bench/frame/command-line.ts';
import { atLeast, atMost, verdictOf } from '../../bench/frame/reading.ts';
import type { PartResult } from '../../bench/frame/result.ts';
import { median, quantile } from '../../bench/frame/statistics.ts';
import { markdownTable, showNumber, textRows } from '../../bench/frame/table.ts';

describe('statistics', () => {
  it('take the middle value, or the mean of the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 9, 2])).toBe(3);
    expect(() => median([])).toThrow('no values');
  });

  it('take the smallest value that a share of all does not exceed', () => {
    const values = Array.from({ length: 100 }, (_, n) => 100 - n);
    expect(quantile(values, 0.9)).toBe(90);
    expect(quantile(values, 0)).toBe(1);
    expect(quantile(values, 1)).toBe(100);
  });
});

describe('a verdict', () => {
  it('counts the budget itself as kept, on either side', () => {
    expect(verdictOf({ value: 250, budget: atMost(250) })).toBe('within');
    expect(verdictOf({ value: 250.1, budget: atMost(250) })).toBe('over');
    expect(verdictOf({ value: 40, budget: atLeast(40) })).toBe('within');
    expect(verdictOf({ value: 39.9, budget: atLeast(40) })).toBe('over');
    expect(verdictOf({ value: 1, budget: null })).toBe('told');
  });
});

const measured: PartResult = {
  kind: 'measured',
  part: 'retrieve',
  seconds: 12.3,
  busy: 0.9,
  own: 0.4,
  readings: [
    { name: 'press → sound', value: 212.4, unit: 'ms', budget: atMost(250), rounds: [100, 300] },
    { name: 'a | b', value: 0.857, unit: '×', budget: atLeast(1), rounds: [0.857] },
  ],
};

describe('the table', () => {
  it('shows three digits of a number and no more', () => {
    expect([0, 0.8574, 9.999, 33.84, 212.4, 143_246].map(showNumber)).toEqual([
      '0',
      '0.857',
      '10',
      '33.8',
      '212',
      '143,246',
    ]);
  });

  it('names budget, verdict and range, and says when other programs were busy', () => {
    const [first, second, last] = textRows(measured);
    expect(first).toMatch(/press → sound +212 ms +≤ 250 ms +✓ +100–300 of 2$/);
    expect(second).toMatch(/0\.857 × +≥ 1 × +✗ over$/);
    expect(last).toContain('other programs used 50 % of the machine');
    expect(textRows({ ...measured, busy: 0.5 }).at(-1)).toBe('  (12 s)');
  });

  it('makes rows for the README, and none of parts without a result', () => {
    const left: PartResult = { kind: 'unavailable', part: 'app', reason: 'no display' };
    expect(markdownTable([left, measured]).split('\n').slice(2)).toEqual([
      '| `retrieve` | press → sound | 212 ms | ≤ 250 ms |',
      '| `retrieve` | a \\| b | 0.857 × ✗ | ≥ 1 × |',
    ]);
  });
});

describe('the command line', () => {
  const known = ['retrieve', 'list'];

  it('takes parts by name, a file for the rounds, and rows for the README', () => {
    expect(parseBenchCommand(['list', '--json', 'x.json', '--markdown'], known)).toEqual({
      kind: 'run',
      parts: ['list'],
      jsonFile: 'x.json',
      markdown: true,
    });
    expect(parseBenchCommand([], known)).toMatchObject({ kind: 'run', parts: [] });
    expect(parseBenchCommand(['--list'], known)).toEqual({ kind: 'list' });
  });

  it('refuses what it does not know, and says what there is', () => {
    expect(parseBenchCommand(['lists'], known)).toEqual({
      kind: 'refused',
      reason: 'Unknown part: lists. Known: retrieve, list.',
    });
    expect(parseBenchCommand(['--fast'], known)).toMatchObject({ kind: 'refused' });
  });
});
