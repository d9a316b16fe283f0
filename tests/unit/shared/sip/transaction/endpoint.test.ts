import { describe, expect, it } from 'vitest';
import { SipRequest, type SipResponse } from '../../../../../shared/sip/message/message.ts';
import { parseMessage } from '../../../../../shared/sip/message/parse-message.ts';
import { serializeMessage } from '../../../../../shared/sip/message/serialize.ts';
import { encodeUtf8 } from '../../../../../shared/sip/message/utf8.ts';
import { nextMaxForwards, refuseMethod } from '../../../../../shared/sip/transaction/admission.ts';
import { Endpoint } from '../../../../../shared/sip/transaction/endpoint.ts';
import type { DropReason } from '../../../../../shared/sip/transaction/ports.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { FakeNetwork } from '../../../../fakes/fake-network.ts';
import { FakeSipRandom, sipClockOf } from '../../../../fakes/fake-sip-ports.ts';
import { sampleRequest, SipPair } from '../../../../fakes/sip-pair.ts';

const ackTo = (response: SipResponse | undefined) =>
  sampleRequest({ method: 'ACK', toTag: response?.toTag ?? '' });

/** A copy with other headers or another method, as some other sender would make it. */
function variant(request: SipRequest, change: (request: SipRequest) => void, method?: string) {
  const copy = new SipRequest({
    method: method ?? request.method,
    uri: request.uri,
    headers: request.headers.clone(),
    body: request.body,
  });
  change(copy);
  return copy;
}

describe('requests that we send', () => {
  it('carry our address, an unguessable branch, Max-Forwards and User-Agent; the caller’s request is left alone', () => {
    const pair = new SipPair();
    const endpoint = new Endpoint({
      clock: sipClockOf(pair.clock),
      random: new FakeSipRandom(),
      product: 'Test/1',
    });
    const request = sampleRequest({ method: 'OPTIONS' });
    const before = serializeMessage(request).length;
    const { request: sent } = endpoint.request(request, pair.out, { onFinal: () => {} });
    expect(sent.headers.all('Via')).toEqual(['SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKr1;rport']);
    expect(sent.headers.get('User-Agent')).toBe('Test/1');
    expect(sent.maxForwards).toBe(70);
    expect(serializeMessage(request)).toHaveLength(before);
  });

  it('end with exactly one outcome, never inside the call that sends them', () => {
    const pair = new SipPair();
    pair.out.closed = true;
    const asked = pair.ask(sampleRequest({ method: 'OPTIONS' }));
    const invited = pair.ask(sampleRequest());
    expect(asked.outcomes).toEqual([]);
    pair.clock.advance(100_000);
    expect(asked.outcomes).toEqual([{ kind: 'transport-error', reason: 'closed' }]);
    expect(invited.outcomes).toEqual([{ kind: 'transport-error', reason: 'closed' }]);
    expect(pair.alice.liveTransactions).toBe(0);
    expect(pair.clock.pending).toBe(0);
  });

  it('ACK and CANCEL start no transaction', () => {
    const pair = new SipPair();
    for (const method of ['ACK', 'CANCEL']) {
      expect(() => pair.ask(sampleRequest({ method }))).toThrow(method);
    }
  });

  it('fail at once when their connection closes', () => {
    const pair = new SipPair('ws');
    const asked = pair.ask(sampleRequest({ method: 'BYE' }));
    const invited = pair.ask(sampleRequest());
    pair.out.close();
    expect([asked.result, invited.result]).toEqual(['transport-error', 'transport-error']);
  });

  it('an INVITE that rings outlives its connection: the answer may come by another', () => {
    const pair = new SipPair('ws');
    const asked = pair.ask(sampleRequest());
    pair.clock.advance(1);
    pair.last.reply(180);
    pair.clock.advance(1);
    pair.out.close();
    expect(asked.result).toBeUndefined();
    const again = pair.network.link(pair.alice, pair.bob, 'ws');
    const via = asked.transaction.request.headers.get('Via') ?? '';
    const answer = pair.last.request;
    const bytes = [
      'SIP/2.0 200 OK',
      `Via: ${via}`,
      `From: ${answer.headers.get('From')}`,
      `To: ${answer.headers.get('To')};tag=x`,
      `Call-ID: ${answer.callId}`,
      'CSeq: 1 INVITE',
      'Content-Length: 0\r\n\r\n',
    ].join('\r\n');
    again.there.send(encodeUtf8(bytes));
    pair.clock.advance(1);
    expect(asked.result).toBe('200');
  });

  it('are sent again by the flow that takes over from a closed one', () => {
    const clock = new FakeClock();
    const network = new FakeNetwork(clock);
    const random = new FakeSipRandom();
    const bob = new Endpoint({ clock: sipClockOf(clock), random: new FakeSipRandom('b') });
    bob.onRequest((transaction) => void transaction.reply(200));
    const alice = new Endpoint({
      clock: sipClockOf(clock),
      random,
      successorOf: (closed) => (closed === first.here ? second.here : undefined),
    });
    const first = network.link(alice, bob, 'ws');
    const second = network.link(alice, bob, 'ws');
    const outcomes: string[] = [];
    alice.request(sampleRequest({ method: 'BYE' }), first.here, {
      onFinal: ({ kind }) => outcomes.push(kind),
    });
    first.here.close();
    clock.advance(10);
    expect(outcomes).toEqual(['response']);
    expect(network.script(second.here)).toEqual(['BYE']);
    expect(second.here.watched).toBe(false);
  });
});

