import { describe, expect, it } from 'vitest';
import { sampleRequest, SipPair } from '../../../../fakes/sip-pair.ts';

const lostForever = { copies: () => 0 };
const times = (pair: SipPair, flow = pair.out): number[] =>
  pair.network.sent.filter(({ from }) => from === flow.id).map(({ atMs }) => atMs);

describe('timers of an INVITE that we send (RFC 3261 §17.1.1)', () => {
  it('over UDP it is repeated after 500 ms, doubling, and given up after 32 s (A, B)', () => {
    const pair = new SipPair('udp', lostForever);
    const asked = pair.ask(sampleRequest());
    pair.clock.advance(31_999);
    expect(times(pair)).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 31_500]);
    expect(asked.result).toBeUndefined();
    pair.clock.advance(1);
    expect(asked.result).toBe('timeout');
    expect(asked.outcomes).toHaveLength(1);
    expect(pair.clock.pending).toBe(0);
    expect(pair.alice.liveTransactions).toBe(0);
  });

  it('over a connection it is sent once and given up after 32 s', () => {
    const pair = new SipPair('ws');
    pair.bob.close();
    const asked = pair.ask(sampleRequest());
    pair.clock.advance(31_999);
    expect(asked.result).toBeUndefined();
    pair.clock.advance(1);
    expect(asked.result).toBe('timeout');
    expect(times(pair)).toEqual([0]);
  });

  it('a provisional answer ends repetition and giving up', () => {
    const pair = new SipPair('udp');
    const asked = pair.ask(sampleRequest());
    pair.clock.advance(1);
    pair.last.reply(180);
    pair.clock.advance(600_000);
    expect(times(pair)).toEqual([0]);
    expect(asked.result).toBeUndefined();
    expect(asked.provisional.map(({ status }) => status)).toEqual([180]);
  });

  it('over UDP a repeated failure gets its ACK for 32 s, then nothing (D)', () => {
    const pair = new SipPair('udp', {
      copies: ({ message }) => (message.kind === 'request' && message.method === 'ACK' ? 0 : 1),
    });
    const asked = pair.ask(sampleRequest());
    pair.clock.advance(1);
    pair.last.reply(486);
    pair.clock.advance(40_000);
    expect(asked.result).toBe('486');
    const acks = pair.network.script(pair.out).filter((line) => line === 'ACK').length;
    const answers = pair.network.script(pair.back).filter((line) => line === '486 INVITE').length;
    expect(answers).toBe(11);
    expect(acks).toBe(answers);
    expect(pair.clock.pending).toBe(0);
  });

  it('a 2xx keeps the transaction for 32 s, for the 2xx of other forks (M)', () => {
    const pair = new SipPair('ws');
    pair.ask(sampleRequest());
    pair.clock.advance(1);
    pair.last.reply(200);
    pair.clock.advance(32_000);
    expect(pair.alice.liveTransactions).toBe(1);
    pair.clock.advance(1);
    expect(pair.alice.liveTransactions).toBe(0);
  });
});

