import { describe, expect, it } from 'vitest';
import { OutgoingStream } from '../../../../shared/media/embedded/rtp/outgoing-stream.ts';
import { Reception } from '../../../../shared/media/embedded/rtp/reception.ts';
import { RtcpSession } from '../../../../shared/media/embedded/rtp/rtcp.ts';
import {
  DigitReader,
  readTelephoneEvent,
  rescaleEvent,
} from '../../../../shared/media/embedded/rtp/telephone-event.ts';
import { FakeMediaClock } from '../../../fakes/fake-media-clock.ts';

function receive(reception: Reception, sequences: readonly number[], ssrc = 5): void {
  for (const sequence of sequences) {
    const wrapped = sequence & 0xffff;
    const packet = { ssrc, sequence: wrapped, timestamp: sequence * 160, clockRate: 8_000 };
    reception.take({ ...packet, nowMs: sequence * 20 });
  }
}

describe('what a receiver counts', () => {
  it('counts nothing lost in a whole stream, nor in one that is only out of order', () => {
    const reception = new Reception();
    receive(reception, [65_533, 65_535, 65_534, 65_536, 65_538, 65_537]);
    expect(reception.packetsLost).toBe(0);
    expect(reception.report()?.cumulativeLost).toBe(0);
  });

  it('counts what is missing, per interval and altogether', () => {
    const reception = new Reception();
    receive(reception, [1, 2, 3, 4, 6, 7, 8, 10]);
    expect(reception.report()).toMatchObject({ cumulativeLost: 2, fractionLost: 51 });
    receive(reception, [11, 12]);
    expect(reception.report()).toMatchObject({ cumulativeLost: 2, fractionLost: 0 });
  });

  it('does not take another stream’s numbers for loss', () => {
    const reception = new Reception();
    receive(reception, [1, 2, 4]);
    receive(reception, [30_000, 30_001], 6);
    expect(reception.packetsLost).toBe(1);
  });

  it('has no jitter in an even stream and the known one in an uneven', () => {
    const even = new Reception();
    receive(
      even,
      Array.from({ length: 50 }, (_, i) => i),
    );
    expect(even.jitterMs).toBeCloseTo(0);
    const uneven = new Reception();
    for (let i = 0; i < 400; i++) {
      const nowMs = i * 20 + (i % 2) * 8;
      uneven.take({ ssrc: 1, sequence: i, timestamp: i * 160, clockRate: 8_000, nowMs });
    }
    expect(uneven.jitterMs).toBeCloseTo(8, 1);
  });
});

function rtcpRig(clock: FakeMediaClock, ssrc: number) {
  const reception = new Reception();
  const outgoing = new OutgoingStream({
    ssrc,
    firstSequence: 1,
    firstTimestamp: 0,
    nowMs: clock.monotonicMs,
    transmit: () => undefined,
  });
  const session = new RtcpSession({
    outgoing,
    reception,
    cname: 'parkline',
    monotonicMs: clock.monotonicMs,
    wallMs: clock.wallMs,
    random: () => 0.5,
  });
  return { reception, outgoing, session };
}

const audio = (sequence: number) => ({
  source: audio,
  payloadType: 0,
  clockRate: 8_000,
  sequence,
  timestamp: sequence * 160,
  marker: false,
  payload: Buffer.alloc(160),
});

describe('RTCP', () => {
  it('reports first after a second, then every five, a receiver as RR and a sender as SR', () => {
    const clock = new FakeMediaClock();
    const { session, outgoing } = rtcpRig(clock, 7);
    expect(session.due()).toBeUndefined();
    clock.advance(1_000);
    expect(session.due()?.readUInt8(1)).toBe(201);
    outgoing.sendAudio(audio(1));
    clock.advance(4_900);
    expect(session.due()).toBeUndefined();
    clock.advance(100);
    const report = session.due();
    expect(report?.readUInt8(1)).toBe(200);
    expect([report?.readUInt32BE(20), report?.readUInt32BE(24)]).toEqual([1, 160]);
    expect(report?.readUInt32BE(16)).toBe(5_000 * 8);
    expect(report?.length).toBe(28 + 20);
    expect(report?.toString('latin1', 28 + 10, 28 + 18)).toBe('parkline');
  });

  it('measures loss, jitter and the round trip between two ends', () => {
    const clock = new FakeMediaClock();
    const [near, far] = [rtcpRig(clock, 7), rtcpRig(clock, 8)];
    near.outgoing.sendAudio(audio(1));
    receive(far.reception, [1, 2, 4, 5], 7);
    clock.advance(1_000);
    const sent = near.session.due();
    clock.advance(30);
    far.session.receive(sent ?? Buffer.alloc(0));
    clock.advance(500);
    const back = far.session.due();
    clock.advance(40);
    near.session.receive(back ?? Buffer.alloc(0));
    expect(near.session.remoteReport?.roundTripMs).toBeCloseTo(70, 0);
    expect(near.session.remoteReport?.fractionLost).toBeCloseTo(0.2, 2);
  });

  it('ignores reports about others and broken packets', () => {
    const clock = new FakeMediaClock();
    const { session } = rtcpRig(clock, 7);
    for (let length = 0; length < 60; length++) {
      session.receive(Buffer.alloc(length, 0x81));
      session.receive(Buffer.concat([Buffer.from('81c900ff', 'hex'), Buffer.alloc(length)]));
    }
    session.receive(Buffer.concat([Buffer.from('81c9000700000001', 'hex'), Buffer.alloc(24, 1)]));
    expect(session.remoteReport).toBeUndefined();
  });
});

describe('telephone events', () => {
  const event = (code: number, end: boolean, duration: number): Uint8Array =>
    Uint8Array.of(code, (end ? 0x80 : 0) | 10, duration >> 8, duration & 0xff);

  it('are one digit each, taken at the first end packet', () => {
    const reader = new DigitReader();
    const taken = [
      reader.take(event(5, false, 160), 1_000),
      reader.take(event(5, false, 320), 1_000),
      reader.take(event(5, true, 800), 1_000),
      reader.take(event(5, true, 800), 1_000),
      reader.take(event(5, true, 800), 1_000),
      reader.take(event(5, true, 640), 3_000),
      reader.take(event(11, true, 640), 5_000),
    ];
    expect(taken).toEqual([undefined, undefined, '5', undefined, undefined, '5', '#']);
  });

  it('that are no digit (flash, 16) or broken are ignored', () => {
    const reader = new DigitReader();
    expect(reader.take(event(16, true, 800), 1)).toBeUndefined();
    expect(reader.take(Uint8Array.of(1, 0x80), 2)).toBeUndefined();
  });

  it('last as long in another clock', () => {
    const wide = rescaleEvent(event(1, true, 800), 8_000, 48_000);
    expect(readTelephoneEvent(wide)).toEqual({ code: 1, end: true, duration: 4_800 });
    expect(readTelephoneEvent(rescaleEvent(event(1, true, 60_000), 8_000, 48_000))?.duration).toBe(
      65_535,
    );
  });
});