describe('answers to what we sent', () => {
  it('that fit no request are dropped', () => {
    const drops: DropReason[] = [];
    const pair = new SipPair('udp', {
      copies: ({ message }) => (message.kind === 'response' ? 2 : 1),
    });
    const alice = new Endpoint({
      clock: sipClockOf(pair.clock),
      random: new FakeSipRandom('c'),
      observer: { dropped: (why) => drops.push(why) },
    });
    const { here } = pair.network.link(alice, pair.bob, 'ws');
    const outcomes: string[] = [];
    alice.request(sampleRequest({ method: 'OPTIONS' }), here, {
      onFinal: ({ kind }) => outcomes.push(kind),
    });
    pair.clock.advance(1);
    const reply = pair.last.reply(200);
    pair.clock.advance(1);
    expect(outcomes).toEqual(['response']);
    if (reply) alice.receive(reply, here);
    expect(drops).toEqual(['stray-response']);
  });

  it('with somebody else’s Via, or with two, are dropped', () => {
    const pair = new SipPair();
    const asked = pair.ask(sampleRequest({ method: 'OPTIONS' }));
    pair.clock.advance(1);
    const spoil = (via: string) => {
      const response = pair.last.request;
      const lines = [
        'SIP/2.0 200 OK',
        `Via: ${via}`,
        ...['From', 'To', 'Call-ID', 'CSeq'].map(
          (name) => `${name}: ${response.headers.get(name)}`,
        ),
        'Content-Length: 0\r\n\r\n',
      ];
      const outcome = parseMessage(encodeUtf8(lines.join('\r\n')), { framing: 'datagram' });
      if (outcome.kind === 'message') pair.alice.receive(outcome.message, pair.out);
    };
    const via = asked.transaction.request.headers.get('Via') ?? '';
    spoil(via.replace('192.0.2.1', '203.0.113.9'));
    spoil(`${via}, SIP/2.0/UDP 203.0.113.9;branch=z9hG4bKx`);
    expect(asked.result).toBeUndefined();
    spoil(via);
    expect(asked.result).toBe('200');
  });

  it('a 2xx of each fork is handed over once; the second as an extra one', () => {
    const pair = new SipPair();
    const asked = pair.ask(sampleRequest());
    pair.clock.advance(1);
    const carol = pair.last.reply(200, { toTag: 'carol' });
    pair.clock.advance(1);
    const other = carol && serializeMessage(carol);
    const text = new TextDecoder().decode(other).replace('tag=carol', 'tag=dave');
    for (let n = 0; n < 3; n++) pair.back.send(encodeUtf8(text));
    pair.clock.advance(1);
    expect(asked.result).toBe('200');
    expect(asked.outcomes).toHaveLength(1);
    expect(asked.extra.map(({ toTag }) => toTag)).toEqual(['dave']);
  });

  it('a 2xx that comes again gets the same ACK again by itself', () => {
    const pair = new SipPair('udp', {
      copies: ({ message, atMs }) =>
        message.kind === 'request' && message.method === 'ACK' && atMs < 1_000 ? 0 : 1,
    });
    pair.ask(sampleRequest());
    pair.clock.advance(1);
    const acks: SipRequest[] = [];
    pair.last.onAck((ack) => acks.push(ack));
    const response = pair.last.reply(200);
    pair.clock.advance(1);
    pair.alice.sendAck(ackTo(response), pair.out);
    pair.clock.advance(40_000);
    expect(acks).toHaveLength(1);
    expect(pair.network.script(pair.out)).toEqual(['INVITE', 'ACK', 'ACK', 'ACK']);
    const branches = pair.network.sent
      .filter(({ message }) => message.kind === 'request' && message.method === 'ACK')
      .map(({ message }) => message.via.params.get('branch'));
    expect(new Set(branches).size).toBe(1);
    expect(pair.network.script(pair.back)).toEqual(['200 INVITE', '200 INVITE', '200 INVITE']);
  });

  it('a failure is acknowledged by the stack, in the INVITE’s own transaction', () => {
    const pair = new SipPair('ws');
    pair.ask(sampleRequest({ headers: [['Route', '<sip:proxy.test;lr>']] }));
    pair.clock.advance(1);
    pair.last.reply(404);
    pair.clock.advance(5);
    const ack = pair.network.sent.find(
      ({ message }) => message.kind === 'request' && message.method === 'ACK',
    )?.message;
    expect(ack?.via.params.get('branch')).toBe(pair.last.request.via.params.get('branch'));
    expect(ack?.toTag).toBe(pair.last.localTag);
    expect(ack?.headers.get('Route')).toBe('<sip:proxy.test;lr>');
    expect(pair.bob.liveTransactions).toBe(0);
    expect(pair.received).toHaveLength(1);
  });
});