describe('timers of other requests that we send (RFC 3261 §17.1.2)', () => {
  it('over UDP they are repeated after 500 ms, doubling up to 4 s, and given up after 32 s (E, F)', () => {
    const pair = new SipPair('udp', lostForever);
    const asked = pair.ask(sampleRequest({ method: 'OPTIONS' }));
    pair.clock.advance(32_000);
    expect(times(pair)).toEqual([
      0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500,
    ]);
    expect(asked.result).toBe('timeout');
    expect(pair.clock.pending).toBe(0);
  });

  it('after a provisional answer they are repeated every 4 s and still given up', () => {
    const pair = new SipPair('udp');
    const asked = pair.ask(sampleRequest({ method: 'OPTIONS' }));
    pair.clock.advance(1);
    pair.last.reply(100);
    pair.clock.advance(31_999);
    expect(times(pair)).toEqual([0, 500, 4_500, 8_500, 12_500, 16_500, 20_500, 24_500, 28_500]);
    expect(asked.result).toBe('timeout');
  });

  it('over a connection they are sent once', () => {
    const pair = new SipPair('tcp');
    pair.bob.close();
    const asked = pair.ask(sampleRequest({ method: 'OPTIONS' }));
    pair.clock.advance(32_000);
    expect(times(pair)).toEqual([0]);
    expect(asked.result).toBe('timeout');
  });

  it('over a connection a provisional answer gives no more time: 32 s from when they were sent (F)', () => {
    const pair = new SipPair('tcp');
    const asked = pair.ask(sampleRequest({ method: 'OPTIONS' }));
    pair.clock.advance(10_000);
    pair.last.reply(100);
    pair.bob.close();
    pair.clock.advance(21_999);
    expect([asked.provisional.length, asked.result]).toEqual([1, undefined]);
    pair.clock.advance(1);
    expect(asked.result).toBe('timeout');
    expect(pair.clock.pending).toBe(0);
  });

  it('over UDP repeated answers are absorbed for 5 s (K)', () => {
    const pair = new SipPair('udp', {
      copies: ({ message }) => (message.kind === 'response' ? 2 : 1),
    });
    const asked = pair.ask(sampleRequest({ method: 'OPTIONS' }));
    pair.clock.advance(1);
    pair.last.reply(200);
    pair.clock.advance(5_000);
    expect(asked.outcomes).toHaveLength(1);
    expect(pair.alice.liveTransactions).toBe(1);
    pair.clock.advance(1);
    expect(pair.alice.liveTransactions).toBe(0);
  });
});

