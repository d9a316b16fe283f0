import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Database } from '../../../../../shared/server/store/database.ts';
import { removeDirectory, temporaryDirectory } from '../../../../interop/kit/park-server.ts';

let root: string;
beforeEach(() => (root = temporaryDirectory()));
afterEach(() => removeDirectory(root));

function open(path: string): void {
  const opened = Database.open(path);
  if (!opened.ok) throw new Error(opened.error.kind);
  for (const file of readdirSync(join(path, '..'))) {
    expect([file, statSync(join(path, '..', file)).mode & 0o777]).toEqual([file, 0o600]);
  }
  opened.value.close();
}

it('keeps password hashes from other users of the machine, in a directory that everybody may read', () => {
  const directory = join(root, 'shared');
  mkdirSync(directory);
  chmodSync(directory, 0o755);
  open(join(directory, 'parkline.db'));
});

it('closes a database that was left open to them', () => {
  const path = join(root, 'parkline.db');
  open(path);
  chmodSync(path, 0o644);
  open(path);
});
