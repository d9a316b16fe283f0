import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compiledFolder } from '../../../../shared/server/compiled-folder.mjs';

const windows = process.platform === 'win32';
const isRoot = process.geteuid?.() === 0;

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'parkline-home-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const folder = (XDG_CACHE_HOME?: string): string | undefined =>
  compiledFolder({ env: { XDG_CACHE_HOME }, home: () => home });

describe('compiled code is kept', () => {
  it("below the user's own caches, where nobody else may even look", () => {
    const made = join(home, '.cache', 'parkline', 'compiled');
    expect(folder()).toBe(made);
    if (!windows) expect(statSync(made).mode & 0o777).toBe(0o700);
    expect(folder()).toBe(made);
  });

  it('below XDG_CACHE_HOME where that is an absolute path', () => {
    const caches = join(home, 'caches');
    expect(folder(caches)).toBe(join(caches, 'parkline', 'compiled'));
  });

  it.each(['', 'caches', './caches'])('not below an XDG_CACHE_HOME of "%s"', (caches) => {
    expect(folder(caches)).toBe(join(home, '.cache', 'parkline', 'compiled'));
  });
});

describe('compiled code is kept nowhere', () => {
  it('when there is no home, or none that can be named', () => {
    expect(compiledFolder({ env: {}, home: () => '' })).toBeUndefined();
    const home = (): string => {
      throw new Error('no such user');
    };
    expect(compiledFolder({ env: {}, home })).toBeUndefined();
  });

  it.skipIf(windows).each(['.cache', '.cache/parkline', '.cache/parkline/compiled'])(
    'when others may write to %s',
    (name) => {
      folder();
      chmodSync(join(home, name), 0o1777);
      expect(folder()).toBeUndefined();
    },
  );

  it.skipIf(windows)('when its place is nobody else’s yet, but open to all', () => {
    chmodSync(home, 0o1777);
    expect(folder()).toBeUndefined();
    expect(existsSync(join(home, '.cache'))).toBe(false);
  });

  // Only root can give a folder to somebody else; an ordinary user finds "/" to be one.
  it.skipIf(!isRoot).each(['.cache', '.cache/parkline', '.cache/parkline/compiled'])(
    'when %s is somebody else’s',
    (name) => {
      mkdirSync(join(home, name), { recursive: true });
      chownSync(join(home, name), 65_534, 65_534);
      expect(folder()).toBeUndefined();
    },
  );

  it.skipIf(!isRoot)(
    'by root in the home of whoever called sudo, and nothing is made there',
    () => {
      chownSync(home, 65_534, 65_534);
      expect(folder()).toBeUndefined();
      expect(existsSync(join(home, '.cache'))).toBe(false);
    },
  );
});

it.skipIf(windows)('a start goes on without a folder', { timeout: 60_000 }, () => {
  chmodSync(home, 0o1777);
  const { NODE_COMPILE_CACHE: _own, XDG_CACHE_HOME: _caches, ...env } = process.env;
  const started = spawnSync(process.execPath, [resolve('shared/server/cli.ts'), 'help'], {
    encoding: 'utf8',
    env: { ...env, HOME: home, XDG_CACHE_HOME: '' },
    cwd: home,
  });
  expect(started.status).toBe(0);
  expect(existsSync(join(home, 'parkline'))).toBe(false);
  expect(existsSync(join(home, '.cache'))).toBe(false);
});