describe('CANCEL of ours', () => {
  it('waits for a provisional answer, carries its Reason, and brings 487', () => {
    const pair = new SipPair('ws');
    const asked = pair.ask(sampleRequest());
    asked.transaction.cancel([['Reason', 'SIP;cause=200']]);
    pair.clock.advance(1);
    expect(pair.network.script(pair.out)).toEqual(['INVITE']);
    pair.last.reply(180);
    pair.clock.advance(10);
    expect(pair.network.script(pair.out)).toEqual(['INVITE', 'CANCEL', 'ACK']);
    expect(pair.network.script(pair.back)).toEqual(['180 INVITE', '200 CANCEL', '487 INVITE']);
    const cancel = pair.network.sent.find(
      ({ message }) => message.kind === 'request' && message.method === 'CANCEL',
    );
    expect(cancel?.message.headers.get('Reason')).toBe('SIP;cause=200');
    expect(asked.result).toBe('487');
    expect(pair.last.finalStatus).toBe(487);
  });

  it('a 2xx that crosses it arrives', () => {
    const pair = new SipPair('ws', { latencyMs: 50 });
    const asked = pair.ask(sampleRequest());
    pair.clock.advance(50);
    pair.last.reply(180);
    pair.clock.advance(50);
    asked.transaction.cancel();
    pair.last.reply(200);
    pair.clock.advance(200);
    expect(asked.result).toBe('200');
    expect(pair.network.script(pair.back)).toContain('200 CANCEL');
    expect(pair.last.finalStatus).toBe(200);
  });

  it('gives up after 32 s when no final answer follows', () => {
    const pair = new SipPair('ws');
    const asked = pair.ask(sampleRequest());
    pair.clock.advance(1);
    pair.last.reply(180);
    pair.clock.advance(1);
    pair.bob.close();
    asked.transaction.cancel();
    pair.clock.advance(31_999);
    expect(asked.result).toBeUndefined();
    pair.clock.advance(1);
    expect(asked.result).toBe('timeout');
    expect(pair.alice.liveTransactions).toBe(0);
  });

  it('does nothing to other requests, and nothing twice', () => {
    const pair = new SipPair('ws');
    pair.ask(sampleRequest({ method: 'OPTIONS' })).transaction.cancel();
    const asked = pair.ask(sampleRequest({ callId: 'call-2' }));
    pair.clock.advance(1);
    pair.last.reply(180);
    pair.clock.advance(1);
    asked.transaction.cancel();
    asked.transaction.cancel();
    pair.clock.advance(10);
    asked.transaction.cancel();
    expect(pair.network.script(pair.out).filter((line) => line === 'CANCEL')).toHaveLength(1);
  });
});

