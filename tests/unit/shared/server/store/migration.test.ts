import {
  copyFileSync,
  existsSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Foundation } from '../../../../../shared/server/foundation.ts';
import { Database } from '../../../../../shared/server/store/database.ts';
import { migrations, newestSchemaVersion } from '../../../../../shared/server/store/migrations.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { removeDirectory, temporaryDirectory } from '../../../../interop/kit/park-server.ts';

const oldDatabase = (version: number) =>
  fileURLToPath(new URL(`./old-databases/schema-${version}.db`, import.meta.url));

/** Written by the version of Parkline that knew schema 2: two users, a trunk, settings, a journal line. */
const OLD = oldDatabase(2);
/** By the one that knew schema 3: the same, and a Call Park group of both users. */
const PREVIOUS = oldDatabase(3);

let root: string;
let path: string;
beforeEach(() => {
  root = temporaryDirectory();
  path = join(root, 'parkline.db');
  copyFileSync(OLD, path);
});
afterEach(() => removeDirectory(root));

function openFoundation(): Foundation {
  const opened = Foundation.open({ dataDir: root, clock: new FakeClock(), role: 'tool' });
  if (!opened.ok) throw new Error(opened.error.kind);
  return opened.value;
}

const versionOf = (file: string) => {
  const sqlite = new Sqlite(file, { readonly: true });
  const version: unknown = sqlite.pragma('user_version', { simple: true });
  sqlite.close();
  return version;
};

it('brings a database of the previous schema up to date, its groups included', () => {
  copyFileSync(PREVIOUS, path);
  expect(versionOf(path)).toBe(newestSchemaVersion - 1);
  const foundation = openFoundation();
  const { directory } = foundation;
  const [tenant] = directory.tenants();
  if (tenant === undefined) throw new Error('the tenant is gone');
  expect(directory.users(tenant.id)).toHaveLength(2);
  const [sales] = foundation.directory.parkGroups(tenant.id);
  expect(sales).toMatchObject({ name: 'Sales', members: ['101', '102'] });
  foundation.dispose();
  expect(versionOf(path)).toBe(newestSchemaVersion);
});

it('brings a database of an older schema up to date and loses nothing', () => {
  const foundation = openFoundation();
  const { directory, store, groups } = foundation;
  const [tenant] = directory.tenants();
  if (tenant === undefined) throw new Error('the tenant is gone');
  expect(tenant.settings).toMatchObject({
    featureCodes: { park: '*70' },
    recall: { timerMs: 120_000 },
  });
  expect(directory.users(tenant.id).map(({ displayName }) => displayName)).toEqual([
    'Bob',
    'Alice',
  ]);
  expect(directory.account(tenant.id, '101')?.secret.md5).toBe('cbbb34fa16026d2790ff25c57b86f868');
  expect(directory.trunks(tenant.id)).toMatchObject([{ username: 'line-1' }]);
  expect(store.journal.history({ tenantId: tenant.id })).toMatchObject([{ slot: '102' }]);
  expect(store.endedSessions.has('hash')).toBe(true);
  expect(store.tenants.settingsMark(tenant.id)).toEqual({ version: 1, by: '', at: 0 });
  const members = directory.users(tenant.id).map(({ extension }) => extension);
  const draft = { name: 'Sales', members, recall: tenant.settings.recall };
  expect(groups.saveParkGroup(tenant, draft, { target: { kind: 'new' }, by: 'ada' }).ok).toBe(true);
  foundation.dispose();
  expect(versionOf(path)).toBe(newestSchemaVersion);
});

it('keeps a whole copy of the file as it was, for its owner alone', () => {
  openFoundation().dispose();
  const copy = `${path}.schema-2.backup`;
  expect(versionOf(copy)).toBe(2);
  expect(statSync(copy).mode & 0o777).toBe(0o600);
  const sqlite = new Sqlite(copy, { readonly: true });
  expect(sqlite.prepare('SELECT count(*) FROM users').pluck().get()).toBe(2);
  sqlite.close();
  openFoundation().dispose();
  expect(readdirSync(root).filter((name) => name.includes('backup'))).toHaveLength(1);
});

it('does not write over a copy that is there already', () => {
  writeFileSync(`${path}.schema-2.backup`, 'of another day');
  openFoundation().dispose();
  expect(readFileSync(`${path}.schema-2.backup`, 'utf8')).toBe('of another day');
  expect(versionOf(`${path}.schema-2.backup-2`)).toBe(2);
});

it('makes no copy of a new database', () => {
  const fresh = join(root, 'fresh.db');
  const opened = Database.open(fresh);
  if (opened.ok) opened.value.close();
  expect(existsSync(`${fresh}.schema-0.backup`)).toBe(false);
  expect(readdirSync(root).some((name) => name.startsWith('fresh.db.schema'))).toBe(false);
});

it('counts its migrations without gaps', () => {
  expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, at) => at + 1));
});
