/**
 * The process of one part: `node tests/bench/frame/run-part.ts PART FILE` measures and writes its result into FILE. Started by
 * `run-parts.ts`, so that no part inherits another's warm code, timers or memory.
 */
import { writeFileSync } from 'node:fs';
import { allParts } from '../parts/all-parts.ts';
import { busyBetween, readCpu } from './machine.ts';
import type { BenchPart } from './part.ts';
import type { PartResult } from './result.ts';

async function measure(part: BenchPart): Promise<PartResult> {
  const before = readCpu();
  try {
    const readings = await part.run({ say: (line) => console.error(`  … ${line}`) });
    const after = readCpu();
    const seconds = after.at - before.at;
    const { busy, own } = busyBetween(before, after);
    return { kind: 'measured', part: part.name, seconds, busy, own, readings: [...readings] };
  } catch (error) {
    console.error(error);
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', part: part.name, reason };
  }
}

const [name = '', file = ''] = process.argv.slice(2);
const part = allParts.find((each) => each.name === name);
if (part === undefined || file === '') {
  console.error('usage: run-part.ts PART FILE');
  process.exit(2);
}
writeFileSync(file, JSON.stringify(await measure(part)));
// A part that failed may have left something open.
process.exit(0);
