import { describe, expect, it } from 'vitest';
import type { Flow, SocketAddress } from '../../../../../shared/sip/transaction/flow.ts';
import {
  hostOfAddress,
  ownVia,
  responseFlow,
  stampSource,
} from '../../../../../shared/sip/transaction/via-rules.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { FakeFlow, FakeNetwork } from '../../../../fakes/fake-network.ts';
import { sampleRequest } from '../../../../fakes/sip-pair.ts';

/** A flow that remembers where it was pointed. */
class AimedFlow extends FakeFlow {
  aimedAt: SocketAddress | undefined;

  override towards(remote?: SocketAddress): Flow {
    this.aimedAt = remote;
    return this;
  }
}

const flowFrom = (remote: SocketAddress, transport: 'udp' | 'ws' = 'udp') =>
  new AimedFlow(new FakeNetwork(new FakeClock()), {
    id: 'f',
    transport,
    local: { address: '198.51.100.1', port: 5060 },
    remote,
  });

function stamped(via: string, flow: Flow): readonly string[] {
  const request = sampleRequest();
  request.headers.prepend('Via', via);
  stampSource(request, flow);
  return request.headers.all('Via');
}

describe('where a request came from (RFC 3261 §18.2.1, RFC 3581)', () => {
  const flow = flowFrom({ address: '203.0.113.7', port: 40_000 });

  it.each([
    [
      'SIP/2.0/UDP 203.0.113.7:5060;branch=z9hG4bK1',
      ['SIP/2.0/UDP 203.0.113.7:5060;branch=z9hG4bK1'],
    ],
    [
      'SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1',
      ['SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1;received=203.0.113.7'],
    ],
    [
      'SIP/2.0/UDP host.test;branch=z9hG4bK1;rport',
      ['SIP/2.0/UDP host.test;branch=z9hG4bK1;rport=40000;received=203.0.113.7'],
    ],
    [
      'SIP/2.0/UDP 203.0.113.7;rport;branch=z9hG4bK1, SIP/2.0/TCP b.test;branch=2',
      [
        'SIP/2.0/UDP 203.0.113.7;rport=40000;branch=z9hG4bK1;received=203.0.113.7',
        'SIP/2.0/TCP b.test;branch=2',
      ],
    ],
    [
      'SIP/2.0/UDP host.test ; RPORT ;branch=z9hG4bK1',
      ['SIP/2.0/UDP host.test;rport=40000;branch=z9hG4bK1;received=203.0.113.7'],
    ],
    [
      'SIP/2.0/UDP host.test;x=";rport;";rport;branch=z9hG4bK1',
      ['SIP/2.0/UDP host.test;x=";rport;";rport=40000;branch=z9hG4bK1;received=203.0.113.7'],
    ],
    [
      'SIP/2.0/UDP host.test;rports;rport',
      ['SIP/2.0/UDP host.test;rports;rport=40000;received=203.0.113.7'],
    ],
  ])('%s', (via, expected) => {
    expect(stamped(via, flow)).toEqual(expected);
  });

  it('a sender cannot say for us where it came from', () => {
    const [via] = stamped('SIP/2.0/UDP x.test;branch=z9hG4bK1;received=192.0.2.66;rport=1', flow);
    expect(via).toBe('SIP/2.0/UDP x.test;branch=z9hG4bK1;received=203.0.113.7;rport=40000');
  });

  it('IPv6 addresses are compared and written as such', () => {
    const six = flowFrom({ address: '2001:db8::7', port: 5060 });
    const own = 'SIP/2.0/UDP [2001:db8::7];branch=z9hG4bK1';
    expect(stamped(own, six)).toEqual([own]);
    expect(stamped('SIP/2.0/UDP [2001:db8::8];branch=z9hG4bK1', six)[0]).toContain(
      'received=2001:db8::7',
    );
    expect(hostOfAddress('2001:db8::7')).toBe('[2001:db8::7]');
    expect(hostOfAddress('192.0.2.1')).toBe('192.0.2.1');
  });
});

describe('where the answer goes (RFC 3261 §18.2.2)', () => {
  const source = { address: '203.0.113.7', port: 40_000 };
  const aim = (via: string, flow: AimedFlow) => {
    const request = sampleRequest();
    request.headers.prepend('Via', via);
    responseFlow(request, flow);
    return flow.aimedAt;
  };

  it('back by the connection', () => {
    expect(aim('SIP/2.0/WS x.invalid;branch=z9hG4bK1', flowFrom(source, 'ws'))).toBeUndefined();
  });

  it('to the source port with rport', () => {
    expect(aim('SIP/2.0/UDP a.test;branch=z9hG4bK1;rport=40000', flowFrom(source))).toBeUndefined();
  });

  it('to the source address at the named or usual port without rport, and never where maddr says', () => {
    const { address } = source;
    const named = 'SIP/2.0/UDP a.test:5070;branch=z9hG4bK1;maddr=192.0.2.66';
    expect(aim(named, flowFrom(source))).toEqual({ address, port: 5070 });
    const usual = 'SIP/2.0/UDP a.test;branch=z9hG4bK1';
    expect(aim(usual, flowFrom(source))).toEqual({ address, port: 5060 });
  });
});

describe('our own Via', () => {
  it('names our end of the flow, and asks for rport over UDP', () => {
    const remote = { address: '203.0.113.7', port: 1 };
    expect(ownVia(flowFrom(remote), 'z9hG4bKx')).toBe(
      'SIP/2.0/UDP 198.51.100.1:5060;branch=z9hG4bKx;rport',
    );
    expect(ownVia(flowFrom(remote, 'ws'), 'z9hG4bKx')).toBe(
      'SIP/2.0/WS 198.51.100.1:5060;branch=z9hG4bKx',
    );
  });
});
