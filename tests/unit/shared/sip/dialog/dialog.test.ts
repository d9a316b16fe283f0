import { describe, expect, it } from 'vitest';
import { Dialog } from '../../../../../shared/sip/dialog/dialog.ts';
import { makeResponse } from '../../../../../shared/sip/message/builders.ts';
import { formatUri } from '../../../../../shared/sip/message/uri.ts';
import { address, sampleRequest } from '../../../../fakes/sip-pair.ts';

const US = '<sip:b2b@198.51.100.1:5060>';

const invite = () =>
  sampleRequest({
    headers: [
      ['Record-Route', '<sip:p1.test;lr>, <sip:p2.test;lr>'],
      ['Record-Route', '<sip:p3.test;lr>'],
    ],
  });

const answer = (status: number, toTag: string, contact = '<sip:bob@203.0.113.5>') =>
  makeResponse(invite(), status, { toTag, contact: address(contact) });

const asUas = (state: 'early' | 'confirmed' = 'early') =>
  Dialog.fromRequest(invite(), { localTag: 'b', localContact: US, state });
const asUac = (status = 200) =>
  Dialog.fromResponse(invite(), answer(status, 'b'), { localContact: US });

describe('a dialog made by a request to us (RFC 3261 §12.1.1)', () => {
  it('takes ids, target, route set and CSeq from it', () => {
    const dialog = asUas();
    expect(dialog.id).toEqual({ callId: 'call-1', localTag: 'b', remoteTag: 'alice' });
    expect(dialog.role).toBe('uas');
    expect(dialog.state.kind).toBe('early');
    expect(formatUri(dialog.remoteTarget)).toBe('sip:alice@192.0.2.1:5060');
    expect(dialog.routeSet.map(({ uri }) => uri.host)).toEqual(['p1.test', 'p2.test', 'p3.test']);
    expect(dialog.remoteSequence).toBe(1);
  });

  it('our requests in it turn From and To round, follow the route set, and count from 1', () => {
    const dialog = asUas('confirmed');
    const bye = dialog.createRequest('BYE', { headers: [['Reason', 'SIP;cause=200']] });
    expect(formatUri(bye.uri)).toBe('sip:alice@192.0.2.1:5060');
    expect(bye.headers.all('Route')).toEqual([
      '<sip:p1.test;lr>',
      '<sip:p2.test;lr>',
      '<sip:p3.test;lr>',
    ]);
    expect(bye.fromTag).toBe('b');
    expect(bye.toTag).toBe('alice');
    expect(bye.cseq).toEqual({ sequence: 1, method: 'BYE' });
    expect(bye.headers.get('Reason')).toBe('SIP;cause=200');
    expect(bye.contact).toBeUndefined();
    const again = dialog.createRequest('INVITE', { body: 'v=0', contentType: 'application/sdp' });
    expect(again.cseq.sequence).toBe(2);
    expect(again.headers.get('Contact')).toBe(US);
    expect(again.text).toBe('v=0');
  });

  it('is confirmed by our 2xx, and ended for good', () => {
    const dialog = asUas();
    dialog.confirm();
    expect(dialog.state.kind).toBe('confirmed');
    dialog.terminate();
    dialog.confirm();
    expect(dialog.state.kind).toBe('terminated');
  });

  it('a peer without tags and Contact is served all the same (RFC 2543)', () => {
    const request = sampleRequest();
    request.headers.set('From', '<sip:old@192.0.2.9>').delete('Contact');
    const dialog = Dialog.fromRequest(request, { localTag: 'b', localContact: US, state: 'early' });
    expect(dialog.id.remoteTag).toBe('');
    expect(dialog.createRequest('BYE').headers.get('To')).toBe('<sip:old@192.0.2.9>');
    expect(formatUri(dialog.remoteTarget)).toBe('sip:old@192.0.2.9');
  });

  it('our own Contact must be one', () => {
    const local = { localTag: 'b', localContact: '<nonsense', state: 'early' } as const;
    expect(() => Dialog.fromRequest(invite(), local)).toThrow('Contact');
  });
});

