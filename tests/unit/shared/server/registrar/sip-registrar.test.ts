import { beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../../../shared/server/log.ts';
import type { Tenant, User } from '../../../../../shared/server/ports/directory.ts';
import { SipRegistrar } from '../../../../../shared/server/registrar/sip-registrar.ts';
import { BindingStore } from '../../../../../shared/server/store/binding-store.ts';
import type { Flow } from '../../../../../shared/sip/transaction/flow.ts';
import {
  FakeServerTransaction,
  SpyFlow,
  type AskedRequest,
} from '../../../../fakes/fake-server-transaction.ts';
import { MemoryStore } from '../../../../fakes/memory-store.ts';

let store: MemoryStore;
let acme: Tenant;
let bob: User;
let bindingStore: BindingStore;
let registrar: SipRegistrar;
let changes: number;
let udpFlow: Flow | undefined;

beforeEach(() => {
  store = new MemoryStore();
  acme = store.addTenant('acme', ['pbx.test']);
  bob = store.addUser(acme, '101');
  bindingStore = new BindingStore(store.database, store.clock);
  udpFlow = undefined;
  registrar = makeRegistrar();
  changes = 0;
  registrar.onChanged(() => (changes += 1));
});

function makeRegistrar(): SipRegistrar {
  let ids = 0;
  return new SipRegistrar({
    directory: store.directory,
    authenticator: { authenticateRegistration: () => ({ kind: 'ok', user: bob }) },
    store: bindingStore,
    clock: store.clock,
    newId: () => `id-${store.clock.now()}-${(ids += 1)}`,
    flowTo: () => udpFlow,
    apiBaseUrl: () => undefined,
    log: silentLogger,
  });
}

let cseq = 0;

function register(asked: AskedRequest, flow: Flow = new SpyFlow()): FakeServerTransaction {
  const tx = new FakeServerTransaction({ cseq: (cseq += 1), ...asked }, flow);
  registrar.handle(tx);
  return tx;
}

function stored(): readonly { id: string }[] {
  return store.database.all(store.database.build.selectFrom('bindings').selectAll());
}

const contact = (name: string, more = '') =>
  `<sip:${name}@x.invalid;transport=ws>;expires=60${more}`;
const outbound = (instance: string, regId: number) =>
  `;+sip.instance="<urn:uuid:${instance}>";reg-id=${regId}`;

describe('a registration', () => {
  it('ends when it is not refreshed, to the millisecond', () => {
    register({ contact: contact('a') });
    store.clock.advance(59_999);
    expect(registrar.bindingsOf(bob.id)).toHaveLength(1);
    store.clock.advance(1);
    expect(registrar.bindingsOf(bob.id)).toEqual([]);
    expect(changes).toBe(2);
  });

  it('goes on when it is refreshed, and nobody is told', () => {
    const flow = new SpyFlow();
    register({ contact: contact('a') }, flow);
    store.clock.advance(50_000);
    register({ contact: contact('a') }, flow);
    store.clock.advance(50_000);
    expect(registrar.bindingsOf(bob.id)).toHaveLength(1);
    expect(changes).toBe(1);
  });

  it('that is refreshed keeps what it was found by, and the newest comes first', () => {
    const flow = new SpyFlow();
    for (const name of ['a', 'b']) register({ contact: contact(name) }, flow);
    const [b, a] = registrar.bindingsOf(bob.id);
    store.clock.advance(10_000);
    for (const seconds of [200, 300]) {
      const again = contact('a').replace(/expires=\d+/, `expires=${seconds}`);
      expect(register({ contact: again }, flow).status).toBe(200);
    }
    expect(registrar.bindingsOf(bob.id)).toEqual([a, b]);
    expect(registrar.bindingsOf(bob.id)[0]).toMatchObject({
      registeredAt: store.clock.now(),
      expiresAt: store.clock.now() + 300_000,
    });
  });

  it('leaves no timer behind when it is removed', () => {
    register({ contact: contact('a') });
    registrar.removeAll(bob.id);
    bindingStore.flush();
    expect(store.clock.pending).toBe(0);
  });

  it('is applied whole or not at all', () => {
    const two = `${contact('a')}, <sip:b@x.invalid>;expires=5`;
    expect(register({ contact: two }).status).toBe(423);
    expect(registrar.bindingsOf(bob.id)).toEqual([]);
  });

  it.each(['4294967296', '9'.repeat(25)])(
    'that asks for %s seconds lasts an hour, the longest there is',
    (asked) => {
      const tx = register({ contact: contact('a').replace('expires=60', `expires=${asked}`) });
      expect(tx.status).toBe(200);
      expect(registrar.bindingsOf(bob.id)).toMatchObject([
        { expiresAt: store.clock.now() + 3_600_000 },
      ]);
    },
  );

  it('of a Contact that is no SIP URI is refused', () => {
    expect(register({ contact: '<mailto:bob@pbx.test>' }).status).toBe(400);
  });

  it('in a domain nobody serves is refused', () => {
    store.addTenant('other', ['other.test']);
    const tx = register({ to: '<sip:101@nowhere.test>', contact: contact('a') });
    expect(tx.status).toBe(404);
  });
});

describe('a device', () => {
  it('with two flows is one device, reached by the newer', () => {
    const [first, second] = [new SpyFlow(), new SpyFlow()];
    register({ contact: contact('a', outbound('1', 1)) }, first);
    store.clock.advance(10);
    register({ contact: contact('a', outbound('1', 2)) }, second);
    expect(registrar.bindingsOf(bob.id)).toHaveLength(2);
    const [device, ...others] = registrar.reachableDevices(bob.id);
    expect(others).toEqual([]);
    expect(device?.flow).toBe(second);
    second.close();
    expect(registrar.reachableDevices(bob.id)[0]?.flow).toBe(first);
    expect(registrar.successorOf(second)).toBe(first);
  });

  it('is found on the connection it came back on, until that closes, although it was signed out there', () => {
    const [first, second, others] = [new SpyFlow(), new SpyFlow(), new SpyFlow()];
    register({ contact: contact('a', outbound('1', 1)) }, first);
    register({ contact: contact('b', outbound('2', 1)) }, others);
    first.close();
    expect(registrar.successorOf(first)).toBeUndefined();
    store.clock.advance(10);
    register({ contact: contact('a', outbound('1', 1)) }, second);
    registrar.removeAll(bob.id);
    expect(registrar.successorOf(first)).toBe(second);
    second.close();
    expect(registrar.successorOf(first)).toBeUndefined();
  });

  it.each(['before', 'after'])(
    'that was signed out is found on its other connection when the newer has closed %s that',
    (when) => {
      const [first, second] = [new SpyFlow(), new SpyFlow()];
      register({ contact: contact('a', outbound('1', 1)) }, first);
      register({ contact: contact('a', outbound('1', 2)) }, second);
      if (when === 'before') second.close();
      registrar.removeAll(bob.id);
      if (when === 'after') second.close();
      expect(registrar.successorOf(second)).toBe(first);
    },
  );

  it('stays the same one when it signs out and in again on the same connection', () => {
    const [first, second] = [new SpyFlow(), new SpyFlow()];
    register({ contact: contact('a', outbound('1', 1)) }, first);
    registrar.removeAll(bob.id);
    register({ contact: contact('a', outbound('1', 1)) }, first);
    first.close();
    register({ contact: contact('a', outbound('1', 1)) }, second);
    registrar.removeAll(bob.id);
    expect(registrar.successorOf(first)).toBe(second);
  });

  it('without an instance is another one on another connection', () => {
    register({ contact: contact('a') });
    register({ contact: contact('b') });
    expect(registrar.reachableDevices(bob.id)).toHaveLength(2);
  });

  it('vouches for its connection as long as it is signed in', () => {
    const flow = new SpyFlow();
    register({ contact: contact('a') }, flow);
    expect(registrar.bindingOfFlow(flow)?.userId).toBe(bob.id);
    store.clock.advance(60_000);
    expect(registrar.bindingOfFlow(flow)).toBeUndefined();
  });
});

it('makes room for a new device by forgetting the oldest that is out of reach', () => {
  const flows = Array.from({ length: 32 }, () => new SpyFlow());
  flows.forEach((flow, index) => {
    register({ contact: contact(`d${index}`) }, flow);
    store.clock.advance(1);
  });
  expect(register({ contact: contact('one-more') }).status).toBe(403);
  flows[3]?.close();
  flows[5]?.close();
  expect(register({ contact: contact('one-more') }).status).toBe(200);
  const users = registrar.bindingsOf(bob.id).map((binding) => binding.contact.uri.user);
  expect(users).not.toContain('d3');
  expect(users).toContain('d5');
});

describe('on disk', () => {
  it('a registration is written within half a second, a removed one goes', () => {
    register({ contact: contact('a') });
    expect(stored()).toEqual([]);
    store.clock.advance(500);
    expect(stored()).toHaveLength(1);
    registrar.removeAll(bob.id);
    store.clock.advance(500);
    expect(stored()).toEqual([]);
  });

  it('a refresh is written as a whole registration would be', () => {
    const flow = new SpyFlow();
    const asked = { contact: contact('a'), callId: 'first' };
    const rowAfter = (again: AskedRequest) => {
      store.clock.advance(5_000);
      register(again, flow);
      bindingStore.flush();
      return stored()[0];
    };
    const first = rowAfter(asked);
    const refreshed = rowAfter({ ...asked, callId: 'second' });
    expect(refreshed).toEqual({
      ...first,
      call_id: 'second',
      cseq,
      registered_at: store.clock.now(),
      expires_at: store.clock.now() + 60_000,
    });
    const described = rowAfter({ ...asked, contact: contact('a', ';x=y') });
    expect(described).toMatchObject({ contact: expect.stringContaining(';x=y'), cseq });
  });

  it('a refresh brings nothing back of a user who was removed meanwhile', () => {
    const flow = new SpyFlow();
    register({ contact: contact('a') }, flow);
    bindingStore.flush();
    store.tenants.removeUser(bob.id);
    register({ contact: contact('a') }, flow);
    bindingStore.flush();
    expect(stored()).toEqual([]);
  });

  it('a refresh right behind the registration does not make less of it', () => {
    const flow = new SpyFlow();
    register({ contact: contact('a') }, flow);
    register({ contact: contact('a') }, flow);
    bindingStore.flush();
    expect(stored()).toHaveLength(1);
  });

  it('a registration comes back after a restart, by UDP with its way, else without', () => {
    register({ contact: contact('browser') }, new SpyFlow('ws'));
    register({ contact: '<sip:desk@192.0.2.7:5070>;expires=600' }, new SpyFlow('udp'));
    bindingStore.flush();
    const before = registrar.bindingsOf(bob.id).map(({ flow: _flow, ...rest }) => rest);
    registrar.dispose();

    udpFlow = new SpyFlow('udp');
    registrar = makeRegistrar();
    registrar.restore();
    const after = registrar.bindingsOf(bob.id).map(({ flow: _flow, ...rest }) => rest);
    expect(after).toEqual(expect.arrayContaining(before));
    expect(after).toHaveLength(2);
    expect(registrar.reachableDevices(bob.id).map(({ flow }) => flow)).toEqual([udpFlow]);
    store.clock.advance(60_000);
    expect(registrar.bindingsOf(bob.id)).toHaveLength(1);
  });

  it('nothing comes back of a user who was removed meanwhile', () => {
    register({ contact: contact('a') });
    store.tenants.removeUser(bob.id);
    bindingStore.flush();
    expect(stored()).toEqual([]);
  });

  it('what ended while the server was down does not come back', () => {
    register({ contact: contact('a') });
    bindingStore.flush();
    registrar.dispose();
    store.clock.advance(60_000);
    registrar = makeRegistrar();
    registrar.restore();
    expect(registrar.all()).toEqual([]);
    expect(stored()).toEqual([]);
  });
});
