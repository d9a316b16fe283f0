import { describe, expect, it } from 'vitest';
import { digestAuthorization, readChallenge } from '../../../../renderer/sip/http-digest.ts';

describe('the digest for the user’s own HTTP', () => {
  it('reads a challenge with quoted and bare values', () => {
    const header =
      'Digest realm="a, b", nonce="n1", qop="auth,auth-int", algorithm=MD5, opaque="o"';
    expect(readChallenge(header)).toEqual({ realm: 'a, b', nonce: 'n1', opaque: 'o', qop: 'auth' });
  });

  it('takes nothing but Digest with MD5', () => {
    expect(readChallenge(null)).toBeNull();
    expect(readChallenge('Basic realm="x"')).toBeNull();
    expect(readChallenge('Digest realm="x", nonce="y", algorithm=SHA-256')).toBeNull();
    expect(readChallenge('Digest realm="x"')).toBeNull();
  });

  it('answers the example of RFC 2617 §3.5', () => {
    const answer = digestAuthorization({
      challenge: {
        realm: 'testrealm@host.com',
        nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
        opaque: '5ccc069c403ebaf9f0171e9517f40e41',
        qop: 'auth',
      },
      username: 'Mufasa',
      password: 'Circle Of Life',
      method: 'GET',
      uri: '/dir/index.html',
      clientNonce: '0a4f113b',
    });
    expect(answer).toContain('response="6629fae49393a05397450978507c4ef1"');
    expect(answer).toContain('nc=00000001');
    expect(answer).not.toContain('Circle');
  });
});
