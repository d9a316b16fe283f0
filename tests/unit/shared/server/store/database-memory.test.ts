import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePages } from '../../../../../shared/server/cli/free-pages.ts';
import { Database } from '../../../../../shared/server/store/database.ts';
import { removeDirectory, temporaryDirectory } from '../../../../interop/kit/park-server.ts';

const MB = 1e6;
const ROWS = 12_000;
const ROW_BYTES = 1_000;

let root: string;
beforeEach(() => (root = temporaryDirectory()));
afterEach(() => removeDirectory(root));

const rssMb = (): number => process.memoryUsage.rss() / MB;

it('gives back what it kept of the file at hand, and goes on', async () => {
  const giveBack = freePages();
  await giveBack();
  const opened = Database.open(join(root, 'parkline.db'));
  if (!opened.ok) throw new Error(opened.error.kind);
  const database = opened.value;
  const insert = database.inserter('server_secrets', ['name', 'value']);
  const value = 'x'.repeat(ROW_BYTES);
  database.transaction(() => {
    for (let n = 0; n < ROWS; n += 1) insert({ name: `secret ${n}`, value });
  });
  await giveBack();
  const before = rssMb();
  database.releaseMemory();
  await giveBack();
  const returned = before - rssMb();
  // The tests run on Linux; elsewhere it may take longer to be seen.
  if (process.platform === 'linux') expect(returned).toBeGreaterThan((ROWS * ROW_BYTES) / MB / 2);
  expect(database.finder('server_secrets', 'name')(`secret ${ROWS - 1}`)?.value).toBe(value);
  database.close();
});

it('is harmless on a database that was closed', () => {
  const opened = Database.open(join(root, 'parkline.db'));
  if (!opened.ok) throw new Error(opened.error.kind);
  opened.value.close();
  expect(() => opened.value.releaseMemory()).not.toThrow();
});
