/** Park cycles in a network namespace: see `namespace.ts`, which starts this and reads its one line of JSON. */
import { execFileSync } from 'node:child_process';
import type { KernelWeather, NamespaceReport } from './namespace.ts';
import { parkCycles } from './park-cycles.ts';

const packets = (counter: string): number => {
  const said = execFileSync('nft', ['list', 'counter', 'inet', 'weather', counter]);
  return Number(/packets (\d+)/.exec(said.toString())?.[1]);
};

const { lives, ...report } = await parkCycles(JSON.parse(process.env['CYCLES'] ?? '{}'));
const kernel: KernelWeather = { carried: packets('carried'), lost: packets('lost') };
const said: Omit<NamespaceReport, 'lives'> = { ...report, kernel };
process.stdout.write(JSON.stringify({ ...said, lives: [...lives] }), () => process.exit(0));
