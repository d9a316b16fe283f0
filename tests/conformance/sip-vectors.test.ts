import { describe, expect, it } from 'vitest';
import { parseMessage } from '../../shared/sip/message/parse-message.ts';
import type { ParseOutcome } from '../../shared/sip/message/parse-outcome.ts';

/** Vectors of the project's own making: one change each to a message that is fine. */
const FINE: Readonly<Record<string, string>> = {
  start: 'INVITE sip:*68102@pbx.test SIP/2.0',
  via: 'Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport',
  max: 'Max-Forwards: 70',
  from: 'From: "Bob" <sip:101@pbx.test>;tag=a1',
  to: 'To: <sip:102@pbx.test>',
  callId: 'Call-ID: c1@192.0.2.1',
  cseq: 'CSeq: 1 INVITE',
  contact: 'Contact: <sip:101@192.0.2.1>',
  length: 'Content-Length: 0',
};

const build = (changes: Readonly<Record<string, string | undefined>>, body = ''): Buffer => {
  const lines = Object.values({ ...FINE, ...changes }).filter((line) => line !== undefined);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
};

const read = (bytes: Uint8Array, framing: 'datagram' | 'stream' = 'datagram'): ParseOutcome =>
  parseMessage(bytes, { framing });

describe('accepted', () => {
  const accepted: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
    'the plain message': {},
    'an escaped feature code': { start: 'INVITE sip:%2A68102@pbx.test SIP/2.0' },
    'a hash in the user, escaped': { start: 'INVITE sip:*68%23@pbx.test SIP/2.0' },
    'a tel URI': { start: 'INVITE tel:+3386002678;phone-context=pbx.test SIP/2.0' },
    'a password': { from: 'From: <sip:101:secret@pbx.test>;tag=a1' },
    'compact forms in capitals': { from: 'F: <sip:101@pbx.test>;tag=a1', length: 'L: 0' },
    'no branch (RFC 2543)': { via: 'Via: SIP/2.0/UDP 192.0.2.1' },
    'no Max-Forwards': { max: undefined },
    'a large Max-Forwards': { max: 'Max-Forwards: 300' },
    'no Content-Length in a datagram': { length: undefined },
    'IPv6 in Via': { via: 'Via: SIP/2.0/UDP [2001:db8::1]:5060;branch=z9hG4bK1' },
    'IPv6 with IPv4 at its end': { via: 'Via: SIP/2.0/UDP [::ffff:192.0.2.1];branch=z9hG4bK1' },
    'the JsSIP contact': {
      contact: 'Contact: <sip:u7@9bq1f3tv0m8e.invalid;transport=ws>;+sip.instance="<urn:uuid:1>"',
    },
    'a name in unquoted UTF-8': { from: 'From: Anna Kovács <sip:101@pbx.test>;tag=a1' },
    'an underscore in a host': { contact: 'Contact: <sip:101@my_phone.test>' },
    'a comma in a quoted name': { contact: 'Contact: "Bell, A" <sip:a@b.test>, <sip:c@d.test>' },
    'an angle bracket in a quoted name': {
      from: 'From: "a > b <sip:evil@x.test>" <sip:101@pbx.test>;tag=a1',
    },
    'an empty unknown header field': { extra: 'X-Empty:' },
  };
  for (const [title, changes] of Object.entries(accepted)) {
    it(title, () => expect(read(build(changes)).kind).toBe('message'));
  }
});

describe('answered with 400', () => {
  const refused: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
    'no From': { from: undefined },
    'no To': { to: undefined },
    'no Call-ID': { callId: undefined },
    'no CSeq': { cseq: undefined },
    'two From': { from2: 'f: <sip:103@pbx.test>;tag=b' },
    'two CSeq': { cseq2: 'CSeq: 2 INVITE' },
    'a CSeq of 2³¹': { cseq: 'CSeq: 2147483648 INVITE' },
    'a CSeq without method': { cseq: 'CSeq: 1' },
    'another CSeq method': { cseq: 'CSeq: 1 invite' },
    'a word for Max-Forwards': { max: 'Max-Forwards: many' },
    'an unclosed quote': { from: 'From: "Bob <sip:101@pbx.test>;tag=a1' },
    'an unclosed bracket': { from: 'From: <sip:101@pbx.test;tag=a1' },
    'no host': { start: 'INVITE sip:102@ SIP/2.0' },
    'an empty user': { start: 'INVITE sip:@pbx.test SIP/2.0' },
    'a broken escape': { start: 'INVITE sip:%2@pbx.test SIP/2.0' },
    'a port beyond 65535': { start: 'INVITE sip:102@pbx.test:65536 SIP/2.0' },
    'an empty port': { start: 'INVITE sip:102@pbx.test: SIP/2.0' },
    'IPv6 of nine groups': { start: 'INVITE sip:[1:2:3:4:5:6:7:8:9] SIP/2.0' },
    'IPv6 with two gaps': { start: 'INVITE sip:[1::2::3] SIP/2.0' },
    'a Via without transport': { via: 'Via: SIP/2.0 192.0.2.1' },
    'an empty Via parameter': { via: 'Via: SIP/2.0/UDP 192.0.2.1;;branch=z9hG4bK1' },
    'a header field without colon': { extra: 'X-Nothing' },
    'a header field without name': { extra: ': value' },
    'a space in a header name': { extra: 'X Y: z' },
    'a bare line feed in a value': { extra: 'X-A: b\nX-B: c' },
    'a bare carriage return in a value': { extra: 'X-A: b\rX-B: c' },
    'a trailing comma in Contact': { contact: 'Contact: <sip:101@192.0.2.1>,' },
    'a star among Contacts': { contact: 'Contact: *, <sip:101@192.0.2.1>' },
    'a malformed Route': { route: 'Route: <sip:>' },
    'a Content-Length with sign': { length: 'Content-Length: +0' },
    'a Content-Length in hex': { length: 'Content-Length: 0x0' },
    'equal Content-Lengths twice': { length2: 'l: 0' },
    'a body that is too short': { length: 'Content-Length: 1' },
  };
  for (const [title, changes] of Object.entries(refused)) {
    it(title, () => expect(read(build(changes))).toMatchObject({ kind: 'rejected', status: 400 }));
  }
});

