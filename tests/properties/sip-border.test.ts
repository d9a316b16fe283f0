import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageFramer } from '../../shared/sip/message/message-framer.ts';
import { serializeMessage } from '../../shared/sip/message/serialize.ts';
import { Border } from '../../shared/sip/transport/border.ts';
import { sampleRequest, SipPair } from '../fakes/sip-pair.ts';

const METHODS = [
  'INVITE',
  'ACK',
  'BYE',
  'CANCEL',
  'OPTIONS',
  'REGISTER',
  'SUBSCRIBE',
  'NOTIFY',
  'REFER',
];

const sample = fc
  .tuple(fc.constantFrom(...METHODS), fc.integer({ min: 0, max: 3 }), fc.boolean(), fc.boolean())
  .map(([method, n, inside, answer]) => {
    const request = sampleRequest({
      method,
      callId: `call-${n}`,
      cseq: n,
      ...(inside && { toTag: 'b1' }),
      body: 'v=0',
    });
    request.headers.prepend('Via', `SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa${n};rport`);
    const text = new TextDecoder().decode(serializeMessage(request));
    return answer ? text.replace(/^[^\r]+/, `SIP/2.0 ${[100, 180, 200, 486][n]} X`) : text;
  });

/** A message with a few of its pieces cut, doubled or replaced. */
const mangled = fc
  .tuple(
    sample,
    fc.array(
      fc.record({
        at: fc.nat(800),
        cut: fc.nat(40),
        put: fc.oneof(
          fc.string({ maxLength: 8 }),
          fc.constantFrom(
            '\r\n',
            ':',
            ';',
            ',',
            '<',
            '"',
            '\0',
            'Via: x\r\n',
            '=',
            '%',
            '\r\n\r\n',
          ),
        ),
      }),
      { maxLength: 4 },
    ),
  )
  .map(([text, edits]) =>
    edits.reduce((now, { at, cut, put }) => now.slice(0, at) + put + now.slice(at + cut), text),
  );

const anyBytes = fc.oneof(
  { weight: 4, arbitrary: mangled.map((text) => new TextEncoder().encode(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 400 }) },
);

const scene = () => {
  const errors: unknown[] = [];
  const observer = { callbackFailed: (error: unknown) => void errors.push(error) };
  const pair = new SipPair('udp', { bob: { observer }, unreadable: 'lose' });
  pair.bob.onRequest((transaction) => {
    pair.received.push(transaction);
    transaction.reply(transaction.request.method === 'INVITE' ? 180 : 200);
  });
  return { pair, errors, border: new Border({ receiver: pair.bob, observer }) };
};

describe('whatever bytes arrive', () => {
  it('as datagrams, nothing throws, and in time nothing is left behind but calls that ring', () => {
    fc.assert(
      fc.property(fc.array(anyBytes, { maxLength: 12 }), (datagrams) => {
        const { pair, errors, border } = scene();
        for (const bytes of datagrams) {
          border.takeDatagram(bytes, pair.back);
          pair.clock.advance(300);
        }
        for (const transaction of pair.received) transaction.reply(486);
        pair.clock.advance(100_000);
        expect(errors).toEqual([]);
        expect(pair.bob.liveTransactions).toBe(0);
        expect(pair.clock.pending).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it('as a stream cut anywhere, nothing throws', () => {
    fc.assert(
      fc.property(
        fc.array(anyBytes, { maxLength: 6 }),
        fc.integer({ min: 1, max: 700 }),
        (parts, size) => {
          const { pair, errors, border } = scene();
          const framer = new MessageFramer();
          const stream = Uint8Array.from(parts.flatMap((part) => [...part]));
          for (let at = 0; at < stream.length; at += size) {
            for (const outcome of framer.push(stream.slice(at, at + size))) {
              if (outcome.kind !== 'ping') border.take(outcome, pair.back);
            }
          }
          expect(errors).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });
});
