import { beforeEach, describe, expect, it } from 'vitest';
import { parseTenantSettings } from '../../../../../shared/config/tenant-settings.ts';
import { DigestVerifier } from '../../../../../shared/server/auth/digest-verifier.ts';
import { FailedAttempts } from '../../../../../shared/server/auth/failed-attempts.ts';
import { SipAuthenticator } from '../../../../../shared/server/auth/sip-authenticator.ts';
import { silentLogger } from '../../../../../shared/server/log.ts';
import type { Tenant, User } from '../../../../../shared/server/ports/directory.ts';
import type { Binding } from '../../../../../shared/server/ports/registrar.ts';
import { parseNameAddr } from '../../../../../shared/sip/message/name-addr.ts';
import { FakeServerTransaction, SpyFlow } from '../../../../fakes/fake-server-transaction.ts';
import { MemoryStore } from '../../../../fakes/memory-store.ts';
import { answerDigest } from '../../../../interop/kit/wire-phone.ts';

let store: MemoryStore;
let acme: Tenant;
let bob: User;
let bindings: Binding[];

beforeEach(() => {
  store = new MemoryStore();
  acme = store.addTenant('acme', ['pbx.test']);
  bob = store.addUser(acme, '101');
  bindings = [];
});

function authenticator({ insecureNoAuth = false } = {}): SipAuthenticator {
  const { directory, clock } = store;
  return new SipAuthenticator({
    directory,
    verifier: new DigestVerifier({
      directory,
      accounts: directory,
      attempts: new FailedAttempts(clock),
      clock,
      nonceKey: Buffer.alloc(32, 7),
    }),
    bindingsOfFlow: (flow) => bindings.filter((binding) => binding.flow === flow),
    isBoundTo: (flow, userId) =>
      bindings.some((binding) => binding.flow === flow && binding.userId === userId),
    insecureNoAuth,
    log: silentLogger,
  });
}

const INVITE = { method: 'INVITE', uri: 'sip:102@pbx.test', to: '<sip:102@pbx.test>' };

function bound(user: User, flow: SpyFlow, deviceId = 'instance:1'): Binding {
  const contact = parseNameAddr('<sip:x@y.invalid>');
  if (contact === undefined) throw new Error('no contact');
  const [registeredAt, expiresAt] = [store.clock.now(), store.clock.now()];
  const ids = { id: `b${bindings.length}`, userId: user.id, tenantId: user.tenantId, deviceId };
  const binding = { ...ids, contact, flow, registeredAt, expiresAt, path: [] };
  bindings.push(binding);
  return binding;
}

/** Challenged, then answered as that account. */
function withDigest(
  proof: SipAuthenticator,
  [username, password]: readonly [string, string],
  asked: ConstructorParameters<typeof FakeServerTransaction>[0] = INVITE,
) {
  const flow = new SpyFlow('udp');
  const first = new FakeServerTransaction(asked, flow);
  expect(proof.authenticate(first).kind).toBe('answered');
  expect(first.status).toBe(401);
  const challenge = first.replied('WWW-Authenticate').at(-1) ?? '';
  const { method = 'INVITE', uri = 'sip:102@pbx.test' } = asked;
  const authorization = answerDigest(challenge, { username, password, method, uri });
  const headers = [...(asked.headers ?? []), ['Authorization', authorization] as const];
  const second = new FakeServerTransaction({ ...asked, headers }, flow);
  return { outcome: proof.authenticate(second), second };
}

describe('a request by UDP', () => {
  it('is challenged, and its answer proves the user, not the From', () => {
    const asked = { ...INVITE, from: '<sip:999@pbx.test>', contact: '<sip:101@127.0.0.1:40000>' };
    const { outcome } = withDigest(authenticator(), ['101', 'secret-101'], asked);
    expect(outcome).toMatchObject({ kind: 'ok', caller: { kind: 'user', user: bob } });
  });

  it('is challenged even where the phone is registered', () => {
    const flow = new SpyFlow('udp');
    bound(bob, flow);
    const tx = new FakeServerTransaction(INVITE, flow);
    expect(authenticator().authenticate(tx).kind).toBe('answered');
  });

  it('proves a trunk by the trunk’s credentials', () => {
    const trunk = { name: 'Carrier', username: 'carrier', password: 'x' };
    store.provisioning.saveTrunk(acme, trunk);
    const { outcome } = withDigest(authenticator(), ['carrier', 'x']);
    expect(outcome).toMatchObject({
      kind: 'ok',
      caller: { kind: 'trunk', trunk: { name: 'Carrier' } },
    });
  });

  it('is not let in with another password or another tenant’s account', () => {
    const other = store.addTenant('other', ['other.test']);
    store.addUser(other, '777');
    for (const account of [
      ['101', 'guess'],
      ['777', 'secret-777'],
      ['nobody', 'x'],
    ] as const) {
      const { outcome, second } = withDigest(authenticator(), account);
      expect(outcome.kind).toBe('answered');
      expect(second.status).toBe(401);
    }
  });

  it('is asked once more, as stale, when its nonce is too old', () => {
    const proof = authenticator();
    const flow = new SpyFlow('udp');
    const first = new FakeServerTransaction(INVITE, flow);
    proof.authenticate(first);
    const [challenge = ''] = first.replied('WWW-Authenticate');
    store.clock.advance(3_600_000);
    const login = { username: '101', password: 'secret-101', method: 'INVITE', uri: INVITE.uri };
    const headers = [['Authorization', answerDigest(challenge, login)] as const];
    const late = new FakeServerTransaction({ ...INVITE, headers }, flow);
    expect(proof.authenticate(late).kind).toBe('answered');
    expect(late.replied('WWW-Authenticate')[0]).toContain('stale=true');
  });

  it('cannot reuse an answer that was made for somebody else’s number', () => {
    const proof = authenticator();
    const flow = new SpyFlow('udp');
    const first = new FakeServerTransaction(INVITE, flow);
    proof.authenticate(first);
    const [challenge = ''] = first.replied('WWW-Authenticate');
    const login = { username: '101', password: 'secret-101', method: 'INVITE', uri: INVITE.uri };
    const headers = [['Authorization', answerDigest(challenge, login)] as const];
    const elsewhere = { ...INVITE, uri: 'sip:900123@pbx.test', headers };
    expect(proof.authenticate(new FakeServerTransaction(elsewhere, flow)).kind).toBe('answered');
  });
});

