import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Chance } from '../fuzz/chance.ts';
import { fuzz } from '../fuzz/fuzz.ts';
import { judgeEndpoint } from '../fuzz/judge-endpoint.ts';
import { judgeParser } from '../fuzz/judge-parser.ts';
import { mutated } from '../fuzz/mutate.ts';
import { fuzzSeeds } from '../fuzz/seeds.ts';

const FOLDER = fileURLToPath(new URL('../fuzz/vectors/', import.meta.url));
const SEED = 20_261_122;
const MUTANTS = 5_000;

describe('fuzzing', () => {
  it('a fixed number of mutants breaks neither parser nor endpoint', () => {
    const report = fuzz({ seed: SEED, goOn: (mutants) => mutants < MUTANTS });
    expect(report.crashes.map(({ what }) => what)).toEqual([]);
    expect(report.mutants).toBe(MUTANTS);
  });

  it('is the same run for the same seed', () => {
    const run = () => {
      const chance = new Chance(SEED);
      return Array.from({ length: 50 }, () => mutated(fuzzSeeds(), chance).toString('latin1'));
    };
    expect(run()).toEqual(run());
  });

  it('reaches both what is read and what is refused', () => {
    const chance = new Chance(SEED);
    const heard = new Set<boolean>();
    for (let n = 0; n < 200; n++) {
      heard.add(/^SIP\/2\.0|SIP\/2\.0\r\n/.test(mutated(fuzzSeeds(), chance).toString('latin1')));
    }
    expect(heard).toEqual(new Set([true, false]));
  });
});

describe('what fuzzing once found', () => {
  const rows = new Map<string, Buffer[]>();
  for (const name of readdirSync(FOLDER).sort()) {
    const [, row] = /^([0-9a-f]+)(?:-\d+)?\.sip$/.exec(name) ?? [];
    if (row !== undefined) rows.set(row, [...(rows.get(row) ?? []), readFileSync(FOLDER + name)]);
  }

  it('is kept, and nothing of it breaks anything now', () => {
    for (const [name, messages] of rows) {
      for (const bytes of messages) expect(judgeParser(bytes), name).toBeUndefined();
      for (const transport of ['udp', 'tcp'] as const) {
        expect(judgeEndpoint(messages, transport), name).toBeUndefined();
      }
    }
  });
});
