import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutgoingStream } from '../../../../shared/media/embedded/rtp/outgoing-stream.ts';
import type { OutgoingPacket } from '../../../../shared/media/embedded/rtp/outgoing-stream.ts';
import { readRtp } from '../../../../shared/media/embedded/rtp/rtp-packet.ts';

interface Sent {
  readonly index: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly marker: boolean;
  readonly payloadType: number;
  readonly ssrc: number;
  readonly payload: string;
}

function rig(firstSequence = 100, firstTimestamp = 5_000) {
  const sent: Sent[] = [];
  const time = { ms: 1_000 };
  const stream = new OutgoingStream({
    ssrc: 77,
    firstSequence,
    firstTimestamp,
    nowMs: () => time.ms,
    transmit(packet, length, rollover) {
      const read = readRtp(packet, length);
      if (!read) throw new Error('not RTP');
      const { sequence, timestamp, marker, payloadType, ssrc } = read;
      const index = rollover * 65_536 + sequence;
      const payload = read.payload.toString();
      sent.push({ index, sequence, timestamp, marker, payloadType, ssrc, payload });
    },
  });
  const send = (packet: Partial<OutgoingPacket> & { source: object; sequence: number }): void =>
    stream.sendAudio({
      payloadType: 0,
      clockRate: 8_000,
      timestamp: packet.sequence * 160,
      marker: false,
      payload: Buffer.from(`${packet.sequence}`),
      ...packet,
    });
  return { sent, time, stream, send };
}

