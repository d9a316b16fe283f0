import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  algorithmsOf,
  makeChallenges,
  parseChallenge,
} from '../../../../../shared/sip/digest/challenge.ts';
import {
  formatCredentials,
  parseCredentials,
} from '../../../../../shared/sip/digest/credentials.ts';
import type { Credentials } from '../../../../../shared/sip/digest/credentials.ts';
import {
  answerChallenge,
  computeResponse,
  ha1,
} from '../../../../../shared/sip/digest/digest-response.ts';
import type { DigestAlgorithm, Hash } from '../../../../../shared/sip/digest/hash-port.ts';
import { NonceCounts } from '../../../../../shared/sip/digest/nonce-counts.ts';
import { Nonces } from '../../../../../shared/sip/digest/nonces.ts';
import { isSameTarget } from '../../../../../shared/sip/digest/same-target.ts';
import { verify } from '../../../../../shared/sip/digest/verify.ts';
import { makeUri } from '../../../../../shared/sip/message/uri.ts';

const hash: Hash = (algorithm, text) =>
  createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
    .update(text)
    .digest('hex');

describe('the published examples', () => {
  it('RFC 2617 §3.5', () => {
    const secret = { username: 'Mufasa', realm: 'testrealm@host.com', password: 'Circle Of Life' };
    const response = computeResponse(hash, {
      algorithm: 'MD5',
      ha1: ha1(hash, 'MD5', secret),
      method: 'GET',
      uri: '/dir/index.html',
      nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
      auth: { cnonce: '0a4f113b', nc: '00000001' },
    });
    expect(response).toBe('6629fae49393a05397450978507c4ef1');
  });

  it('RFC 7616 §3.9.1, both algorithms', () => {
    const secret = {
      username: 'Mufasa',
      realm: 'http-auth@example.org',
      password: 'Circle of Life',
    };
    const respond = (algorithm: DigestAlgorithm) =>
      computeResponse(hash, {
        algorithm,
        ha1: ha1(hash, algorithm, secret),
        method: 'GET',
        uri: '/dir/index.html',
        nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
        auth: { cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ', nc: '00000001' },
      });
    expect(respond('MD5')).toBe('8ca523f5e9506fed4657c9700eebdbec');
    expect(respond('SHA-256')).toBe(
      '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    );
  });
});

function setUp(secret = 'server secret') {
  const clock = { now: 1_000_000 };
  let drawn = 0;
  const nonces = new Nonces({
    keyedHash: (text) => createHmac('sha256', secret).update(text).digest('hex'),
    now: () => clock.now,
    randomText: () => `random${drawn++}`,
    lifetimeMs: 60_000,
  });
  return { clock, nonces };
}

const REALM = 'pbx.test';
const user = { username: '101', realm: REALM, password: 'pässword' };

function answer(
  challengeText: string,
  change: { count?: number; password?: string } = {},
): Credentials {
  const challenge = parseChallenge(challengeText);
  if (!challenge) throw new Error('unreadable challenge');
  return answerChallenge(hash, challenge, {
    username: user.username,
    ha1: ha1(hash, challenge.algorithm, { ...user, password: change.password ?? user.password }),
    method: 'REGISTER',
    uri: 'sip:pbx.test',
    cnonce: 'c0',
    count: change.count ?? 1,
  });
}

const optionsFor = (nonces: Nonces, algorithm: DigestAlgorithm = 'MD5') => ({
  hash,
  nonces,
  realm: REALM,
  method: 'REGISTER',
  algorithms: [algorithm],
  storedHa1: ha1(hash, algorithm, user),
});

describe('a challenge', () => {
  it('comes alone as MD5, or as SHA-256 first and MD5 last', () => {
    const values = makeChallenges({ policy: 'both', realm: REALM, nonce: 'n1', stale: true });
    expect(values).toEqual([
      'Digest realm="pbx.test", nonce="n1", algorithm=SHA-256, qop="auth", stale=true',
      'Digest realm="pbx.test", nonce="n1", algorithm=MD5, qop="auth", stale=true',
    ]);
    expect(makeChallenges({ policy: 'md5', realm: REALM, nonce: 'n1' })).toEqual([
      'Digest realm="pbx.test", nonce="n1", algorithm=MD5, qop="auth"',
    ]);
    expect(algorithmsOf('sha256')).toEqual(['SHA-256']);
  });

  it('is read from others, MD5 when it names no algorithm', () => {
    expect(
      parseChallenge(
        'digest REALM="a\\"b", nonce="n", qop="auth,auth-int", opaque="o", domain="sip:x", stale=TRUE',
      ),
    ).toEqual({
      realm: 'a"b',
      nonce: 'n',
      algorithm: 'MD5',
      qop: ['auth', 'auth-int'],
      opaque: 'o',
      stale: true,
    });
    for (const text of [
      'Basic realm="x"',
      'Digest realm="x"',
      'Digest nonce="x"',
      'Digest realm="x", nonce="n", algorithm=SHA-512-256',
      'Digest realm="x',
    ]) {
      expect(parseChallenge(text), text).toBeUndefined();
    }
  });
});

describe('credentials', () => {
  for (const policy of ['md5', 'sha256'] as const) {
    it(`that answer a ${policy} challenge are accepted after their way over the wire`, () => {
      const { nonces } = setUp();
      const [challenge = ''] = makeChallenges({ policy, realm: REALM, nonce: nonces.make(REALM) });
      const reading = parseCredentials(formatCredentials(answer(challenge)));
      if (reading.kind !== 'digest') throw new Error(reading.kind);
      expect(
        verify(reading.credentials, optionsFor(nonces, policy === 'md5' ? 'MD5' : 'SHA-256')),
      ).toEqual({ kind: 'ok' });
    });
  }

  it('are refused for a wrong password, an unknown user, another realm, an algorithm not offered', () => {
    const { nonces } = setUp();
    const [challenge = ''] = makeChallenges({
      policy: 'md5',
      realm: REALM,
      nonce: nonces.make(REALM),
    });
    const options = optionsFor(nonces);
    const good = answer(challenge);
    const refused = (reason: string) => ({ kind: 'refused', reason });
    expect(verify(answer(challenge, { password: 'x' }), options)).toEqual(
      refused('wrong-password'),
    );
    expect(verify({ ...good, uri: 'sip:other' }, options)).toEqual(refused('wrong-password'));
    expect(verify(good, { ...options, method: 'INVITE' })).toEqual(refused('wrong-password'));
    expect(verify(good, { ...options, storedHa1: undefined })).toEqual(refused('unknown-user'));
    expect(verify(good, { ...options, realm: 'other' })).toEqual(refused('other-realm'));
    expect(verify(good, { ...options, algorithms: ['SHA-256'] })).toEqual(
      refused('algorithm-not-offered'),
    );
  });

  it('for a nonce that is too old or of an earlier secret are stale when the password is right, refused when not', () => {
    const { nonces, clock } = setUp();
    const [challenge = ''] = makeChallenges({
      policy: 'md5',
      realm: REALM,
      nonce: nonces.make(REALM),
    });
    const restarted = setUp('another secret');
    expect(verify(answer(challenge), optionsFor(restarted.nonces))).toEqual({
      kind: 'stale',
      reason: 'foreign-nonce',
    });
    clock.now += 60_001;
    expect(verify(answer(challenge), optionsFor(nonces))).toEqual({
      kind: 'stale',
      reason: 'old-nonce',
    });
    expect(verify(answer(challenge, { password: 'x' }), optionsFor(nonces)).kind).toBe('refused');
  });

  it('are good once per count', () => {
    const { nonces } = setUp();
    const [challenge = ''] = makeChallenges({
      policy: 'md5',
      realm: REALM,
      nonce: nonces.make(REALM),
    });
    const options = { ...optionsFor(nonces), counts: new NonceCounts() };
    expect(verify(answer(challenge, { password: 'x' }), options).kind).toBe('refused');
    expect(verify(answer(challenge), options)).toEqual({ kind: 'ok' });
    expect(verify(answer(challenge), options)).toEqual({ kind: 'stale', reason: 'replayed' });
    expect(verify(answer(challenge, { count: 2 }), options)).toEqual({ kind: 'ok' });
  });

  it('of hostile or foreign form are values, never errors', () => {
    const base = 'username="a", realm="r", nonce="n", uri="sip:x"';
    const ok = `response="${'0'.repeat(32)}"`;
    const cases: readonly (readonly [string, string])[] = [
      ['Basic YTpi', 'other-scheme'],
      ['', 'other-scheme'],
      ['NoOneKnowsThisScheme opaque-data=here', 'other-scheme'],
      ['Digest', 'malformed'],
      [`Digest ${base}`, 'malformed'],
      [`Digest ${base}, ${ok}`, 'digest'],
      [`Digest ${base}, ${ok}, ${ok}`, 'malformed'],
      [`Digest ${base}, ${ok}, username="b"`, 'malformed'],
      [`Digest ${base}, response="zz"`, 'malformed'],
      [`Digest ${base}, ${ok}, algorithm=SHA-256`, 'malformed'],
      [`Digest ${base}, ${ok}, algorithm=MD5-sess`, 'unsupported'],
      [`Digest ${base}, ${ok}, qop=auth-int`, 'unsupported'],
      [`Digest ${base}, ${ok}, qop=auth`, 'malformed'],
      [`Digest ${base}, ${ok}, qop=auth, nc=1, cnonce="c"`, 'malformed'],
      [`Digest ${base}, ${ok}, qop="auth", nc=00000001, cnonce="c"`, 'digest'],
      [`Digest ${base}, ${ok}, x="unclosed`, 'malformed'],
      [`Digest ${base}, ${ok}, __proto__="x", constructor="y"`, 'digest'],
      [`Digest ${base} ${ok}`, 'malformed'],
      [`Digest ${'a=b,'.repeat(5)}`, 'malformed'],
    ];
    for (const [text, kind] of cases) expect(parseCredentials(text).kind, text).toBe(kind);
  });
});

describe('nonces', () => {
  it('belong to a realm, and are not guessed, bent or read backwards', () => {
    const { nonces, clock } = setUp();
    const nonce = nonces.make(REALM);
    expect(nonces.check(nonce, REALM)).toBe('fresh');
    expect(nonces.check(nonce, 'other')).toBe('foreign');
    const [time = '', mac = '', rest = ''] = nonce.split('.');
    for (const bent of [
      '',
      '.',
      '..',
      nonce.slice(1),
      `${(clock.now + 1).toString(36)}.${mac}.${rest}`,
      `${time}.${mac.slice(1)}${mac.slice(0, 1)}.${rest}`,
      `${time}.${mac}`,
      `${time}.${mac}.`,
      `${nonce}.0`,
      'a'.repeat(1_000),
    ]) {
      expect(nonces.check(bent, REALM), bent).toBe('foreign');
    }
    clock.now -= 1;
    expect(nonces.check(nonce, REALM)).toBe('stale');
  });

  it('all differ; those of one second share what is signed, and none lives longer for it', () => {
    const { nonces, clock } = setUp();
    const first = nonces.make(REALM);
    clock.now += 999;
    const second = nonces.make(REALM);
    clock.now += 1;
    const third = nonces.make(REALM);
    const signed = [first, second, third].map((nonce) => nonce.slice(0, nonce.lastIndexOf('.')));
    expect(signed[1]).toBe(signed[0]);
    expect(signed[2]).not.toBe(signed[0]);
    expect(new Set([first, second, third]).size).toBe(3);
    clock.now += 59_000;
    expect([first, second, third].map((nonce) => nonces.check(nonce, REALM))).toEqual([
      'fresh',
      'fresh',
      'fresh',
    ]);
    clock.now += 1;
    expect(nonces.check(second, REALM)).toBe('stale');
    expect(nonces.check(third, REALM)).toBe('fresh');
  });

  it('are made anew when the clock was set back', () => {
    const { nonces, clock } = setUp();
    nonces.make(REALM);
    clock.now -= 10_000;
    expect(nonces.check(nonces.make(REALM), REALM)).toBe('fresh');
  });
});

describe('nonce counts', () => {
  it('may overtake each other, and are used once', () => {
    const counts = new NonceCounts();
    const use = (count: number) => counts.use('n', count.toString(16).padStart(8, '0'));
    expect([1, 3, 2, 2, 3, 40, 8, 9, 9, 4294967295].map(use)).toEqual([
      true,
      true,
      true,
      false,
      false,
      true,
      false,
      true,
      false,
      true,
    ]);
    expect(use(0)).toBe(false);
  });

  it('are forgotten for the nonces that were not used for longest', () => {
    const counts = new NonceCounts(2);
    for (const nonce of ['a', 'b', 'c']) counts.use(nonce, '00000001');
    expect(counts.use('b', '00000001')).toBe(false);
    expect(counts.use('b', '00000002')).toBe(true);
    for (const nonce of ['d', 'e']) counts.use(nonce, '00000001');
    const again = (nonce: string) => counts.use(nonce, '00000001');
    expect(['e', 'd', 'c', 'b', 'a'].map(again)).toEqual([false, false, false, false, true]);
  });
});

describe('the counts of very many nonces', () => {
  it('are kept apart', () => {
    const counts = new NonceCounts(5_000);
    const nonces = Array.from({ length: 5_000 }, (_, n) => `k${n}.0123456789abcdef.${n * 7_919}`);
    const useAll = (count: string) => nonces.filter((nonce) => counts.use(nonce, count)).length;
    expect(useAll('00000001')).toBe(5_000);
    expect(useAll('00000001')).toBe(0);
    expect(useAll('00000002')).toBe(5_000);
  });
});

describe('nonce counts that get old', () => {
  it('are forgotten when they were not used between two looks', () => {
    const counts = new NonceCounts();
    for (const nonce of ['a', 'b']) counts.use(nonce, '00000001');
    counts.age();
    expect(counts.use('b', '00000002')).toBe(true);
    counts.age();
    expect(counts.isEmpty).toBe(false);
    expect(['a', 'b'].map((nonce) => counts.use(nonce, '00000001'))).toEqual([true, false]);
    counts.age();
    counts.age();
    expect(counts.isEmpty).toBe(true);
  });

  it('are remembered to the end of their time where room was made for others in between', () => {
    const counts = new NonceCounts(2);
    for (const nonce of ['a', 'b', 'c']) expect(counts.use(nonce, '00000001')).toBe(true);
    // Those two have just been used; the look that follows by chance must not be their second.
    counts.age();
    expect(['a', 'b', 'c'].map((nonce) => counts.use(nonce, '00000001'))).toEqual([
      false,
      false,
      false,
    ]);
    for (let look = 0; look < 2; look += 1) counts.age();
    expect(counts.isEmpty).toBe(true);
  });
});

describe('the uri of credentials', () => {
  it('names the target of the request, port and parameters aside', () => {
    const target = makeUri({ user: '*68', host: 'pbx.test', port: 5060 });
    expect(isSameTarget('sip:%2A68@PBX.test;transport=ws', target)).toBe(true);
    expect(isSameTarget('sip:*88@pbx.test', target)).toBe(false);
    expect(isSameTarget('nonsense', target)).toBe(false);
  });
});
