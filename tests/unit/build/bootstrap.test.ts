import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

interface HouseOptions {
  /** What the pinned Node calls itself. */
  readonly node: string;
  /** The lock file has changed since the installation. */
  readonly stale?: boolean;
}

/** A project that is only a door: bootstrap, a lock file, and a "node" that tells how it was called. */
function house({ node, stale = false }: HouseOptions): string {
  const root = mkdtempSync(join(tmpdir(), 'bootstrap-'));
  mkdirSync(join(root, 'build'));
  mkdirSync(join(root, 'node_modules', '.bin'), { recursive: true });
  for (const file of ['build/bootstrap.mjs', 'shared/server/compiled-folder.mjs']) {
    cpSync(resolve(file), join(root, file));
  }
  writeFileSync(join(root, 'package-lock.json'), '{}');
  writeFileSync(
    join(root, 'node_modules', '.bin', 'node'),
    `#!/bin/sh\nif [ "$1" = --version ]; then echo ${node}; else echo "ran: $* [$NODE_COMPILE_CACHE]"; exit 7; fi\n`,
    { mode: 0o755 },
  );
  const stamp = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(stale ? 'another machine' : `${process.platform}-${process.arch}`)
    .digest('hex');
  writeFileSync(join(root, 'node_modules', '.parkline-installed'), stamp);
  return root;
}

/** A PATH on which `npm` only says what it was asked. */
function fakeNpm(code: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'npm-'));
  writeFileSync(join(folder, 'npm'), `#!/bin/sh\necho "npm $*"\nexit ${code}\n`, { mode: 0o755 });
  symlinkSync(process.execPath, join(folder, 'node'));
  return `${folder}:/usr/bin:/bin`;
}

function enter(root: string, args: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const { npm_execpath: _npm, NODE_COMPILE_CACHE: _compiled, ...env } = process.env;
  return spawnSync(process.execPath, [join(root, 'build', 'bootstrap.mjs'), ...args], {
    encoding: 'utf8',
    env: { ...env, ...more },
  });
}

test.skipIf(process.platform === 'win32')(
  'the command runs under the pinned Node, with its arguments and its exit code',
  () => {
    const root = house({ node: 'v24.21.0' });
    const result = enter(root, ['parkline', 'park', 'list', '--json']);
    expect(result.stdout).toContain(`${root}/shared/server/cli.ts park list --json`);
    expect(result.stderr).toBe('');
    expect(result.status).toBe(7);
  },
);

test.skipIf(process.platform === 'win32')(
  'the command line is told where compiled code is kept, where that is the user’s alone',
  () => {
    const root = house({ node: 'v24.21.0' });
    const caches = mkdtempSync(join(tmpdir(), 'caches-'));
    const compiled = join(caches, 'parkline', 'compiled');
    const told = () => enter(root, ['parkline'], { XDG_CACHE_HOME: caches }).stdout;
    expect(told()).toContain(`[${compiled}]`);
    chmodSync(caches, 0o1777);
    expect(told()).toContain('[]');
    const theirs = enter(root, ['parkline'], { NODE_COMPILE_CACHE: '/chosen' }).stdout;
    expect(theirs).toContain('[/chosen]');
  },
);

test.skipIf(process.platform === 'win32')('another Node than 24 is refused in a sentence', () => {
  const result = enter(house({ node: 'v22.1.0' }), ['check']);
  expect(result.status).toBe(1);
  expect(result.stdout).toBe('');
  expect(result.stderr).toMatch(/^Parkline runs on Node 24.* found v22\.1\.0/);
});

test.skipIf(process.platform === 'win32')(
  'a changed lock file is installed anew, and nothing of that is on standard output',
  () => {
    const result = enter(house({ node: 'v24.21.0', stale: true }), ['check'], { PATH: fakeNpm(0) });
    expect(result.stderr).toContain('npm ci');
    expect(result.stderr).toContain('npm rebuild node --ignore-scripts=false');
    expect(result.stdout).toMatch(/^ran: /);
  },
);

test.skipIf(process.platform === 'win32')(
  'an installation that fails is told, and nothing is run',
  () => {
    const result = enter(house({ node: 'v24.21.0', stale: true }), ['check'], { PATH: fakeNpm(1) });
    expect(result.status).toBe(1);
    expect(result.stderr).toContain('"npm ci" failed');
    expect(result.stdout).toBe('');
  },
);

test('a command that nobody knows is refused with those that are known', () => {
  const result = enter(resolve('.'), ['chekc']);
  expect(result.status).toBe(1);
  expect(result.stderr).toContain('start, test, check, bench, package, parkline');
});

/** An npm whose "ci" takes node_modules away first, as the real one does, and lays a new one. */
const CLEARING_NPM = `
  const { mkdirSync, rmSync, writeFileSync, appendFileSync } = require('node:fs');
  const folder = process.cwd() + '/node_modules';
  if (process.argv[2] === 'ci') {
    rmSync(folder, { recursive: true });
    mkdirSync(folder + '/.bin', { recursive: true });
  }
  if (process.argv[2] === 'rebuild') {
    const answer = 'if [ "$1" = --version ]; then echo v24.21.0; else echo "ran: $*"; exit 7; fi';
    writeFileSync(folder + '/.bin/node', '#!/bin/sh\\n' + answer + '\\n', { mode: 0o755 });
  }
`;

test.skipIf(process.platform === 'win32')(
  'an update survives that npm ci takes away the Node that asked for it',
  { timeout: 30_000 },
  () => {
    const root = house({ node: 'v24.0.0', stale: true });
    const inside = join(root, 'node_modules', 'node24');
    copyFileSync(process.execPath, inside);
    const program = join(mkdtempSync(join(tmpdir(), 'npm-')), 'npm-cli.cjs');
    writeFileSync(program, CLEARING_NPM);

    const result = spawnSync(inside, [join(root, 'build', 'bootstrap.mjs'), 'check'], {
      encoding: 'utf8',
      env: { ...process.env, npm_execpath: program, npm_node_execpath: process.execPath },
    });

    expect(result.stderr).not.toContain('could not be fetched');
    expect(result.stdout).toContain('build/check.ts');
    expect(result.status).toBe(7);
  },
);
