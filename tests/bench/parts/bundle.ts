import { weighPage, type PageFile } from '../kit/built-page.ts';
import type { BenchPart } from '../frame/part.ts';
import { atMost, type Reading } from '../frame/reading.ts';

const KB = 1_000;
const BUDGET_KB = 450;

const isCode = ({ path }: PageFile): boolean => /\.(?:js|css|html)$/.test(path);

function weight(files: readonly PageFile[], name: string, budgeted: boolean): Reading {
  const value = files.reduce((sum, { gzipped }) => sum + gzipped, 0) / KB;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0) / KB;
  return {
    name,
    value,
    unit: 'kB',
    budget: budgeted ? atMost(BUDGET_KB) : null,
    rounds: [value],
    note: `${files.length} files, ${Math.round(bytes)} kB before gzip`,
  };
}

/** How much a phone must fetch before it can ring. */
export const bundle: BenchPart = {
  name: 'bundle',
  about: 'size of the page, gzip',
  where: 'here',
  unavailable: () => null,
  run: async () => {
    const code = (await weighPage()).filter(isCode);
    return [
      weight(code, 'HTML, JavaScript and CSS of the phone, all of it', true),
      weight(
        code.filter(({ first }) => first),
        '… of which needed for the first screen',
        false,
      ),
    ];
  },
};
