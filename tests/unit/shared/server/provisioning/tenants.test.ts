import { beforeEach, describe, expect, it } from 'vitest';
import { describeProvisioningRefusal } from '../../../../../shared/server/provisioning/provisioning-refusal.ts';
import { MemoryStore } from '../../../../fakes/memory-store.ts';

let store: MemoryStore;

beforeEach(() => {
  store = new MemoryStore();
});

function add(name: string, ...domains: readonly string[]) {
  const added = store.provisioning.addTenant(name, domains);
  return added.ok ? added.value.domains : added.error;
}

function set(name: string, ...domains: readonly string[]) {
  const tenant = store.provisioning.tenant(name);
  if (!tenant.ok) return tenant.error;
  const changed = store.provisioning.setDomains(tenant.value, domains);
  return changed.ok ? changed.value.domains : changed.error;
}

describe('tenants', () => {
  it('need no domain while there is one', () => {
    expect(add('acme')).toEqual([]);
    expect(store.directory.tenantByHost('anything.test')?.name).toBe('acme');
  });

  it('need a domain each from the second on', () => {
    add('acme');
    const refusal = add('globex', 'globex.test');
    expect(refusal).toEqual({ kind: 'domains-needed', tenants: ['acme'] });
    expect(add('globex')).toEqual({ kind: 'domains-needed', tenants: ['acme', 'globex'] });
    expect(store.directory.tenants()).toHaveLength(1);
    expect(set('acme', 'ACME.test', 'acme.test')).toEqual(['acme.test']);
    expect(add('globex', 'globex.test')).toEqual(['globex.test']);
    expect(store.directory.tenantByHost('Globex.TEST')?.name).toBe('globex');
    expect(store.directory.tenantByHost('anything.test')).toBeUndefined();
    expect(set('globex')).toEqual({ kind: 'domains-needed', tenants: ['globex'] });
  });

  it('share no domain and no name', () => {
    add('acme', 'acme.test');
    expect(add('acme', 'other.test')).toEqual({ kind: 'tenant-exists', name: 'acme' });
    expect(add('globex', 'acme.test')).toEqual({
      kind: 'domain-taken',
      domain: 'acme.test',
      tenant: 'acme',
    });
  });

  it.each(['Acme', '', 'a b', '-a', 'x'.repeat(64)])('are not called %j', (name) => {
    expect(add(name)).toEqual({ kind: 'bad-tenant-name', text: name });
  });

  it.each(['', 'a_b', '-a.test', 'a..test', 'sip:acme.test'])('have no domain %j', (domain) => {
    const refusal = add('acme', domain);
    expect(refusal).toEqual({ kind: 'bad-domain', text: domain });
    if ('kind' in refusal) expect(describeProvisioningRefusal(refusal)).toContain('not a domain');
  });

  it('may be known by an address', () => {
    expect(add('acme', '192.0.2.5', '2001:db8::5')).toEqual(['192.0.2.5', '2001:db8::5']);
  });
});
