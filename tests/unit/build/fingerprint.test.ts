import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fingerprintOf } from '../../../build/electron/fingerprint.ts';

function project(): string {
  const root = mkdtempSync(join(tmpdir(), 'fingerprint-'));
  mkdirSync(join(root, 'src', 'deep'), { recursive: true });
  writeFileSync(join(root, 'src', 'deep', 'a.ts'), 'a');
  writeFileSync(join(root, 'lock.json'), '{}');
  return root;
}

const NAMES = ['src', 'lock.json', 'not-there'];

test('a copy of the project elsewhere has the same fingerprint', async () => {
  const root = project();
  const copy = join(mkdtempSync(join(tmpdir(), 'copy-')), 'project');
  cpSync(root, copy, { recursive: true });
  expect(await fingerprintOf(copy, NAMES)).toBe(await fingerprintOf(root, NAMES));
});

test('a changed, a renamed and a new file each give another one', async () => {
  const root = project();
  const before = await fingerprintOf(root, NAMES);
  writeFileSync(join(root, 'src', 'deep', 'a.ts'), 'b');
  const changed = await fingerprintOf(root, NAMES);
  writeFileSync(join(root, 'not-there'), '');
  const added = await fingerprintOf(root, NAMES);
  expect(new Set([before, changed, added]).size).toBe(3);
});
