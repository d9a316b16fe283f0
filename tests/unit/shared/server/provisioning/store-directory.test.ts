import { beforeEach, describe, expect, it } from 'vitest';
import type { DirectoryChange } from '../../../../../shared/server/ports/directory.ts';
import { MemoryStore } from '../../../../fakes/memory-store.ts';

let store: MemoryStore;

beforeEach(() => {
  store = new MemoryStore(['192.0.2.1']);
});

describe('one tenant', () => {
  it('answers for every host', () => {
    const acme = store.addTenant('acme', ['acme.test']);
    expect(store.directory.tenantByHost('anything.test')).toEqual(acme);
    expect(store.directory.isHostOf(acme.id, '10.0.0.1')).toBe(true);
  });
});

describe('two tenants', () => {
  it('are told apart by their domains, whatever the case', () => {
    const acme = store.addTenant('acme', ['Acme.test']);
    const other = store.addTenant('other', ['other.test']);
    expect(store.directory.tenantByHost('ACME.TEST')).toEqual(acme);
    expect(store.directory.tenantByHost('other.test')).toEqual(other);
    expect(store.directory.tenantByHost('10.0.0.1')).toBeUndefined();
    expect(store.directory.isHostOf(acme.id, 'acme.test')).toBe(true);
    expect(store.directory.isHostOf(acme.id, 'other.test')).toBe(false);
    expect(store.directory.isHostOf(acme.id, '192.0.2.1')).toBe(true);
  });

  it('do not see each other’s extensions', () => {
    const [acme, other] = [
      store.addTenant('acme', ['a.test']),
      store.addTenant('other', ['o.test']),
    ];
    store.addUser(acme, '101');
    expect(store.directory.user(other.id, '101')).toBeUndefined();
    expect(store.directory.hasExtensionPrefix(other.id, '10')).toBe(false);
    expect(store.provisioning.tenant()).toMatchObject({ error: { kind: 'which-tenant' } });
  });
});

it('knows a mere prefix from an extension and from nothing', () => {
  const acme = store.addTenant('acme');
  store.addUser(acme, '101');
  expect(store.directory.hasExtensionPrefix(acme.id, '10')).toBe(true);
  expect(store.directory.hasExtensionPrefix(acme.id, '101')).toBe(false);
  expect(store.directory.hasExtensionPrefix(acme.id, '2')).toBe(false);
});

it('lists extensions by length, then by digits', () => {
  const acme = store.addTenant('acme');
  for (const extension of ['1001', '102', '9', '101']) store.addUser(acme, extension);
  const listed = store.directory.users(acme.id).map(({ extension }) => extension);
  expect(listed).toEqual(['9', '101', '102', '1001']);
});

it('tells what changed, and nothing when nothing did', () => {
  const acme = store.addTenant('acme');
  const bob = store.addUser(acme, '101');
  const changes: DirectoryChange[] = [];
  store.directory.onChanged((change) => changes.push(change));

  store.directory.reload();
  expect(changes).toEqual([]);
  store.provisioning.importUsers(acme, [
    { extension: bob.extension, displayName: 'Robert', password: 'secret-101' },
  ]);
  store.provisioning.setPassword(acme, '101', 'another');
  store.provisioning.removeUser(acme, '101');
  const robert = { ...bob, displayName: 'Robert' };
  expect(changes).toEqual([
    { kind: 'user-changed', user: robert, passwordChanged: false },
    { kind: 'user-changed', user: robert, passwordChanged: true },
    { kind: 'user-removed', user: robert },
  ]);
});

it('keeps what it had when the settings on disk are broken', () => {
  const acme = store.addTenant('acme');
  store.database.run(store.database.build.updateTable('tenant_settings').set({ json: '{"rec' }));
  expect(store.directory.reload()).toMatchObject({ ok: false, error: { kind: 'bad-settings' } });
  expect(store.directory.tenants()).toEqual([acme]);
});

it('keeps trunks and extensions apart', () => {
  const acme = store.addTenant('acme');
  store.addUser(acme, '101');
  const trunk = { name: 'Carrier', username: 'carrier', password: 'x' };
  expect(store.provisioning.saveTrunk(acme, trunk).ok).toBe(true);
  expect(store.directory.trunks(acme.id)).toMatchObject([{ username: 'carrier' }]);
  expect(store.directory.user(acme.id, 'carrier')).toBeUndefined();
  expect(store.provisioning.saveTrunk(acme, { ...trunk, username: '101' }).ok).toBe(false);
});