describe('a dialog made by an answer to us (RFC 3261 §12.1.2)', () => {
  it('takes its route set in reverse, and goes on from the INVITE’s CSeq', () => {
    const dialog = asUac();
    expect(dialog.id).toEqual({ callId: 'call-1', localTag: 'alice', remoteTag: 'b' });
    expect(dialog.routeSet.map(({ uri }) => uri.host)).toEqual(['p3.test', 'p2.test', 'p1.test']);
    expect(formatUri(dialog.remoteTarget)).toBe('sip:bob@203.0.113.5');
    expect(dialog.remoteSequence).toBeUndefined();
    expect(dialog.createRequest('BYE').cseq.sequence).toBe(2);
  });

  it('its ACK has the INVITE’s CSeq number and uses up none', () => {
    const dialog = asUac();
    const ack = dialog.createAck(1, { body: 'sdp', contentType: 'application/sdp' });
    expect(ack.cseq).toEqual({ sequence: 1, method: 'ACK' });
    expect(ack.text).toBe('sdp');
    expect(dialog.localSequence).toBe(1);
  });

  it('forks make one early dialog each; a 2xx confirms its own and sets its route set anew', () => {
    const [bob, carol] = ['b', 'c'].map((tag) =>
      Dialog.fromResponse(invite(), answer(180, tag), { localContact: US }),
    );
    expect([bob?.state.kind, carol?.state.kind]).toEqual(['early', 'early']);
    const ok = answer(200, 'c', '<sip:carol@203.0.113.6>');
    ok.headers.set('Record-Route', '<sip:p9.test;lr>');
    carol?.acceptResponse(ok);
    expect(carol?.state.kind).toBe('confirmed');
    expect(carol?.routeSet.map(({ uri }) => uri.host)).toEqual(['p9.test']);
    expect(carol && formatUri(carol.remoteTarget)).toBe('sip:carol@203.0.113.6');
    expect(bob?.state.kind).toBe('early');
  });

  it('answers other than 2xx, and those to BYE or INFO, change nothing', () => {
    const dialog = asUac(183);
    dialog.acceptResponse(answer(183, 'b', '<sip:elsewhere@203.0.113.9>'));
    dialog.acceptResponse(answer(486, 'b', '<sip:elsewhere@203.0.113.9>'));
    const info = sampleRequest({ method: 'INFO' });
    dialog.acceptResponse(makeResponse(info, 200, { contact: address('<sip:x@203.0.113.9>') }));
    expect(dialog.state.kind).toBe('early');
    expect(formatUri(dialog.remoteTarget)).toBe('sip:bob@203.0.113.5');
  });

  it('a 2xx to a re-INVITE moves the target but not the route set', () => {
    const dialog = asUac();
    const ok = answer(200, 'b', '<sip:moved@203.0.113.8>');
    ok.headers.delete('Record-Route');
    dialog.acceptResponse(ok);
    expect(formatUri(dialog.remoteTarget)).toBe('sip:moved@203.0.113.8');
    expect(dialog.routeSet).toHaveLength(3);
  });
});

describe('requests inside a dialog (RFC 3261 §12.2.2)', () => {
  const inside = (method: string, cseq: number, contact?: string) => {
    const request = sampleRequest({ method, cseq, toTag: 'b' });
    if (contact) request.headers.set('Contact', contact);
    return request;
  };

  it('are refused when their CSeq number is lower than the last; gaps are fine', () => {
    const dialog = asUas('confirmed');
    expect(dialog.acceptRequest(inside('INFO', 5))).toBe('ok');
    expect(dialog.acceptRequest(inside('INFO', 4))).toBe('out-of-order');
    expect(dialog.acceptRequest(inside('INFO', 9))).toBe('ok');
    expect(dialog.remoteSequence).toBe(9);
  });

  it.each([
    ['INVITE', true],
    ['UPDATE', true],
    ['NOTIFY', true],
    ['SUBSCRIBE', true],
    ['REFER', true],
    ['INFO', false],
    ['BYE', false],
  ])('%s moves the target: %s', (method, moves) => {
    const dialog = asUas('confirmed');
    dialog.acceptRequest(inside(method, 2, '<sip:alice@192.0.2.99>'));
    expect(dialog.remoteTarget.host).toBe(moves ? '192.0.2.99' : '192.0.2.1');
  });

  it('are refused after its end', () => {
    const dialog = asUas('confirmed');
    dialog.terminate();
    expect(dialog.acceptRequest(inside('INFO', 2))).toBe('terminated');
  });

  it('the first one of the called side sets its CSeq number', () => {
    const dialog = asUac();
    expect(dialog.acceptRequest(inside('BYE', 777))).toBe('ok');
    expect(dialog.remoteSequence).toBe(777);
  });
});

describe('a strict router of RFC 2543 (RFC 3261 §12.2.1.1)', () => {
  it('gets itself as Request-URI, and the target last in Route', () => {
    const request = sampleRequest({
      headers: [['Record-Route', '<sip:strict.test;method=INVITE>, <sip:p2.test;lr>']],
    });
    const dialog = Dialog.fromRequest(request, { localTag: 'b', localContact: US, state: 'early' });
    const bye = dialog.createRequest('BYE');
    expect(formatUri(bye.uri)).toBe('sip:strict.test');
    expect(bye.headers.all('Route')).toEqual(['<sip:p2.test;lr>', '<sip:alice@192.0.2.1:5060>']);
  });
});
