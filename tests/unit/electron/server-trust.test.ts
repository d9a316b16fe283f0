import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { discoverServer } from '../../../electron/bridge/discovery.ts';
import { factsOf, flawsOf, mayBeTrusted } from '../../../electron/security/certificate-facts.ts';
import { ServerTrust } from '../../../electron/security/server-trust.ts';
import type { TrustList } from '../../../electron/security/server-trust.ts';
import {
  fingerprintText,
  trustedCertificateSchema,
} from '../../../shared/bridge/server-certificate.ts';
import {
  makeAuthority,
  signServerCertificate,
} from '../../../shared/server/certificates/private-ca.ts';

const NOW = Date.UTC(2026, 0, 10);
const URL_A = 'https://pbx.example:8443/.well-known/parkline';
const AUTHORITY = 'net::ERR_CERT_AUTHORITY_INVALID';
const DAY = 86_400_000;

async function certificateFor(...names: string[]): Promise<X509Certificate> {
  const authority = await makeAuthority('Example CA', NOW);
  return new X509Certificate(
    (await signServerCertificate({ authority, names, now: NOW })).certificate,
  );
}

const first = await certificateFor('pbx.example');
const second = await certificateFor('pbx.example');
const selfSigned = new X509Certificate((await makeAuthority('pbx.example', NOW)).certificate);

function open(stored: TrustList = {}) {
  const seen = { list: stored, distrusted: [] as string[], diskFull: false };
  const trust = new ServerTrust({
    file: {
      read: () => seen.list,
      write: (list) => {
        if (seen.diskFull) throw new Error('ENOSPC');
        seen.list = list;
      },
    },
    now: () => NOW,
    onDistrusted: (server) => seen.distrusted.push(server),
  });
  return { trust, seen };
}

const show = (certificate: X509Certificate, url = URL_A, error = AUTHORITY) => ({
  url,
  error,
  certificate,
});
const sha256 = (certificate: X509Certificate): string => factsOf(certificate).sha256;
const pin = (trust: ServerTrust, certificate: X509Certificate, url = URL_A) => {
  trust.accepts(show(certificate, url));
  const server = trust.refusedAt(url)?.server ?? '';
  return trust.trust({ server, sha256: sha256(certificate) });
};

describe('a certificate that the system refuses', () => {
  test('is refused, and told with everything that a person needs to judge it', () => {
    const { trust } = open();
    expect(trust.accepts(show(first))).toBe(false);
    expect(trust.refusedAt('wss://PBX.example:8443/sip')).toMatchObject({
      server: 'pbx.example:8443',
      certificate: { subject: 'pbx.example', issuer: 'Example CA', names: ['pbx.example'] },
      flaws: ['unknown-authority'],
      verdict: { kind: 'unknown' },
      seenAt: NOW,
    });
  });

  test('is accepted once it was trusted, over HTTPS and WSS alike, also after a restart', () => {
    const { trust, seen } = open();
    expect(pin(trust, first)).toEqual({ kind: 'trusted' });
    for (const each of [trust, open(seen.list).trust]) {
      expect(each.accepts(show(first))).toBe(true);
      expect(each.accepts(show(first, 'wss://pbx.example:8443/sip'))).toBe(true);
    }
    expect(trust.refusedAt(URL_A)).toBeNull();
  });

  test('is trusted at one server only: another port, another name ask anew', () => {
    const { trust } = open();
    pin(trust, first);
    for (const url of ['https://pbx.example/', 'https://other.example:8443/']) {
      expect(trust.accepts(show(first, url)), url).toBe(false);
      expect(trust.refusedAt(url)?.verdict).toEqual({ kind: 'unknown' });
    }
  });

  test('when another one comes in its place, that is a change, and the old one is named', () => {
    const { trust } = open();
    pin(trust, first);
    expect(trust.accepts(show(second))).toBe(false);
    expect(trust.refusedAt(URL_A)?.verdict).toMatchObject({
      kind: 'changed',
      before: { sha256: sha256(first), trustedAt: NOW },
    });
    expect(pin(trust, second)).toEqual({ kind: 'trusted' });
    expect(trust.accepts(show(second))).toBe(true);
    expect(trust.accepts(show(first))).toBe(false);
    expect(trust.list).toHaveLength(1);
  });

  test('cannot be trusted when it was withdrawn or is too weak, not even one that was trusted before', () => {
    const { trust } = open();
    pin(trust, first);
    const error = 'net::ERR_CERT_REVOKED';
    expect(trust.accepts(show(first, URL_A, error))).toBe(false);
    expect(trust.refusedAt(URL_A)?.verdict).toEqual({ kind: 'hopeless' });
    expect(trust.trust({ server: 'pbx.example:8443', sha256: sha256(first) })).toEqual({
      kind: 'not-shown',
    });
  });

  test('is trusted only as it was shown: no other fingerprint, no server that showed none', () => {
    const { trust } = open();
    trust.accepts(show(first));
    const server = 'pbx.example:8443';
    expect(trust.trust({ server, sha256: sha256(second) })).toEqual({ kind: 'not-shown' });
    expect(trust.trust({ server: 'x:443', sha256: sha256(first) })).toEqual({ kind: 'not-shown' });
    expect(trust.list).toEqual([]);
  });

  test('is not trusted when that could not be written down', () => {
    const { trust, seen } = open();
    seen.diskFull = true;
    expect(pin(trust, first)).toEqual({ kind: 'failed' });
    expect(trust.accepts(show(first))).toBe(false);
  });

  test('taken back it is refused again, and whoever is connected is told', () => {
    const { trust, seen } = open();
    pin(trust, first);
    expect(trust.isPinned('http://pbx.example:8443')).toBe(true);
    trust.distrust('pbx.example:8443');
    expect(seen).toMatchObject({ list: {}, distrusted: ['pbx.example:8443'] });
    expect(trust.isPinned('http://pbx.example:8443')).toBe(false);
    expect(trust.accepts(show(first))).toBe(false);
    expect(trust.refusedAt(URL_A)?.verdict).toEqual({ kind: 'unknown' });
  });
});