describe('timers of an INVITE that we answer (RFC 3261 §17.2.1, RFC 6026)', () => {
  it('100 Trying goes out after 200 ms when the transaction user says nothing', () => {
    const pair = new SipPair('ws');
    pair.ask(sampleRequest());
    pair.clock.advance(200);
    expect(pair.network.script(pair.back)).toEqual([]);
    pair.clock.advance(1);
    expect(pair.network.script(pair.back)).toEqual(['100 INVITE']);
    expect(pair.network.sent.at(-1)?.message.toTag).toBeUndefined();
  });

  it('no 100 Trying when the transaction user was quicker', () => {
    const pair = new SipPair('ws');
    pair.ask(sampleRequest());
    pair.clock.advance(1);
    pair.last.reply(180);
    pair.clock.advance(1_000);
    expect(pair.network.script(pair.back)).toEqual(['180 INVITE']);
  });

  it('over UDP a failure is repeated, doubling up to 4 s, until 32 s have passed without ACK (G, H)', () => {
    const onlyTheFirst = ({ atMs }: { atMs: number }) => (atMs === 0 ? 1 : 0);
    const pair = new SipPair('udp', { copies: onlyTheFirst });
    pair.ask(sampleRequest());
    pair.clock.advance(1);
    const ends: string[] = [];
    pair.last.onEnd(({ kind }) => ends.push(kind));
    pair.last.reply(404);
    pair.clock.advance(32_000);
    expect(times(pair, pair.back).map((at) => at - 1)).toEqual([
      0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500,
    ]);
    expect(ends).toEqual(['no-ack-to-failure']);
  });

  it('over a connection a failure is sent once and waits 32 s for its ACK', () => {
    const pair = new SipPair('ws');
    pair.ask(sampleRequest());
    pair.clock.advance(1);
    const ends: string[] = [];
    pair.last.onEnd(({ kind }) => ends.push(kind));
    pair.out.closed = true;
    pair.last.reply(404);
    pair.clock.advance(31_999);
    expect(ends).toEqual([]);
    pair.clock.advance(1);
    expect(ends).toEqual(['no-ack-to-failure']);
    expect(pair.network.script(pair.back)).toEqual(['404 INVITE']);
  });

  it('over UDP repeated ACKs are absorbed for 5 s (I); over a connection the ACK ends it', () => {
    for (const [transport, lingerMs] of [
      ['udp', 5_000],
      ['ws', 0],
    ] as const) {
      const pair = new SipPair(transport);
      pair.ask(sampleRequest());
      pair.clock.advance(1);
      pair.last.reply(404);
      pair.clock.advance(2 + Math.max(0, lingerMs - 1));
      expect(pair.bob.liveTransactions).toBe(lingerMs === 0 ? 0 : 1);
      pair.clock.advance(1);
      expect(pair.bob.liveTransactions).toBe(0);
    }
  });

  it.each(['udp', 'ws'] as const)(
    'over %s a 2xx is repeated until 32 s have passed, and the user is told that no ACK came',
    (transport) => {
      const pair = new SipPair(transport);
      pair.ask(sampleRequest());
      pair.clock.advance(1);
      const ends: string[] = [];
      pair.last.onEnd(({ kind }) => ends.push(kind));
      pair.last.reply(200);
      pair.clock.advance(32_000);
      expect(times(pair, pair.back).map((at) => at - 1)).toEqual([
        0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500,
      ]);
      expect(ends).toEqual(['no-ack-to-2xx']);
      pair.clock.advance(100_000);
      expect(pair.clock.pending).toBe(0);
    },
  );

  it('the ACK ends the repetition of the 2xx; late messages are absorbed for 32 s (L)', () => {
    const pair = new SipPair('udp');
    const ends: string[] = [];
    const acks: string[] = [];
    const asked = pair.ask(sampleRequest());
    pair.clock.advance(1);
    pair.last.onEnd(({ kind }) => ends.push(kind));
    pair.last.onAck((ack) => acks.push(ack.method));
    const response = pair.last.reply(200);
    pair.clock.advance(1);
    expect(asked.result).toBe('200');
    pair.alice.sendAck(sampleRequest({ method: 'ACK', toTag: response?.toTag ?? '' }), pair.out);
    pair.clock.advance(31_998);
    expect(pair.network.script(pair.back)).toEqual(['200 INVITE']);
    expect(acks).toEqual(['ACK']);
    expect(ends).toEqual(['answered']);
    expect(pair.bob.liveTransactions).toBe(1);
    pair.clock.advance(10);
    expect(pair.bob.liveTransactions).toBe(0);
  });
});

describe('timers of other requests that we answer (RFC 3261 §17.2.2)', () => {
  it('over UDP the answer is kept for 32 s and given to every repetition (J)', () => {
    const pair = new SipPair('udp', {
      copies: ({ message }) => (message.kind === 'request' ? 1 : 0),
    });
    pair.ask(sampleRequest({ method: 'OPTIONS' }));
    pair.clock.advance(1);
    pair.last.reply(200);
    pair.clock.advance(31_000);
    expect(pair.received).toHaveLength(1);
    expect(pair.network.script(pair.back)).toHaveLength(10);
    pair.clock.advance(2_000);
    expect(pair.bob.liveTransactions).toBe(0);
  });

  it('over a connection nothing is kept', () => {
    const pair = new SipPair('ws');
    pair.ask(sampleRequest({ method: 'OPTIONS' }));
    pair.clock.advance(1);
    pair.last.reply(200);
    pair.clock.advance(0);
    expect(pair.bob.liveTransactions).toBe(0);
  });

  it('a request that the user never answers is let go after 32 s, when nobody waits for it', () => {
    const pair = new SipPair('ws');
    pair.ask(sampleRequest({ method: 'OPTIONS' }));
    pair.clock.advance(1);
    const ends: string[] = [];
    pair.last.onEnd(({ kind }) => ends.push(kind));
    pair.clock.advance(32_000);
    expect(ends).toEqual(['unanswered']);
    expect(pair.last.reply(200)).toBeUndefined();
    expect(pair.bob.liveTransactions).toBe(0);
  });
});
