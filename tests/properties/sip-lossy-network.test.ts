import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SipRequest } from '../../shared/sip/message/message.ts';
import { sampleRequest, SipPair, type Asked } from '../fakes/sip-pair.ts';

/** What the network does to the messages that follow one another: lose, deliver, double; and how late. */
const weather = fc.record({
  copies: fc.array(fc.constantFrom(0, 0, 1, 1, 1, 2), { minLength: 1, maxLength: 60 }),
  jitter: fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 30 }),
});

/**
 * The same, with no copy so late that the server has forgotten the request: the last repetition leaves 31.5 s after the first,
 * the server remembers for 32 s after its answer (RFC 3261 §17.1.2.2, §17.2.2); a later copy is a new request to it.
 */
const promptWeather = weather.map(({ copies, jitter }) => ({
  copies,
  jitter: jitter.map((lateMs) => lateMs % 400),
}));

const pairIn = ({ copies, jitter }: { copies: number[]; jitter: number[] }) => {
  let sent = 0;
  let late = 0;
  return new SipPair('udp', {
    copies: () => copies[sent++ % copies.length] ?? 1,
    jitterMs: () => jitter[late++ % jitter.length] ?? 0,
  });
};

const settled = (pair: SipPair, asked: Asked) => {
  pair.clock.advance(400_000);
  expect(asked.outcomes).toHaveLength(1);
  expect(pair.errors).toEqual([]);
  expect(pair.alice.liveTransactions).toBe(0);
  expect(pair.bob.liveTransactions).toBe(0);
  expect(pair.clock.pending).toBe(0);
};

describe('over a network that loses, doubles, delays and reorders', () => {
  it('a request has exactly one outcome, is seen once, and nothing is left behind', () => {
    fc.assert(
      fc.property(promptWeather, fc.integer({ min: 0, max: 20_000 }), (net, thinkMs) => {
        const pair = pairIn(net);
        pair.bob.onRequest((transaction) => {
          pair.received.push(transaction);
          pair.clock.after(thinkMs, () => transaction.reply(200));
        });
        const asked = pair.ask(sampleRequest({ method: 'BYE' }));
        settled(pair, asked);
        expect(pair.received.length).toBeLessThanOrEqual(1);
        if (asked.result === '200') expect(pair.received).toHaveLength(1);
      }),
      { numRuns: 200 },
    );
  });

  it('a refused INVITE has exactly one outcome and its ACK', () => {
    fc.assert(
      fc.property(weather, fc.integer({ min: 0, max: 20_000 }), (net, thinkMs) => {
        const pair = pairIn(net);
        const ends: string[] = [];
        pair.bob.onRequest((transaction) => {
          pair.received.push(transaction);
          transaction.onEnd(({ kind }) => ends.push(kind));
          pair.clock.after(thinkMs, () => transaction.reply(486));
        });
        const asked = pair.ask(sampleRequest());
        // Once it rang, only the network may keep the answer from arriving; then the caller gives up by cancelling.
        pair.clock.advance(100_000);
        asked.transaction.cancel();
        settled(pair, asked);
        expect(pair.received.length).toBeLessThanOrEqual(1);
        expect(ends).toHaveLength(pair.received.length);
      }),
      { numRuns: 200 },
    );
  });

  it('an answered INVITE is acknowledged once, or both sides know that it was not', () => {
    fc.assert(
      fc.property(weather, (net) => {
        const pair = pairIn(net);
        const acks: SipRequest[] = [];
        const ends: string[] = [];
        pair.bob.onRequest((transaction) => {
          pair.received.push(transaction);
          transaction.reply(180);
          transaction.onAck((ack) => acks.push(ack));
          transaction.onEnd(({ kind }) => ends.push(kind));
          pair.clock.after(2_000, () => transaction.reply(200));
        });
        const asked = pair.ask(sampleRequest());
        while (asked.result === undefined && pair.clock.pending > 0) {
          pair.clock.advance(50);
          if (asked.result === '200') {
            pair.alice.sendAck(
              sampleRequest({ method: 'ACK', toTag: pair.last.localTag }),
              pair.out,
            );
          }
          if (ends.length > 0) asked.transaction.cancel();
        }
        settled(pair, asked);
        expect(acks.length).toBeLessThanOrEqual(1);
        if (pair.received.length > 0) {
          expect(ends).toEqual([acks.length === 1 ? 'answered' : 'no-ack-to-2xx']);
        }
      }),
      { numRuns: 200 },
    );
  });
});
