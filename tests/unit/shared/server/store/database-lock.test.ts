import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Database } from '../../../../../shared/server/store/database.ts';
import { codeOf } from '../../../../../shared/server/store/store-refusal.ts';
import { removeDirectory, temporaryDirectory } from '../../../../interop/kit/park-server.ts';

/** Writes to the database from when it is started until some time after it is told to end. */
const OTHER_PROCESS = `
  const { parentPort, workerData } = require('node:worker_threads');
  const database = new (require('better-sqlite3'))(workerData);
  database.exec('BEGIN IMMEDIATE');
  parentPort.once('message', () => setTimeout(() => database.exec('COMMIT') && database.close(), 150));
  parentPort.postMessage('writing');
`;

let root: string;
beforeEach(() => (root = temporaryDirectory()));
afterEach(() => removeDirectory(root));

const codeThrownBy = (run: () => unknown): string => {
  try {
    run();
    return '';
  } catch (error) {
    return codeOf(error);
  }
};

it('has a write wait for another process, but not one that is made at once', async () => {
  const path = join(root, 'parkline.db');
  const opened = Database.open(path);
  if (!opened.ok) throw new Error(opened.error.kind);
  const database = opened.value;
  const put = database.inserter('server_secrets', ['name', 'value']);
  const other = new Worker(OTHER_PROCESS, { eval: true, workerData: path });
  await once(other, 'message');
  const row = (name: string) => ({ name, value: name });
  const started = performance.now();
  // In this order: what the one sets must not hold for the next.
  for (const name of ['a', 'b'])
    expect(codeThrownBy(() => database.atOnce(() => put(row(name))))).toBe('SQLITE_BUSY');
  expect(codeThrownBy(() => database.atOnce(() => database.transaction(() => put(row('c')))))).toBe(
    'SQLITE_BUSY',
  );
  // One that waits does so for 5 s.
  expect(performance.now() - started).toBeLessThan(4_500);
  const gone = once(other, 'exit');
  other.postMessage('end');
  put(row('d'));
  await gone;
  database.atOnce(() => put(row('e')));
  const kept = database.all(database.build.selectFrom('server_secrets').select('name'));
  expect(kept.map(({ name }) => name)).toEqual(['d', 'e']);
  database.close();
});
