import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

/** A small house beside the real one, with the same rules, in which every forbidden thing is done once. */
const house = mkdtempSync(join(tmpdir(), 'layers-'));
const bin = (name: string): string => resolve('node_modules', '.bin', name);

const rules = z
  .object({ forbidden: z.array(z.object({ name: z.string() })) })
  .parse(createRequire(import.meta.url)(resolve('.dependency-cruiser.cjs')));

interface Plant {
  readonly rule: string;
  readonly file: string;
  readonly imports: string;
}

const plants: readonly Plant[] = [
  { rule: 'no-cycles', file: 'shared/domain/chicken.ts', imports: './egg.ts' },
  { rule: 'no-unresolvable', file: 'build/lost.ts', imports: './nowhere.ts' },
  { rule: 'domain-imports-nothing', file: 'shared/domain/package.ts', imports: 'zod' },
  { rule: 'domain-imports-nothing', file: 'shared/domain/clock.ts', imports: 'node:timers' },
  {
    rule: 'sip-pure-imports-nothing-but-saxes',
    file: 'shared/sip/message/socket.ts',
    imports: 'ws',
  },
  {
    rule: 'sip-pure-imports-nothing-but-saxes',
    file: 'shared/sip/digest/hash.ts',
    imports: 'node:crypto',
  },
  {
    rule: 'sip-transaction-dialog-are-portable',
    file: 'shared/sip/transaction/timer.ts',
    imports: 'node:timers',
  },
  {
    rule: 'sip-transport-only-node-and-ws',
    file: 'shared/sip/transport/server.ts',
    imports: '../../server/main.ts',
  },
  { rule: 'media-imports', file: 'shared/media/server.ts', imports: '../server/main.ts' },
  { rule: 'phone-bridge-config-are-portable', file: 'shared/phone/disk.ts', imports: 'node:fs' },
  { rule: 'server-imports-no-screen', file: 'shared/server/page.ts', imports: 'react' },
  { rule: 'electron-imports', file: 'electron/page.ts', imports: '../renderer/page.ts' },
  { rule: 'preload-imports-only-the-bridge', file: 'electron/preload.ts', imports: './window.ts' },
  {
    rule: 'renderer-never-server-node-electron',
    file: 'renderer/server.ts',
    imports: '../shared/server/main.ts',
  },
  { rule: 'renderer-no-node', file: 'renderer/disk.ts', imports: 'node:fs' },
  {
    rule: 'product-never-imports-tests',
    file: 'shared/server/fake.ts',
    imports: '../../tests/fake.ts',
  },
  {
    rule: 'runtime-code-uses-runtime-dependencies',
    file: 'shared/server/tool.ts',
    imports: 'vitest',
  },
];

/** What the planted imports point at, and what nobody may complain about. */
const innocent: Readonly<Record<string, string>> = {
  'shared/domain/egg.ts': "import { it } from './chicken.ts';\nexport const egg = it;\n",
  'shared/server/main.ts':
    "import '../domain/whole.ts';\nimport 'node:fs';\nimport 'ws';\nexport const main = 1;\n",
  'shared/domain/whole.ts': 'export const whole = 1;\n',
  'renderer/page.ts':
    "import '../shared/domain/whole.ts';\nimport 'react';\nexport const page = 1;\n",
  'electron/window.ts':
    "import 'node:fs';\nimport '../shared/domain/whole.ts';\nexport const it = 1;\n",
  'tests/fake.ts': 'export const fake = 1;\n',
};

function write(file: string, text: string): void {
  mkdirSync(dirname(join(house, file)), { recursive: true });
  writeFileSync(join(house, file), text);
}

const report = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

let violations: readonly { from: string; rule: { name: string } }[] = [];

beforeAll(() => {
  for (const file of ['.dependency-cruiser.cjs', 'package.json']) cpSync(file, join(house, file));
  symlinkSync(resolve('node_modules'), join(house, 'node_modules'));
  for (const { file, imports } of plants) {
    write(file, `import * as it from '${imports}';\nexport { it };\n`);
  }
  for (const [file, text] of Object.entries(innocent)) write(file, text);
  const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json'];
  const rooms = ['shared', 'electron', 'renderer', 'build', 'tests'];
  const result = spawnSync(bin('depcruise'), [...args, ...rooms], {
    cwd: house,
    encoding: 'utf8',
    maxBuffer: 50_000_000,
  });
  violations = report.parse(JSON.parse(result.stdout)).summary.violations;
}, 60_000);

afterAll(() => rmSync(house, { recursive: true, force: true }));

describe('the layer check', () => {
  test.each(plants)('refuses $file importing $imports ($rule)', ({ rule, file }) => {
    const broken = violations
      .filter(({ from }) => from === file)
      .map((violation) => violation.rule.name);
    expect(broken).toContain(rule);
  });

  test('has a planted import for every one of its rules', () => {
    const planted = new Set(plants.map(({ rule }) => rule));
    expect(rules.forbidden.map(({ name }) => name).filter((name) => !planted.has(name))).toEqual(
      [],
    );
  });

  test('lets every allowed import pass', () => {
    const accused = violations.map(({ from }) => from).filter((file) => file in innocent);
    // The egg is one half of the planted cycle.
    expect(accused.filter((file) => file !== 'shared/domain/egg.ts')).toEqual([]);
  });
});

/** Names that one runtime has and another lacks. */
const strays = [
  { runtime: 'pure', file: 'shared/domain/stray.ts', text: 'export const it = window.name;\n' },
  {
    runtime: 'pure',
    file: 'shared/phone/stray.ts',
    text: "import { readFileSync } from 'fs';\nexport { readFileSync };\n",
  },
  {
    runtime: 'pure',
    file: 'shared/sip/message/stray.ts',
    text: 'export const it = process.pid;\n',
  },
  { runtime: 'node', file: 'shared/server/stray.ts', text: 'export const it = window.name;\n' },
  { runtime: 'electron', file: 'electron/stray.ts', text: 'export const it = document.title;\n' },
  {
    runtime: 'web',
    file: 'renderer/stray.ts',
    text: "import { readFileSync } from 'fs';\nexport { readFileSync };\n",
  },
  { runtime: 'web', file: 'renderer/stray-process.ts', text: 'export const it = process.pid;\n' },
] as const;

describe('the type check of each runtime', () => {
  const home = mkdtempSync(join(tmpdir(), 'runtimes-'));
  const printed = new Map<string, string>();

  beforeAll(() => {
    symlinkSync(resolve('node_modules'), join(home, 'node_modules'));
    cpSync('tsconfig.base.json', join(home, 'tsconfig.base.json'));
    for (const { file, text } of strays) {
      mkdirSync(dirname(join(home, file)), { recursive: true });
      writeFileSync(join(home, file), text);
    }
    for (const runtime of new Set(strays.map((stray) => stray.runtime))) {
      cpSync(`tsconfig.${runtime}.json`, join(home, `tsconfig.${runtime}.json`));
      const result = spawnSync(
        bin('tsc'),
        ['-p', `tsconfig.${runtime}.json`, '--pretty', 'false'],
        {
          cwd: home,
          encoding: 'utf8',
        },
      );
      printed.set(runtime, result.stdout);
    }
  }, 120_000);

  afterAll(() => rmSync(home, { recursive: true, force: true }));

  test.each(strays)('$runtime refuses $file', ({ runtime, file }) => {
    expect(printed.get(runtime)).toMatch(new RegExp(`^${file}.*error TS`, 'm'));
  });
});
