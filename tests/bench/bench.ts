/**
 * `npm run bench`: measures what the README promises, each part in a process of its own. `npm run bench -- PART …` runs some,
 * `--list` names them, `--json FILE` keeps every round, `--markdown` ends with the rows of the README's table.
 */
import { writeFileSync } from 'node:fs';
import { parseBenchCommand } from './frame/command-line.ts';
import { machineWords, thisMachine } from './frame/machine.ts';
import { verdictOf } from './frame/reading.ts';
import type { PartResult } from './frame/result.ts';
import { runPart } from './frame/run-parts.ts';
import { markdownTable, textRows } from './frame/table.ts';
import { allParts } from './parts/all-parts.ts';

type RunCommand = Extract<ReturnType<typeof parseBenchCommand>, { kind: 'run' }>;

async function bench({ parts, jsonFile, markdown }: RunCommand): Promise<number> {
  const machine = thisMachine();
  console.log(machineWords(machine));
  const results: PartResult[] = [];
  for (const part of allParts) {
    if (parts.length > 0 && !parts.includes(part.name)) continue;
    console.log(`\n${part.name}: ${part.about}`);
    const result = await runPart(part);
    for (const row of textRows(result)) console.log(row);
    results.push(result);
  }
  if (jsonFile !== null) writeFileSync(jsonFile, JSON.stringify({ machine, results }, null, 2));
  if (markdown) console.log(`\n${markdownTable(results)}\n\n${machineWords(machine)}`);
  return results.some(isBad) ? 1 : 0;
}

/** A part that could not run here is no failure; one that failed, or a budget that was missed, is. */
const isBad = (result: PartResult): boolean =>
  result.kind === 'failed' ||
  (result.kind === 'measured' && result.readings.some((each) => verdictOf(each) === 'over'));

const command = parseBenchCommand(
  process.argv.slice(2),
  allParts.map(({ name }) => name),
);
switch (command.kind) {
  case 'list':
    for (const { name, about } of allParts) console.log(`${name.padEnd(14)} ${about}`);
    break;
  case 'refused':
    console.error(command.reason);
    process.exitCode = 2;
    break;
  case 'run':
    process.exitCode = await bench(command);
    break;
}
