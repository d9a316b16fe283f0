import { verdictOf, type Budget, type Reading } from './reading.ts';
import type { MeasuredPart, PartResult } from './result.ts';

/** Of another's work beside ours this share of the machine makes times by the clock doubtful. */
const NOISY_SHARE = 0.15;

const MARKS = { within: '✓', over: '✗ over', told: '' } as const;

/** Three significant digits, no more than a measurement deserves. */
export function showNumber(value: number): string {
  if (value === 0 || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}

const withUnit = (value: number, unit: string): string => `${showNumber(value)} ${unit}`.trimEnd();

export function showBudget(budget: Budget | null, unit: string): string {
  if (budget === null) return '';
  return `${budget.kind === 'at-most' ? '≤' : '≥'} ${withUnit(budget.value, unit)}`;
}

function showRange({ rounds }: Pick<Reading, 'rounds'>): string {
  if (rounds.length < 2) return '';
  const [low, high] = [Math.min(...rounds), Math.max(...rounds)];
  return `${showNumber(low)}–${showNumber(high)} of ${rounds.length}`;
}

/** Lines for the terminal: one per reading, and what there is to know about the whole part. */
export function textRows(result: PartResult): readonly string[] {
  switch (result.kind) {
    case 'unavailable':
      return [`  not run here: ${result.reason}`];
    case 'failed':
      return [`  ✗ failed: ${result.reason}`];
    case 'measured':
      return [...result.readings.flatMap(readingRows), `  (${partWords(result)})`];
  }
}

function readingRows(reading: Reading): string[] {
  const { name, value, unit, budget, note } = reading;
  const cells = [
    name.padEnd(62),
    withUnit(value, unit).padStart(14),
    showBudget(budget, unit).padEnd(16),
    MARKS[verdictOf(reading)].padEnd(7),
    showRange(reading),
  ];
  const row = `  ${cells.join('  ').trimEnd()}`;
  return note === undefined ? [row] : [row, `      ${note}`];
}

function partWords(result: MeasuredPart): string {
  const others = Math.max(0, result.busy - result.own);
  const noise =
    others > NOISY_SHARE
      ? `; other programs used ${Math.round(others * 100)} % of the machine: times by the clock are doubtful`
      : '';
  return `${Math.round(result.seconds)} s${noise}`;
}

/** The README's table: rows with a budget, and those told for comparison. */
export function markdownTable(results: readonly PartResult[]): string {
  const rows = results.flatMap((result) =>
    result.kind === 'measured'
      ? result.readings.map((reading) => markdownRow(result, reading))
      : [],
  );
  return ['| Part | Measured | Here | Budget |', '| --- | --- | ---: | ---: |', ...rows].join('\n');
}

function markdownRow({ part }: MeasuredPart, reading: Reading): string {
  const { name, value, unit, budget } = reading;
  const over = verdictOf(reading) === 'over' ? ' ✗' : '';
  const cells = [`\`${part}\``, name, withUnit(value, unit) + over, showBudget(budget, unit)];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