describe('a connection', () => {
  it('on which a user signed in is trusted for that user and device', () => {
    const flow = new SpyFlow('ws');
    bound(bob, flow, 'instance:desk');
    const tx = new FakeServerTransaction({ ...INVITE, from: '<sip:102@pbx.test>' }, flow);
    expect(authenticator().authenticate(tx)).toMatchObject({
      kind: 'ok',
      caller: { user: bob, deviceId: 'instance:desk' },
    });
    expect(tx.replies).toEqual([]);
  });

  it('on which nobody signed in is challenged', () => {
    const tx = new FakeServerTransaction(INVITE, new SpyFlow('ws'));
    expect(authenticator().authenticate(tx).kind).toBe('answered');
  });

  it('on which several users signed in speaks for the one in From, and for no third', () => {
    const flow = new SpyFlow('tcp');
    const alice = store.addUser(acme, '102');
    bound(bob, flow);
    bound(alice, flow, 'instance:2');
    const from = (extension: string) =>
      authenticator().authenticate(
        new FakeServerTransaction({ ...INVITE, from: `<sip:${extension}@pbx.test>` }, flow),
      );
    expect(from('102')).toMatchObject({ caller: { user: alice } });
    expect(from('101')).toMatchObject({ caller: { user: bob } });
    expect(from('103').kind).toBe('answered');
  });
});

describe('the challenge', () => {
  const settings = (challenge: string, more: object = {}) => {
    const parsed = parseTenantSettings({ challenge, ...more });
    if (!parsed.ok) throw new Error('bad settings');
    store.tenants.saveSettings(acme.id, parsed.value);
    store.directory.reload();
  };
  const algorithms = (headers: readonly (readonly [string, string])[] = []) => {
    const tx = new FakeServerTransaction({ ...INVITE, headers });
    authenticator().authenticate(tx);
    return tx.replied('WWW-Authenticate').map((value) => /algorithm=([\w-]+)/.exec(value)?.[1]);
  };

  it('is MD5 unless the tenant wants more; with both, MD5 is last', () => {
    expect(algorithms()).toEqual(['MD5']);
    settings('both');
    expect(algorithms()).toEqual(['SHA-256', 'MD5']);
    settings('sha256');
    expect(algorithms()).toEqual(['SHA-256']);
  });

  it('may be another one for one make of phone', () => {
    settings('sha256', { userAgentRules: [{ userAgent: 'JsSIP', challenge: 'md5' }] });
    expect(algorithms([['User-Agent', 'JsSIP 3.13.8']])).toEqual(['MD5']);
    expect(algorithms([['User-Agent', 'Other']])).toEqual(['SHA-256']);
  });

  it('is answered in SHA-256 too', () => {
    settings('sha256');
    const { outcome } = withDigest(authenticator(), ['101', 'secret-101']);
    expect(outcome.kind).toBe('ok');
  });

  it('is not answered in an algorithm that was not offered', () => {
    const proof = authenticator();
    const first = new FakeServerTransaction(INVITE);
    proof.authenticate(first);
    const challenge = (first.replied('WWW-Authenticate')[0] ?? '').replace('MD5', 'SHA-256');
    const login = { username: '101', password: 'secret-101', method: 'INVITE', uri: INVITE.uri };
    const headers = [['Authorization', answerDigest(challenge, login)] as const];
    const second = new FakeServerTransaction({ ...INVITE, headers });
    expect(proof.authenticate(second).kind).toBe('answered');
  });
});

it('believes every From of somebody who exists when told to', () => {
  const proof = authenticator({ insecureNoAuth: true });
  const from = (name: string) =>
    new FakeServerTransaction({ ...INVITE, from: `<sip:${name}@a.test>` });
  expect(proof.authenticate(from('101'))).toMatchObject({ kind: 'ok', caller: { user: bob } });
  expect(proof.authenticate(from('555')).kind).toBe('answered');
});

describe('guessing', () => {
  it('is refused unread after ten wrong answers in a minute', () => {
    const proof = authenticator();
    for (let attempt = 0; attempt < 10; attempt += 1) withDigest(proof, ['101', 'guess']);
    const { second } = withDigest(proof, ['101', 'secret-101']);
    expect(second.status).toBe(403);
    expect(second.replied('Retry-After')).toEqual(['60']);
    store.clock.advance(60_000);
    expect(withDigest(proof, ['101', 'secret-101']).outcome.kind).toBe('ok');
  });

  it('of many names from one address is refused too', () => {
    const attempts = new FailedAttempts(store.clock, {
      perAccount: 10,
      perAddress: 30,
      windowMs: 60_000,
    });
    for (let name = 0; name < 30; name += 1) attempts.failed('192.0.2.1', String(name));
    expect(attempts.retryAfterSeconds('192.0.2.1', 'fresh')).toBe(60);
    expect(attempts.retryAfterSeconds('192.0.2.2', 'fresh')).toBe(0);
  });
});
