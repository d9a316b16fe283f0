import { describe, expect, it } from 'vitest';
import { withoutNumbers, withoutSecrets } from '../../../../shared/phone/redaction.ts';

const REGISTER = [
  'REGISTER sip:pbx.test SIP/2.0',
  'Via: SIP/2.0/WSS abc.invalid;branch=z9hG4bK1',
  'From: "Bob Baker" <sip:101@pbx.test>;tag=a1',
  'To: <sip:101@pbx.test>',
  'CSeq: 2 REGISTER',
  'Authorization: Digest algorithm=MD5, username="101", realm="pbx.test",',
  '  nonce="NONCE-1", uri="sip:pbx.test", response="RESPONSE-1",',
  '\tcnonce="CNONCE-1", qop=auth, nc=00000001',
  'Content-Length: 0',
  '',
  '',
].join('\r\n');

describe('a trace without secrets', () => {
  it('has no credentials left, not even those on a folded line', () => {
    const text = withoutSecrets(REGISTER);
    expect(text).not.toMatch(/NONCE-1|RESPONSE-1|CNONCE-1/);
    expect(text).toContain('Authorization: (removed)\r\nContent-Length: 0');
  });

  it.each([
    ['a challenge', 'WWW-Authenticate: Digest realm="x", nonce="SECRET"'],
    ['a challenge of a proxy', 'proxy-authenticate : Digest nonce="SECRET"'],
    ['the answer to it', 'Proxy-Authorization: Digest response="SECRET"'],
    ['what proves the server', 'Authentication-Info: nextnonce="SECRET", rspauth="SECRET"'],
    ['a cookie', 'Set-Cookie: parkline_admin=SECRET; HttpOnly'],
    ['a response outside its header', 'sent response="SECRET" again'],
    ['a bare response', 'response=SECRET,nc=1'],
    ['a password in an address', 'Contact: <sip:101:SECRET@pbx.test>'],
    ['a password of a TURN server', 'turn:name:SECRET@turn.test'],
    ['a password in a web address', 'GET https://bob:SECRET@pbx.test/x'],
    ['a link that signs in', 'opened https://pbx.test/#sign-in=101:SECRET'],
    ['a bearer token', 'Bearer SECRET'],
    ['a password in JSON', '{"password": "SECRET", "user": "101"}'],
    ['a password with a quote in it', '{"password":"SE\\"CRET SECRET"}'],
    ['a token in a query', '/api?token=SECRET&x=1'],
    ['a TURN credential', '{"credential":"SECRET"}'],
    ['the ICE password', 'a=ice-pwd:SECRET'],
    ['an SDES key', 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:SECRET|2^20|1:32'],
    ['an SDES key in a sentence', 'offered inline:SECRET|2^20'],
    ['an old SDP key', 'k=base64:SECRET'],
    ['a fingerprint', 'a=fingerprint:sha-256 SECRET'],
    ['a MIKEY message', 'a=key-mgmt:mikey SECRET'],
  ])('has not %s', (_what, line) => {
    const text = withoutSecrets(`INVITE sip:x SIP/2.0\r\n${line}\r\nCSeq: 1 INVITE`);
    expect(text).not.toContain('SECRET');
    expect(text).not.toContain('CRET');
    expect(text).toContain('(removed)');
    expect(text).toMatch(/\r\nCSeq: 1 INVITE$/);
  });

  it('is the same when it is cleaned twice, and keeps everything else', () => {
    const once = withoutSecrets(REGISTER);
    expect(withoutSecrets(once)).toBe(once);
    const plain =
      'INVITE sip:*68102@pbx.test SIP/2.0\r\nFrom: <sip:101@pbx.test>;tag=1\r\na=ice-ufrag:abc';
    expect(withoutSecrets(plain)).toBe(plain);
  });
});

describe('a trace without names and numbers', () => {
  const NOTIFY = [
    'NOTIFY sip:kx7@abc.invalid SIP/2.0',
    'From: <sip:*88@pbx.test>;tag=x',
    'To: Bob Baker <sip:101@pbx.test>',
    'P-Asserted-Identity: "Client, Ltd" <sip:003386002678@pbx.test>',
    'X-Park-Note: wants invoice 4711',
    '',
    '<identity display="Client, Ltd">sip:003386002678@pbx.test</identity>',
    '<p:parked-call slot="102" parker="101" parker-name="Bob Baker" note="call Ann back"/>',
    'Announcement for Bob Baker, 003386002678, at 12:30:45, port 50600',
  ].join('\r\n');

  it('names nobody, wherever they stood', () => {
    const text = withoutNumbers(NOTIFY);
    expect(text).not.toMatch(/Bob|Baker|Client|Ltd|3386002678|4711|Ann back|"102"|:101@/);
  });

  it('still tells who is who, and what is nobody', () => {
    const text = withoutNumbers(NOTIFY);
    const asserted = /P-Asserted-Identity: "(‹\d+›)" <sip:(‹\d+›)@/.exec(text);
    expect(text).toContain(`display="${asserted?.[1]}">sip:${asserted?.[2]}@`);
    expect(text).toContain('Announcement for');
    expect(text).toContain('at 12:30:45, port 50600');
    expect(text).toContain('SIP/2.0');
  });

  it('hides a number in a sentence, and leaves ids whole', () => {
    const text = withoutNumbers('dialled +4930901820, id 4f6ed5b0-7f0d-4f7e-8d3f-123456789012');
    expect(text).toBe('dialled ‹1›, id 4f6ed5b0-7f0d-4f7e-8d3f-123456789012');
  });
});
