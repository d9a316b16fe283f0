import { describe, expect, it } from 'vitest';
import type { Flow } from '../../../../../shared/sip/transaction/flow.ts';
import { sampleRequest, SipPair } from '../../../../fakes/sip-pair.ts';

/** Alice knows Bob by UDP and has a connection to him besides. */
const scene = () => {
  let stream: Flow | undefined;
  const pair = new SipPair('udp', {}, { streamFor: () => stream });
  const link = pair.network.link(pair.alice, pair.bob, 'tcp');
  stream = link.here;
  return { pair, link, noStream: () => (stream = undefined) };
};

const large = sampleRequest({ body: 'x'.repeat(1_300) });

describe('a request over 1,300 bytes where there is a connection to the peer', () => {
  it('goes by the connection, with a Via that says so', () => {
    const { pair, link } = scene();
    const asked = pair.ask(large);
    pair.clock.advance(5);
    pair.last.reply(486);
    pair.clock.advance(5);
    expect(asked.result).toBe('486');
    expect(pair.network.script(link.here)).toEqual(['INVITE', 'ACK']);
    expect(pair.network.script(pair.out)).toEqual([]);
    expect(pair.last.request.via.transport).toBe('TCP');
  });

  it('goes by UDP when it is smaller, or when there is none', () => {
    const { pair, noStream } = scene();
    pair.ask(sampleRequest({ callId: 'small' }));
    noStream();
    pair.ask(large);
    expect(pair.network.script(pair.out)).toEqual(['INVITE', 'INVITE']);
  });

  it('goes by UDP after all when the connection cannot be had, as one request with one outcome', () => {
    const { pair, link } = scene();
    pair.network.silence(link.here);
    const asked = pair.ask(large);
    link.here.close();
    pair.clock.advance(5);
    expect(pair.network.script(pair.out)).toEqual(['INVITE']);
    expect(pair.last.request.via.transport).toBe('UDP');
    expect(asked.transaction.request.via.transport).toBe('UDP');
    pair.last.reply(486);
    pair.clock.advance(40_000);
    expect(asked.outcomes).toHaveLength(1);
    expect(asked.result).toBe('486');
    expect(pair.alice.liveTransactions).toBe(0);
  });

  it('is not sent twice once the peer has spoken, or the caller gave up', () => {
    for (const rings of [true, false]) {
      const { pair, link } = scene();
      if (!rings) pair.network.silence(link.here);
      const asked = pair.ask(large);
      pair.clock.advance(5);
      if (rings) pair.last.reply(180);
      else asked.transaction.cancel();
      pair.clock.advance(5);
      link.here.close();
      pair.clock.advance(40_000);
      // A call that rings waits for the device to come back (WIRE.md §10).
      expect(asked.result).toBe(rings ? undefined : 'transport-error');
      expect(pair.network.script(pair.out)).toEqual([]);
    }
  });
});
