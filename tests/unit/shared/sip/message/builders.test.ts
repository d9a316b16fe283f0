import { describe, expect, it } from 'vitest';
import { makeRequest, makeResponse } from '../../../../../shared/sip/message/builders.ts';
import { SipRequest } from '../../../../../shared/sip/message/message.ts';
import { makeNameAddr, withTag } from '../../../../../shared/sip/message/name-addr.ts';
import { parseMessage } from '../../../../../shared/sip/message/parse-message.ts';
import { serializeMessage } from '../../../../../shared/sip/message/serialize.ts';
import { makeUri } from '../../../../../shared/sip/message/uri.ts';
import { encodeUtf8 } from '../../../../../shared/sip/message/utf8.ts';

const bob = makeNameAddr(makeUri({ user: '101', host: 'pbx.test' }), 'Bob');
const alice = makeNameAddr(makeUri({ user: '102', host: 'pbx.test' }));

function invite(): SipRequest {
  const request = makeRequest({
    method: 'INVITE',
    uri: alice.uri,
    from: withTag(bob, 'a'),
    to: alice,
    callId: 'c1',
    cseq: 7,
    contact: bob,
    routes: [makeNameAddr(makeUri({ host: 'edge.test', params: [['lr', null]] }))],
    headers: [
      ['Record-Route', '<sip:edge.test;lr>'],
      ['Timestamp', '54'],
    ],
    body: 'v=0 é',
    contentType: 'application/sdp',
  });
  request.headers.prepend('Via', 'SIP/2.0/UDP a;branch=z9hG4bK1').append('Via', 'SIP/2.0/UDP b');
  return request;
}

describe('a request that is made', () => {
  it('is on the wire as it should be', () => {
    const request = invite();
    request.headers.delete('Via');
    expect(Buffer.from(serializeMessage(request)).toString()).toBe(
      'INVITE sip:102@pbx.test SIP/2.0\r\nMax-Forwards: 70\r\nFrom: "Bob" <sip:101@pbx.test>;tag=a\r\n' +
        'To: <sip:102@pbx.test>\r\nCall-ID: c1\r\nCSeq: 7 INVITE\r\nRoute: <sip:edge.test;lr>\r\n' +
        'Contact: "Bob" <sip:101@pbx.test>\r\nRecord-Route: <sip:edge.test;lr>\r\nTimestamp: 54\r\n' +
        'Content-Type: application/sdp\r\nContent-Length: 6\r\n\r\nv=0 é',
    );
  });

  it('is on the wire whole however long it is, and after one that could not be written', () => {
    const long = 'ü𝄞'.repeat(900);
    const request = makeRequest({
      method: 'MESSAGE',
      uri: alice.uri,
      from: bob,
      to: alice,
      callId: 'c1',
      cseq: 1,
      headers: [['Subject', long]],
      body: `${long}\ud800`,
      contentType: 'text/plain',
    });
    expect(() => serializeMessage(new SipRequest({ ...request, method: 'NO GOOD' }))).toThrow();
    const text = Buffer.from(serializeMessage(request)).toString();
    expect(text.startsWith('MESSAGE sip:102@pbx.test SIP/2.0\r\n')).toBe(true);
    expect(text.includes(`\r\nSubject: ${long}\r\n`)).toBe(true);
    expect(text.endsWith(`\r\nContent-Length: 5403\r\n\r\n${long}\ufffd`)).toBe(true);
  });

  it('has typed readings that follow its header fields', () => {
    const request = invite();
    expect(request.to.params.size).toBe(0);
    request.headers.set('To', '<sip:102@pbx.test>;tag=b');
    expect(request.toTag).toBe('b');
    expect([request.contentType, request.text, request.routes.length]).toEqual([
      'application/sdp',
      'v=0 é',
      1,
    ]);
    expect(
      () => new SipRequest({ ...request, headers: request.headers.clone().set('To', '<') }).to,
    ).toThrow('To');
  });
});

describe('a response that is made', () => {
  it('copies what RFC 3261 §8.2.6 says, Record-Route, and tags To', () => {
    const response = makeResponse(invite(), 200, {
      toTag: 't',
      contact: alice,
      body: 'x',
      contentType: 'text/plain',
    });
    expect([...response.headers].map(({ name, value }) => `${name}: ${value}`)).toEqual([
      'Via: SIP/2.0/UDP a;branch=z9hG4bK1',
      'Via: SIP/2.0/UDP b',
      'From: "Bob" <sip:101@pbx.test>;tag=a',
      'To: <sip:102@pbx.test>;tag=t',
      'Call-ID: c1',
      'CSeq: 7 INVITE',
      'Record-Route: <sip:edge.test;lr>',
      'Contact: <sip:102@pbx.test>',
      'Content-Type: text/plain',
    ]);
    expect([response.status, response.reason]).toEqual([200, 'OK']);
  });

  it('has Timestamp and no tag in a 100, and leaves a tag that is there', () => {
    const trying = makeResponse(invite(), 100, { toTag: 't' });
    expect([trying.headers.get('Timestamp'), trying.toTag]).toEqual(['54', undefined]);
    const request = invite();
    request.headers.set('To', '<sip:102@pbx.test>;tag=mine');
    expect(makeResponse(request, 404, { toTag: 't' }).toTag).toBe('mine');
    expect(makeResponse(request, 404).headers.has('Record-Route')).toBe(false);
  });

  it('answers a request that could not be read, also one whose To is broken', () => {
    const bytes = Buffer.from(
      'INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <\r\n' +
        'Call-ID: c\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n',
    );
    const outcome = parseMessage(bytes, { framing: 'datagram' });
    if (outcome.kind !== 'rejected') throw new Error(outcome.kind);
    const response = makeResponse(outcome.replyTo, outcome.status, {
      reason: outcome.reason,
      toTag: 'x',
    });
    expect(Buffer.from(serializeMessage(response)).toString()).toBe(
      'SIP/2.0 400 Missing or malformed To\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <\r\n' +
        'Call-ID: c\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n',
    );
  });

  it('keeps a reason phrase on its line', () => {
    const response = makeResponse(invite(), 486, { reason: 'Busy\r\nX: y' });
    expect(Buffer.from(serializeMessage(response)).toString()).toMatch(
      /^SIP\/2\.0 486 Busy {2}X: y\r\n/,
    );
    expect(makeResponse(invite(), 499).reason).toBe('Bad Request');
    expect(makeResponse(invite(), 200, { body: encodeUtf8('é') }).body).toHaveLength(2);
  });
});
