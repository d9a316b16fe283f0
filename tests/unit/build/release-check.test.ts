import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { feedLines, signingLines, versionLines } from '../../../build/electron/release-check.ts';

const states = (lines: readonly { readonly state: string }[]): string[] =>
  lines.map(({ state }) => state);

function feed(promised: string, file = 'the installer'): string {
  const folder = mkdtempSync(join(tmpdir(), 'release-check-'));
  const sha512 = createHash('sha512').update(promised).digest('base64');
  writeFileSync(join(folder, 'Parkline-1.2.3-linux-x64.AppImage'), file);
  writeFileSync(
    join(folder, 'latest-linux.yml'),
    `version: 1.2.3\nfiles:\n  - url: Parkline-1.2.3-linux-x64.AppImage\n    sha512: ${sha512}\n    size: 13\n`,
  );
  return folder;
}

test('a list of versions is right when its files are what it promises', () => {
  expect(states(feedLines(feed('the installer'), '1.2.3'))).toEqual(['right', 'right']);
});

test('other bytes, a file that is not there, and another version are wrong', () => {
  expect(states(feedLines(feed('something else'), '1.2.3'))).toEqual(['right', 'wrong']);
  expect(states(feedLines(feed('the installer'), '1.2.4'))).toEqual(['wrong', 'right']);
});

test('a version needs its notes', () => {
  expect(versionLines('## 1.2.3\n', '1.2.3')[1]?.state).toBe('right');
  expect(versionLines('## Unreleased\n', '1.2.3')[1]?.state).toBe('todo');
  expect(versionLines('', 'next')[0]?.state).toBe('wrong');
});

test('who signs is read from the environment alone', () => {
  expect(states(signingLines({}))).toEqual(['todo', 'todo', 'todo']);
  const env = { WIN_CSC_LINK: 'a', CSC_LINK: 'b', APPLE_API_KEY: 'c' };
  expect(states(signingLines(env))).toEqual(['right', 'right', 'todo']);
});
