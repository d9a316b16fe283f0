import { describe, expect, it } from 'vitest';
import { SymmetricLatch } from '../../../../shared/media/embedded/rtp/symmetric-latch.ts';
import type { Address } from '../../../../shared/media/embedded/udp-socket.ts';

const at = (address: string, port: number): Address => ({ address, port });
const DESCRIBED = at('192.168.1.20', 4_000);
const NAT = '203.0.113.9';
const STRANGER = at('198.51.100.66', 6_666);

function rig(expected: { described?: Address; signallingAddress?: string } = {}) {
  const latch = new SymmetricLatch();
  const { described = DESCRIBED, signallingAddress = NAT } = expected;
  latch.expect({ described, signallingAddress });
  const arrive = (
    from: Address,
    nowMs: number,
    more: { ssrc?: number; payloadType?: number } = {},
  ): boolean => {
    const packet = { from, nowMs, ssrc: 1, payloadType: 0, ...more };
    const accepted = latch.accepts(packet);
    if (accepted) latch.take(packet);
    return accepted;
  };
  return { latch, arrive };
}

describe('symmetric RTP', () => {
  it('sends where the SDP says until something is heard', () => {
    expect(rig().latch.target).toEqual(DESCRIBED);
  });

  it('believes the described address', () => {
    const { latch, arrive } = rig();
    expect(arrive(DESCRIBED, 0)).toBe(true);
    expect(latch.target).toEqual(DESCRIBED);
  });

  it('believes an address with the signalling peer’s IP, whatever the port: that is the NAT', () => {
    const { latch, arrive } = rig();
    expect(arrive(at(NAT, 51_000), 0)).toBe(true);
    expect(latch.target).toEqual(at(NAT, 51_000));
  });

  it('never believes a stranger: neither first, nor between, nor after silence with numbers of his own', () => {
    const { latch, arrive } = rig();
    expect(arrive(STRANGER, 0)).toBe(false);
    arrive(at(NAT, 51_000), 20);
    expect(arrive(STRANGER, 40)).toBe(false);
    expect(arrive(STRANGER, 10_000, { ssrc: 2 })).toBe(false);
    expect(arrive(STRANGER, 10_000, { payloadType: 8 })).toBe(false);
    expect(latch.target).toEqual(at(NAT, 51_000));
  });

  it('follows a rebound NAT after 2 s of silence, with the same SSRC and payload type', () => {
    const { latch, arrive } = rig();
    arrive(at(NAT, 51_000), 0);
    expect(arrive(at(NAT, 52_000), 1_999)).toBe(false);
    expect(arrive(at(NAT, 52_000), 2_000)).toBe(true);
    expect(latch.target).toEqual(at(NAT, 52_000));
  });

  it('follows it too when comfort noise or a digit was the last that came before', () => {
    const { latch, arrive } = rig();
    arrive(at(NAT, 51_000), 0);
    arrive(at(NAT, 51_000), 20, { payloadType: 13 });
    expect(arrive(at(NAT, 52_000), 3_000, { payloadType: 8 })).toBe(false);
    expect(arrive(at(NAT, 52_000), 3_000)).toBe(true);
    expect(latch.target).toEqual(at(NAT, 52_000));
  });

  it('forgets what another stream was made of', () => {
    const { arrive } = rig();
    arrive(at(NAT, 51_000), 0, { payloadType: 8 });
    arrive(at(NAT, 51_000), 20, { ssrc: 2 });
    expect(arrive(at(NAT, 52_000), 3_000, { ssrc: 2, payloadType: 8 })).toBe(false);
  });

  it('lets the described address displace a guess at the beginning, but a guess displaces nothing', () => {
    const { latch, arrive } = rig();
    expect(arrive(at(NAT, 51_000), 0)).toBe(true);
    expect(arrive(at(NAT, 51_002), 10)).toBe(false);
    expect(arrive(DESCRIBED, 20)).toBe(true);
    expect(arrive(at(NAT, 51_000), 30)).toBe(false);
    expect(latch.target).toEqual(DESCRIBED);
  });

  it('lets the phone choose again after a new offer or answer, even while old packets still come', () => {
    const { latch, arrive } = rig();
    arrive(at(NAT, 51_000), 0);
    latch.expect({ described: DESCRIBED, signallingAddress: NAT });
    expect(arrive(at(NAT, 51_000), 5_000)).toBe(true);
    expect(arrive(at(NAT, 53_000), 5_020, { ssrc: 9 })).toBe(true);
    expect(latch.target).toEqual(at(NAT, 53_000));
    expect(arrive(at(NAT, 54_000), 5_040)).toBe(false);
  });

  it('closes the choice 2 s after the first packet, so that nobody behind the same NAT can take a running call', () => {
    const { latch, arrive } = rig();
    arrive(at(NAT, 51_000), 0);
    latch.expect({ described: DESCRIBED, signallingAddress: NAT });
    for (let ms = 1_000; ms <= 3_000; ms += 20) arrive(at(NAT, 51_000), ms);
    expect(arrive(at(NAT, 53_000), 3_020, { ssrc: 9 })).toBe(false);
  });

  it('sends to a newly described address at once', () => {
    const { latch, arrive } = rig();
    arrive(DESCRIBED, 0);
    const moved = at('192.168.1.21', 4_100);
    latch.expect({ described: moved, signallingAddress: NAT });
    expect(latch.target).toEqual(moved);
    expect(arrive(moved, 100)).toBe(true);
  });
});