describe('never answered', () => {
  const status = { start: 'SIP/2.0 200 OK' };
  it('a malformed response', () => {
    expect(read(build({ ...status, to: undefined }))).toMatchObject({
      kind: 'discard',
      reason: 'malformed',
    });
    expect(read(build({ start: 'SIP/2.0 99 No' })).kind).toBe('discard');
    expect(read(build({ start: 'SIP/2.0 700 No' })).kind).toBe('discard');
    expect(read(build({ start: 'SIP/3.0 200 OK' })).kind).toBe('discard');
  });
  it('a malformed ACK', () => {
    const ack = { start: 'ACK sip:102@pbx.test SIP/2.0', cseq: 'CSeq: 1 ACK', to: undefined };
    expect(read(build(ack))).toMatchObject({ kind: 'discard', reason: 'malformed' });
  });
  it('a request without Via', () => {
    expect(read(build({ via: undefined }))).toMatchObject({
      kind: 'discard',
      reason: 'unanswerable',
    });
  });
  it('what is not SIP', () => {
    for (const text of [
      'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
      'hello',
      '\x16\x03\x01\x02\x00',
      '<xml/>\r\n\r\n',
    ]) {
      expect(read(Buffer.from(text))).toMatchObject({ kind: 'discard', reason: 'not-sip' });
    }
  });
  it('a keep-alive', () => {
    expect(read(Buffer.from('\r\n\r\n'))).toMatchObject({ kind: 'discard', reason: 'keep-alive' });
    expect(read(new Uint8Array(0))).toMatchObject({ kind: 'discard', reason: 'keep-alive' });
  });
});

describe('limits', () => {
  const limits = { messageBytes: 2_000, headBytes: 1_000, fieldBytes: 400, fields: 12 };
  const limited = (bytes: Buffer, framing: 'datagram' | 'stream' = 'datagram') =>
    parseMessage(bytes, { framing, limits });

  it('a message within all of them is read', () => expect(limited(build({})).kind).toBe('message'));
  it('too many header fields are answered with 400', () => {
    const many = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`x${i}`, `X-${i}: 1`]));
    expect(limited(build(many))).toMatchObject({
      kind: 'rejected',
      status: 400,
      reason: 'Too many header fields',
    });
  });
  it('a header field that is too long is answered with 400', () => {
    expect(limited(build({ x: `X-Long: ${'a'.repeat(400)}` }))).toMatchObject({
      kind: 'rejected',
      reason: 'Header field too long',
    });
  });
  it('a header without end is dropped, and ends a stream', () => {
    const endless = Buffer.from(`INVITE sip:a@b SIP/2.0\r\n${'X: y\r\n'.repeat(300)}`);
    expect(limited(endless, 'stream')).toMatchObject({
      kind: 'discard',
      reason: 'too-large',
      close: true,
    });
    expect(limited(endless)).toMatchObject({ kind: 'discard', reason: 'too-large' });
  });
  it('a body announced too large is answered with 513 and ends a stream', () => {
    const outcome = limited(build({ length: 'Content-Length: 5000' }), 'stream');
    expect(outcome).toMatchObject({ kind: 'rejected', status: 513, close: true });
  });
  it('more than 128 Vias are refused', () => {
    const via = `Via: ${Array.from({ length: 129 }, () => 'SIP/2.0/UDP a').join(',')}`;
    expect(read(build({ via }))).toMatchObject({ kind: 'rejected', status: 400 });
  });
});