describe('requests that come in', () => {
  it('are handed over once however often they come', () => {
    const pair = new SipPair('udp', { copies: () => 3 });
    pair.ask(sampleRequest());
    pair.ask(sampleRequest({ method: 'OPTIONS', callId: 'call-2' }));
    pair.clock.advance(3_000);
    expect(pair.received.map(({ request }) => request.method)).toEqual(['INVITE', 'OPTIONS']);
  });

  it('are matched by branch, sent-by and method (RFC 3261 §17.2.3)', () => {
    const pair = new SipPair();
    pair.ask(sampleRequest({ method: 'OPTIONS' }));
    pair.clock.advance(1);
    const first = pair.last.request;
    const receive = (request: SipRequest) => pair.bob.receive(request, pair.back);
    const via = first.headers.get('Via') ?? '';
    receive(variant(first, ({ headers }) => headers.set('Call-ID', 'other')));
    expect(pair.received).toHaveLength(1);
    receive(
      variant(first, ({ headers }) =>
        headers.set('Via', via.replace(':5060', ':5070')).set('Call-ID', 'b'),
      ),
    );
    expect(pair.received).toHaveLength(2);
    receive(
      variant(first, ({ headers }) =>
        headers.set('Via', via.replace('z9hG4bKa', 'z9hG4bKz')).set('Call-ID', 'c'),
      ),
    );
    expect(pair.received).toHaveLength(3);
    receive(
      variant(first, ({ headers }) => headers.set('CSeq', '1 INFO').set('Call-ID', 'd'), 'INFO'),
    );
    expect(pair.received).toHaveLength(4);
  });

  it('of RFC 2543 peers are matched by their other fields, ACK to 2xx included', () => {
    const pair = new SipPair();
    const old = (change: (request: SipRequest) => void = () => {}, method = 'INVITE') => {
      const request = variant(
        sampleRequest(),
        ({ headers }) => {
          headers.prepend('Via', 'SIP/2.0/UDP 192.0.2.1:5060;branch=1');
          headers.set('CSeq', `1 ${method}`);
        },
        method,
      );
      change(request);
      pair.bob.receive(request, pair.back);
    };
    old();
    old();
    expect(pair.received).toHaveLength(1);
    old(({ headers }) => headers.set('CSeq', '2 INVITE'));
    expect(pair.received).toHaveLength(2);
    const [first] = pair.received;
    const acks: SipRequest[] = [];
    first?.onAck((ack) => acks.push(ack));
    first?.reply(200);
    old(({ headers }) => headers.set('To', `<sip:bob@198.51.100.1>;tag=${first?.localTag}`), 'ACK');
    expect(acks).toHaveLength(1);
    old(undefined, 'CANCEL');
    expect(pair.network.script(pair.back).at(-1)).toBe('200 CANCEL');
  });

  it('a cookie with nothing behind it identifies nothing', () => {
    const pair = new SipPair();
    for (const callId of ['x', 'y']) {
      const request = sampleRequest({ method: 'OPTIONS', callId });
      request.headers.prepend('Via', 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK');
      pair.bob.receive(request, pair.back);
    }
    expect(pair.received).toHaveLength(2);
  });

  it('get 503 while nobody serves them, and 500 when who serves them fails', () => {
    const pair = new SipPair('ws');
    const broken = pair.bob.onRequest(() => {
      throw new Error('a bug above');
    });
    const failed = pair.ask(sampleRequest());
    pair.clock.advance(5);
    expect(failed.result).toBe('500');
    expect(pair.errors).toHaveLength(1);
    broken.dispose();
    const unserved = pair.ask(sampleRequest({ callId: 'call-2' }));
    pair.clock.advance(5);
    expect(unserved.result).toBe('503');
  });

  it('that are challenged are not kept, and get the same To tag when they come again (RFC 3261 §8.2.7)', () => {
    const pair = new SipPair();
    const request = sampleRequest({ method: 'OPTIONS' });
    request.headers.prepend('Via', 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKonce');
    const answers = [1, 2].map(() => {
      pair.bob.receive(request, pair.back);
      const answer = pair.last.reply(401, { stateless: true });
      expect(pair.last.reply(200)).toBeUndefined();
      return answer;
    });
    expect(pair.received).toHaveLength(2);
    expect(answers[0]?.toTag).toMatch(/^[0-9a-f]{16}$/);
    expect(answers[1]?.toTag).toBe(answers[0]?.toTag);
  });

  it('that are challenged at once leave nothing, while an answer of another kind is remembered', () => {
    const pair = new SipPair();
    const asked = (callId: string) => {
      const request = sampleRequest({ method: 'OPTIONS', callId });
      request.headers.prepend('Via', `SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK${callId}`);
      pair.bob.receive(request, pair.back);
    };
    pair.bob.onRequest((tx) => {
      const stateless = tx.request.callId === 'stranger';
      tx.reply(stateless ? 401 : 200, { stateless });
    });
    asked('stranger');
    // The one timer is the answer on its way.
    expect([pair.bob.liveTransactions, pair.clock.pending]).toEqual([0, 1]);
    asked('friend');
    expect(pair.bob.liveTransactions).toBe(1);
  });

  it('make room for one another when all that is kept is answered', () => {
    const pair = new SipPair('udp', { bob: { maxServerTransactions: 2 } });
    pair.bob.onRequest((tx) => tx.reply(200));
    const asked = ['1', '2', '3'].map((callId) =>
      pair.ask(sampleRequest({ method: 'OPTIONS', callId })),
    );
    pair.clock.advance(50);
    expect(asked.map(({ result }) => result)).toEqual(['200', '200', '200']);
    expect(pair.bob.liveTransactions).toBe(2);
  });

  it('get 503 without being kept when there are too many', () => {
    const pair = new SipPair('ws', { bob: { maxServerTransactions: 2 } });
    const asked = ['1', '2', '3'].map((callId) => pair.ask(sampleRequest({ callId })));
    pair.clock.advance(5);
    expect(asked.map(({ result }) => result)).toEqual([undefined, undefined, '503']);
    expect(pair.bob.liveTransactions).toBe(2);
  });

  it.each([
    ['an extension we do not know', [['Require', 'replaces, 100rel']], '420'],
    ['no hops left', [['Max-Forwards', '0']], '483'],
  ] as const)('with %s are refused', (_name, headers, result) => {
    const pair = new SipPair('ws', { bob: { supported: ['Replaces'] } });
    const request = sampleRequest();
    for (const [name, value] of headers) request.headers.set(name, value);
    const asked = pair.ask(request);
    pair.clock.advance(5);
    expect(asked.result).toBe(result);
    const [outcome] = asked.outcomes;
    if (result === '420' && outcome?.kind === 'response') {
      expect(outcome.response.headers.get('Unsupported')).toBe('100rel');
    }
    expect(pair.received).toEqual([]);
  });

  it('for us alone are served with no hops left', () => {
    const pair = new SipPair('ws');
    for (const request of [
      sampleRequest({ method: 'OPTIONS' }),
      sampleRequest({ method: 'BYE', toTag: 'b', callId: 'x' }),
    ]) {
      request.headers.set('Max-Forwards', '0');
      pair.ask(request);
    }
    pair.clock.advance(5);
    expect(pair.received).toHaveLength(2);
  });

  it('for a URI scheme that is no telephony are refused', () => {
    const pair = new SipPair('ws');
    const { headers } = sampleRequest();
    const uri = { scheme: 'http', host: '', params: new Map<string, null>(), opaque: '//x' };
    const asked = pair.ask(new SipRequest({ method: 'INVITE', uri, headers }));
    pair.clock.advance(5);
    expect(asked.result).toBe('416');
  });

  it('that came by two paths are refused the second time (482), not inside a dialog', () => {
    const pair = new SipPair('ws');
    const asked = [1, 2].map(() => pair.ask(sampleRequest()));
    pair.clock.advance(5);
    expect(asked.map(({ result }) => result)).toEqual([undefined, '482']);
    const inside = [1, 2].map(() => pair.ask(sampleRequest({ toTag: 'b', cseq: 9 })));
    pair.clock.advance(5);
    expect(inside.map(({ result }) => result)).toEqual([undefined, undefined]);
  });

  it('the method’s refusal is the user’s: 405 with Allow for what SIP knows, 501 for the rest', () => {
    const pair = new SipPair('ws');
    pair.bob.onRequest((transaction) => refuseMethod(transaction, ['INVITE', 'BYE']));
    const asked = ['PUBLISH', 'FROBNICATE'].map((method) =>
      pair.ask(sampleRequest({ method, callId: method })),
    );
    pair.clock.advance(5);
    expect(asked.map(({ result }) => result)).toEqual(['405', '501']);
  });

  it('malformed ones are answered and not kept', () => {
    const pair = new SipPair('ws');
    const text = 'OPTIONS sip:b@x SIP/2.0\r\nVia: SIP/2.0/WS a;branch=z9hG4bK1\r\nCSeq: x\r\n\r\n';
    const outcome = parseMessage(encodeUtf8(text), { framing: 'datagram' });
    if (outcome.kind !== 'rejected') throw new Error('it should be refused');
    const sent: string[] = [];
    const flow = Object.assign(Object.create(pair.back), {
      send: (bytes: Uint8Array) => (sent.push(new TextDecoder().decode(bytes)), 'sent'),
    });
    pair.bob.receiveRejected(outcome, flow);
    expect(sent[0]).toMatch(/^SIP\/2\.0 400 /);
    expect(pair.bob.liveTransactions).toBe(0);
  });

  it('a Via that cannot be read goes back as it came; without one nobody could tell what the answer is to', () => {
    const sentFor = (via: string) => {
      const pair = new SipPair('ws');
      const text = `OPTIONS sip:b@x SIP/2.0\r\n${via}Call-ID: a\r\n\r\n`;
      const outcome = parseMessage(encodeUtf8(text), { framing: 'datagram' });
      const sent: string[] = [];
      const flow = Object.assign(Object.create(pair.back), {
        send: (bytes: Uint8Array) => (sent.push(new TextDecoder().decode(bytes)), 'sent'),
      });
      if (outcome.kind === 'rejected') pair.bob.receiveRejected(outcome, flow);
      return sent;
    };
    expect(sentFor('Via: ;;;\r\n')).toEqual([
      expect.stringMatching(/^SIP\/2\.0 400 [^]*\r\nVia: ;;;\r\n/),
    ]);
    expect(sentFor('')).toEqual([]);
  });

  it('the hops of a continued request count down', () => {
    const request = sampleRequest();
    expect(nextMaxForwards(request)).toBe(69);
    request.headers.set('Max-Forwards', '0');
    expect(nextMaxForwards(request)).toBe(0);
  });
});

describe('replies', () => {
  it('carry one tag all through, 100 none, and Server', () => {
    const pair = new SipPair('ws', { bob: { product: 'Bob/1' } });
    const asked = pair.ask(sampleRequest());
    pair.clock.advance(1);
    for (const status of [100, 180, 183]) pair.last.reply(status);
    pair.last.reply(486);
    pair.clock.advance(1);
    const [outcome] = asked.outcomes;
    const final = outcome?.kind === 'response' ? outcome.response : undefined;
    const tags = [...asked.provisional, final].map((response) => response?.toTag);
    expect(tags).toEqual([undefined, pair.last.localTag, pair.last.localTag, pair.last.localTag]);
    expect(final?.headers.get('Server')).toBe('Bob/1');
  });

  it('keep the To tag of a request inside a dialog', () => {
    const pair = new SipPair('ws');
    pair.ask(sampleRequest({ method: 'BYE', toTag: 'ours' }));
    pair.clock.advance(1);
    expect(pair.last.localTag).toBe('ours');
    expect(pair.last.reply(200)?.headers.get('To')).toContain(';tag=ours');
  });

  it('end with the first final one', () => {
    const pair = new SipPair('ws');
    const asked = pair.ask(sampleRequest());
    pair.clock.advance(1);
    const { last } = pair;
    expect(last.answerable).toBe(true);
    expect(last.reply(486)?.status).toBe(486);
    expect(last.answerable).toBe(false);
    expect(last.reply(200)).toBeUndefined();
    expect(last.reply(180)).toBeUndefined();
    pair.clock.advance(5);
    expect(asked.result).toBe('486');
    expect(last.finalStatus).toBe(486);
  });

  it('go on by the flow that took over from a closed one', () => {
    const pair = new SipPair();
    const random = new FakeSipRandom('s');
    const clock = sipClockOf(pair.clock);
    const server: Endpoint = new Endpoint({ clock, random, successorOf: () => second.there });
    server.onRequest((transaction) => pair.received.push(transaction));
    const first = pair.network.link(pair.alice, server, 'ws');
    const second = pair.network.link(pair.alice, server, 'ws');
    const statuses: number[] = [];
    first.here.send(serializeMessage(withVia(sampleRequest())));
    pair.clock.advance(1);
    first.here.close();
    pair.last.reply(200);
    pair.clock.advance(1);
    for (const { from, message } of pair.network.sent) {
      if (from === second.there.id && message.kind === 'response') statuses.push(message.status);
    }
    expect(statuses).toEqual([200]);
  });

  it('that can go nowhere end the transaction, except that a 2xx waits for the phone to come back', () => {
    const pair = new SipPair('ws');
    pair.ask(sampleRequest());
    pair.ask(sampleRequest({ callId: 'call-2' }));
    pair.clock.advance(1);
    const [first, second] = pair.received;
    const ends: string[] = [];
    first?.onEnd(({ kind }) => ends.push(`first ${kind}`));
    second?.onEnd(({ kind }) => ends.push(`second ${kind}`));
    pair.back.close();
    first?.reply(486);
    second?.reply(200);
    expect(ends).toEqual(['first unreachable']);
    pair.clock.advance(32_000);
    expect(ends).toEqual(['first unreachable', 'second no-ack-to-2xx']);
  });
});

describe('CANCEL of theirs', () => {
  it('tells the user once; its own answer wins over 487', () => {
    const pair = new SipPair('ws');
    const asked = pair.ask(sampleRequest());
    pair.clock.advance(1);
    let told = 0;
    pair.last.reply(180);
    pair.last.onCancel(() => {
      told += 1;
      pair.last.reply(486);
    });
    pair.clock.advance(1);
    asked.transaction.cancel();
    pair.clock.advance(5);
    expect([told, asked.result]).toEqual([1, '486']);
  });

  it('a listener that left is not told; 487 goes out all the same', () => {
    const pair = new SipPair('ws');
    const asked = pair.ask(sampleRequest());
    pair.clock.advance(1);
    let told = 0;
    pair.last.onCancel(() => (told += 1)).dispose();
    pair.last.reply(180);
    pair.clock.advance(1);
    asked.transaction.cancel();
    pair.clock.advance(5);
    expect([told, asked.result]).toEqual([0, '487']);
  });

  it('that matches nothing, or no INVITE, is answered 481 and changes nothing', () => {
    const pair = new SipPair('ws');
    const asked = pair.ask(sampleRequest({ method: 'OPTIONS' }));
    pair.clock.advance(1);
    const cancel = variant(
      pair.last.request,
      ({ headers }) => headers.set('CSeq', '1 CANCEL'),
      'CANCEL',
    );
    pair.bob.receive(cancel, pair.back);
    pair.clock.advance(1);
    expect(pair.network.script(pair.back)).toEqual(['481 CANCEL']);
    pair.last.reply(200);
    pair.clock.advance(1);
    expect(asked.result).toBe('200');
  });
});

describe('ACK', () => {
  it('to a 2xx is found by dialog and CSeq, told once, and to everybody who asked', () => {
    const pair = new SipPair('ws');
    const heard: string[] = [];
    pair.bob.onAck((ack, flow) => heard.push(`${ack.method} ${flow.id}`));
    pair.ask(sampleRequest());
    pair.clock.advance(1);
    pair.last.onAck((ack) => heard.push(ack.text));
    const response = pair.last.reply(200);
    pair.clock.advance(1);
    pair.alice.sendAck(sampleRequest({ method: 'ACK', toTag: 'stranger' }), pair.out);
    pair.alice.sendAck(
      sampleRequest({ method: 'ACK', toTag: response?.toTag ?? '', cseq: 7 }),
      pair.out,
    );
    pair.clock.advance(1);
    expect(heard).toEqual([]);
    const ack = sampleRequest({ method: 'ACK', toTag: response?.toTag ?? '', body: 'answer' });
    pair.alice.sendAck(ack, pair.out);
    pair.alice.sendAck(ack, pair.out);
    pair.clock.advance(1);
    expect(heard).toEqual(['answer', `ACK ${pair.back.id}`]);
  });

  it('that fits nothing is dropped without a word', () => {
    const drops: DropReason[] = [];
    const pair = new SipPair('ws', { bob: { observer: { dropped: (why) => drops.push(why) } } });
    pair.alice.sendAck(sampleRequest({ method: 'ACK', toTag: 'x' }), pair.out);
    pair.clock.advance(10);
    expect(drops).toEqual(['stray-ack']);
    expect(pair.network.script(pair.back)).toEqual([]);
  });
});

describe('closing the endpoint', () => {
  it('ends everything with a word to those who wait, and hears nothing more', () => {
    const pair = new SipPair();
    const asked = pair.ask(sampleRequest());
    pair.clock.advance(1);
    const ends: string[] = [];
    pair.last.onEnd(({ kind }) => ends.push(kind));
    pair.alice.close();
    pair.bob.close();
    pair.bob.close();
    expect(asked.result).toBe('stopped');
    expect(ends).toEqual(['stopped']);
    expect(pair.clock.pending).toBe(0);
    pair.out.send(serializeMessage(withVia(sampleRequest({ callId: 'late' }))));
    pair.clock.advance(1);
    expect(pair.received).toHaveLength(1);
    pair.last.onEnd(({ kind }) => ends.push(`late ${kind}`));
    expect(ends).toEqual(['stopped', 'late stopped']);
  });
});

function withVia(request: SipRequest): SipRequest {
  return variant(request, ({ headers }) =>
    headers.prepend('Via', 'SIP/2.0/WS 192.0.2.1:5060;branch=z9hG4bKraw'),
  );
}