describe('what a certificate says of itself', () => {
  const issuedTo = async (name: string) =>
    factsOf(new X509Certificate((await makeAuthority(name, NOW)).certificate));

  test('turns, hides and towers over nothing', async () => {
    const { subject, issuer } = await issuedTo('pbx\u202e.\u200bexample');
    expect([subject, issuer]).toEqual(['pbx.example', 'pbx.example']);
  });

  test('is kept however long it is, and whatever it is written in', async () => {
    const certificate = await issuedTo('😀'.repeat(400));
    expect([...certificate.subject]).toHaveLength(300);
    const pin = { ...certificate, server: 'pbx.example:443', trustedAt: NOW };
    expect(trustedCertificateSchema.safeParse(pin).success).toBe(true);
  });

  test('is the whole subject when its common name shows nothing', async () => {
    expect((await issuedTo('\u200b\u200b')).subject).not.toBe('');
  });
});

describe('what is wrong with a certificate', () => {
  const flaws = (certificate: X509Certificate, hostname: string, at = NOW, error = AUTHORITY) =>
    flawsOf({ certificate, hostname, error, now: at });

  test('is told whole, not only the worst of it', async () => {
    const byAddress = await certificateFor('192.0.2.7', '2001:db8::7');
    expect(flaws(first, 'pbx.example')).toEqual(['unknown-authority']);
    expect(flaws(selfSigned, 'pbx.example')).toContain('self-signed');
    expect(flaws(first, 'pbx.example', NOW + 400 * DAY)).toContain('expired');
    expect(flaws(first, 'pbx.example', NOW - DAY)).toContain('not-yet-valid');
    expect(flaws(first, 'other.example')).toContain('wrong-name');
    expect(flaws(byAddress, '192.0.2.7')).not.toContain('wrong-name');
    expect(flaws(byAddress, '[2001:db8::7]')).not.toContain('wrong-name');
    expect(flaws(byAddress, '192.0.2.8')).toContain('wrong-name');
    const late = flaws(first, 'pbx.example', NOW + 400 * DAY, 'net::ERR_CERT_DATE_INVALID');
    expect(late).toEqual(['expired']);
  });

  test.each([
    ['AUTHORITY_INVALID', true],
    ['COMMON_NAME_INVALID', true],
    ['DATE_INVALID', true],
    ['SELF_SIGNED_LOCAL_NETWORK', true],
    ['REVOKED', false],
    ['WEAK_KEY', false],
    ['WEAK_SIGNATURE_ALGORITHM', false],
    ['KNOWN_INTERCEPTION_BLOCKED', false],
    ['INVALID', false],
  ])('ERR_CERT_%s may be overruled: %s', (name, may) => {
    expect(mayBeTrusted(`net::ERR_CERT_${name}`)).toBe(may);
  });

  test('its fingerprint is written as other tools write it', () => {
    expect(fingerprintText(sha256(first))).toBe(first.fingerprint256);
  });
});

describe('looking for a server', () => {
  const refusing = (asked: string[]) => ({
    fetchText: (url: string) => {
      asked.push(url);
      return Promise.reject(
        new Error(url.startsWith('https:') ? AUTHORITY : 'net::ERR_CONNECTION_REFUSED'),
      );
    },
  });

  test('ends at a bad certificate: nobody is asked again without any', async () => {
    const { trust } = open();
    trust.accepts(show(first, 'https://192.168.1.4:8443'));
    const asked: string[] = [];
    const answer = await discoverServer('192.168.1.4:8443', { ...refusing(asked), trust });
    expect(asked).toEqual(['https://192.168.1.4:8443/.well-known/parkline']);
    expect(answer).toMatchObject({
      reason: 'certificate',
      certificate: { server: '192.168.1.4:8443', flaws: expect.arrayContaining(['wrong-name']) },
    });
  });

  test('never goes without TLS where a certificate was trusted', async () => {
    const { trust } = open();
    pin(trust, first, 'https://192.168.1.4:8443');
    const asked: string[] = [];
    const fetchText = (url: string) => {
      asked.push(url);
      return Promise.reject(new Error('net::ERR_SSL_PROTOCOL_ERROR'));
    };
    await discoverServer('192.168.1.4:8443', { fetchText, trust });
    expect(asked).toEqual(['https://192.168.1.4:8443/.well-known/parkline']);
  });
});