describe('the stream a phone hears', () => {
  it('goes on without a hole when the source changes: next number, time by the clock, marker', () => {
    const { sent, time, send } = rig();
    const [music, bob] = [{}, {}];
    send({ source: music, sequence: 9_000 });
    time.ms += 20;
    send({ source: music, sequence: 9_001 });
    time.ms += 33;
    send({ source: bob, sequence: 40, timestamp: 123_456 });
    time.ms += 20;
    send({ source: bob, sequence: 41, timestamp: 123_616 });
    expect(sent.map((one) => one.sequence)).toEqual([100, 101, 102, 103]);
    expect(sent.map((one) => one.timestamp)).toEqual([
      5_000,
      5_160,
      5_160 + 33 * 8,
      5_160 + 33 * 8 + 160,
    ]);
    expect(sent.map((one) => one.marker)).toEqual([true, false, true, false]);
    expect(new Set(sent.map((one) => one.ssrc))).toEqual(new Set([77]));
  });

  it('moves at least one packet time ahead when sources change faster', () => {
    const { sent, time, send } = rig();
    send({ source: {}, sequence: 1 });
    time.ms += 1;
    send({ source: {}, sequence: 1 });
    expect((sent[1]?.timestamp ?? 0) - (sent[0]?.timestamp ?? 0)).toBe(160);
  });

  it('counts in the new clock when the new source has another rate', () => {
    const { sent, time, send } = rig();
    send({ source: {}, sequence: 1 });
    time.ms += 40;
    send({ source: {}, sequence: 1, clockRate: 48_000, payloadType: 111 });
    expect((sent[1]?.timestamp ?? 0) - (sent[0]?.timestamp ?? 0)).toBe(40 * 48);
  });

  it('puts a late packet of the same source in its place and does not count back', () => {
    const { sent, send } = rig();
    const source = {};
    for (const sequence of [10, 12, 11, 13]) send({ source, sequence });
    expect(sent.map((one) => one.sequence)).toEqual([100, 102, 101, 103]);
    expect(sent.map((one) => one.timestamp)).toEqual([5_000, 5_320, 5_160, 5_480]);
  });

  it('drops packets from before the switch and doubles', () => {
    const { sent, send } = rig();
    send({ source: {}, sequence: 5 });
    const bob = {};
    for (const sequence of [20, 19, 18, 20, 21]) send({ source: bob, sequence });
    expect(sent.map((one) => one.payload)).toEqual(['5', '20', '21']);
    expect(sent.map((one) => one.sequence)).toEqual([100, 101, 102]);
  });

  it('takes a source that starts anew for a new source', () => {
    const { sent, send } = rig();
    const source = {};
    send({ source, sequence: 60_000 });
    send({ source, sequence: 10_000 });
    expect(sent.map((one) => one.sequence)).toEqual([100, 101]);
    expect(sent[1]?.marker).toBe(true);
  });

  it('goes on without a hole after a hold of the same source', () => {
    const { sent, time, stream, send } = rig();
    const source = {};
    send({ source, sequence: 10 });
    stream.interrupt();
    time.ms += 10_000;
    send({ source, sequence: 510 });
    expect(sent.map((one) => one.sequence)).toEqual([100, 101]);
    expect((sent[1]?.timestamp ?? 0) - (sent[0]?.timestamp ?? 0)).toBe(80_000);
  });

  it('keeps one timestamp for all packets of a digit and leaves the audio’s clock alone', () => {
    const { sent, time, stream, send } = rig();
    const source = {};
    send({ source, sequence: 1 });
    for (let i = 0; i < 3; i++) {
      time.ms += 20;
      const event = { source, sequence: 2 + i, timestamp: 320, payload: Buffer.from('e') };
      stream.sendEvent({
        ...event,
        eventId: 320,
        payloadType: 101,
        clockRate: 8_000,
        marker: false,
      });
    }
    time.ms += 20;
    send({ source, sequence: 5 });
    expect(sent.map((one) => one.sequence)).toEqual([100, 101, 102, 103, 104]);
    expect(sent.map((one) => one.timestamp - 5_000)).toEqual([0, 160, 160, 160, 640]);
    expect(sent.map((one) => one.marker)).toEqual([true, true, false, false, false]);
  });

  it('crosses both wrap-arounds', () => {
    const { sent, send } = rig(65_534, 2 ** 32 - 100);
    const source = {};
    for (let sequence = 65_533; sequence < 65_540; sequence++) {
      send({ source, sequence: sequence & 0xffff, timestamp: (sequence * 160) % 2 ** 32 });
    }
    expect(sent.map((one) => one.index)).toEqual([
      65_534, 65_535, 65_536, 65_537, 65_538, 65_539, 65_540,
    ]);
    expect(sent[1]?.timestamp).toBe(60);
  });

  it('never uses an index twice, whatever the sources do', () => {
    const step = fc.record({
      source: fc.integer({ min: 0, max: 3 }),
      jump: fc.oneof(
        { weight: 8, arbitrary: fc.integer({ min: -3, max: 3 }) },
        fc.integer({ min: -70_000, max: 70_000 }),
      ),
      pauseMs: fc.integer({ min: 0, max: 200 }),
      interrupt: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 150 }),
        fc.integer({ min: 0, max: 65_535 }),
        (steps, start) => {
          const { sent, time, stream, send } = rig(start);
          const sources = [{}, {}, {}, {}];
          const at = [0, 20_000, 40_000, 65_000];
          for (const { source, jump, pauseMs, interrupt } of steps) {
            time.ms += pauseMs;
            if (interrupt) stream.interrupt();
            at[source] = ((at[source] ?? 0) + 1 + jump + 65_536 * 4) % 65_536;
            send({ source: sources[source] ?? {}, sequence: at[source] ?? 0 });
          }
          expect(new Set(sent.map((one) => one.index)).size).toBe(sent.length);
        },
      ),
    );
  });

  it('has no hole in its numbers as long as no source has one', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 200 }), (order) => {
        const { sent, time, send } = rig();
        const sources = [{}, {}, {}, {}];
        const next = [0, 65_530, 30_000, 12];
        let before = -1;
        for (const source of order) {
          time.ms += 20;
          // A source that was away has gone on meanwhile: it comes back somewhere else in its own numbering.
          const jump = source === before ? 1 : 50;
          next[source] = ((next[source] ?? 0) + jump) % 65_536;
          send({ source: sources[source] ?? {}, sequence: next[source] ?? 0 });
          before = source;
        }
        sent.forEach((one, i) => expect(one.index).toBe(100 + i));
        sent
          .slice(1)
          .forEach((one, i) =>
            expect(one.timestamp - (sent[i]?.timestamp ?? 0)).toBeGreaterThan(0),
          );
      }),
    );
  });
});
