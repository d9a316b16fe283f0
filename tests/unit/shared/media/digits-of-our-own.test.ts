import { describe, expect, it } from 'vitest';
import { DigitSender } from '../../../../shared/media/embedded/rtp/digit-sender.ts';
import type { DigitPacket } from '../../../../shared/media/embedded/rtp/digit-sender.ts';
import { OutgoingStream } from '../../../../shared/media/embedded/rtp/outgoing-stream.ts';
import {
  DigitReader,
  readTelephoneEvent,
} from '../../../../shared/media/embedded/rtp/telephone-event.ts';
import { FakeMediaClock } from '../../../fakes/fake-media-clock.ts';

interface Sent extends DigitPacket {
  readonly at: number;
}

function rig() {
  const clock = new FakeMediaClock();
  const began = clock.monotonicMs();
  const sent: Sent[] = [];
  const sender = new DigitSender(clock, (packet) =>
    sent.push({ ...packet, at: clock.monotonicMs() - began }),
  );
  const digits = (): string => {
    const reader = new DigitReader();
    return sent.map(({ payload, timestamp }) => reader.take(payload, timestamp) ?? '').join('');
  };
  return { clock, sender, sent, digits };
}

describe('a digit of our own (RFC 4733)', () => {
  it('lasts as long as was asked, a packet every 20 ms, and ends with three equal packets', () => {
    const { clock, sender, sent } = rig();
    sender.send('5', 100);
    clock.advance(1_000);
    expect(sent.map(({ at }) => at)).toEqual([0, 20, 40, 60, 80, 100, 120]);
    expect(sent.map(({ payload }) => readTelephoneEvent(payload))).toEqual([
      { code: 5, end: false, duration: 160 },
      { code: 5, end: false, duration: 320 },
      { code: 5, end: false, duration: 480 },
      { code: 5, end: false, duration: 640 },
      { code: 5, end: true, duration: 800 },
      { code: 5, end: true, duration: 800 },
      { code: 5, end: true, duration: 800 },
    ]);
    expect(new Set(sent.map(({ timestamp }) => timestamp)).size).toBe(1);
    expect(sent.map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('waits for the one before it, with a pause between', () => {
    const { clock, sender, sent, digits } = rig();
    for (const digit of '11#') sender.send(digit, 80);
    clock.advance(5_000);
    expect(digits()).toBe('11#');
    const starts = sent.filter((packet, i) => packet.timestamp !== sent[i - 1]?.timestamp);
    expect(starts.map(({ at }) => at)).toEqual([0, 180, 360]);
  });

  it('keeps audio back while it lasts and no longer', () => {
    const { clock, sender } = rig();
    expect(sender.busy).toBe(false);
    sender.send('1', 60);
    expect(sender.busy).toBe(true);
    clock.advance(79);
    expect(sender.busy).toBe(true);
    clock.advance(1);
    expect(sender.busy).toBe(false);
  });

  it.each([
    [0, 60],
    [5_000, 1_000],
  ])('of %i ms lasts %i ms', (asked, lasts) => {
    const { clock, sender, sent } = rig();
    sender.send('1', asked);
    clock.advance(5_000);
    const last = sent.at(-1);
    expect(last && readTelephoneEvent(last.payload)?.duration).toBe(lasts * 8);
  });

  it('is sent by nobody when it is none, too many wait, or all is over', () => {
    const { clock, sender, sent, digits } = rig();
    for (const digit of ['', 'x', '12']) sender.send(digit, 100);
    expect(sent).toEqual([]);
    for (let i = 0; i < 200; i++) sender.send('7', 60);
    clock.advance(60_000);
    expect(digits()).toHaveLength(65);
    sender.send('8', 60);
    sender.stop();
    clock.advance(60_000);
    expect(digits()).toHaveLength(65);
    expect(sender.busy).toBe(false);
  });

  it('has a timestamp of its own even where no sound was ever sent', () => {
    const clock = new FakeMediaClock();
    const timestamps: number[] = [];
    const stream = new OutgoingStream({
      ssrc: 7,
      firstSequence: 1,
      firstTimestamp: 9_000,
      nowMs: clock.monotonicMs,
      transmit: (packet) => timestamps.push(packet.readUInt32BE(4)),
    });
    const source = {};
    const sender = new DigitSender(clock, (packet) =>
      stream.sendEvent({
        ...packet,
        source,
        eventId: packet.timestamp,
        payloadType: 101,
        clockRate: 8_000,
        marker: false,
      }),
    );
    sender.send('1', 60);
    sender.send('1', 60);
    clock.advance(2_000);
    expect([...new Set(timestamps)]).toEqual([9_000, 9_000 + 160 * 8]);
  });
});
