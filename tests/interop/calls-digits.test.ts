import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmbeddedMediaEngine } from '../../shared/media/embedded/create-embedded-engine.ts';
import type { EmbeddedMediaEngine } from '../../shared/media/embedded/embedded-engine.ts';
import type { MediaLeg } from '../../shared/media/engine.ts';
import { until } from '../fakes/sip-phone.ts';
import { RtpPhone } from './rtp-phone.ts';

const EVENTS = 101;

describe('digits of our own, over real RTP', () => {
  let engine: EmbeddedMediaEngine;
  beforeAll(async () => {
    const made = await createEmbeddedMediaEngine({
      addresses: [{ bind: '127.0.0.1' }],
      rtpPorts: { first: 42_200, last: 42_219 },
      // Short, so that it is made at once.
      holdMusic: { rate: 16_000, samples: new Int16Array(16_000) },
    });
    if (!made.ok) throw new Error(JSON.stringify(made.error));
    engine = made.value;
  });
  afterAll(() => engine.close());

  function call(phone: RtpPhone, offer = phone.offer()): MediaLeg {
    const leg = engine.legFromOffer(offer, { legName: 'desk', signallingAddress: '127.0.0.1' });
    if (!leg.ok) throw new Error(leg.error.detail);
    phone.takeAnswer(leg.value.createAnswer({ prefer: ['PCMU'] }));
    return leg.value;
  }

  it('reach a phone in the midst of a call, in one unbroken stream with its partner’s voice', async () => {
    const [ann, ben] = [
      RtpPhone.open({ hertz: 440, codec: 'PCMU' }),
      RtpPhone.open({ hertz: 750, codec: 'PCMU' }),
    ];
    const [annLeg, benLeg] = [call(ann), call(ben)];
    engine.bridge(annLeg, benLeg);
    await ben.hears(440);
    expect(benLeg.takesDtmf).toBe(true);
    for (const digit of '55#') benLeg.sendDtmf(digit, 80);
    const events = () => ben.packets.filter(({ payloadType }) => payloadType === EVENTS);
    await until('the digits', () => events().length === 3 * (4 + 2));
    await until('her voice again', () => ben.packets.at(-1)?.payloadType === 0);
    expect(ben.digits).toEqual(['5', '5', '#']);

    const { packets } = ben;
    expect(new Set(packets.map(({ ssrc }) => ssrc)).size).toBe(1);
    packets.slice(1).forEach(({ sequence }, i) => {
      expect((sequence - (packets[i]?.sequence ?? 0)) & 0xffff).toBe(1);
    });
    expect(events().filter(({ marker }) => marker)).toHaveLength(3);
    const first = packets.findIndex(({ payloadType }) => payloadType === EVENTS);
    const during = packets.slice(first, first + 6).map(({ payloadType }) => payloadType);
    expect(during).toEqual(Array.from({ length: 6 }, () => EVENTS));
    for (const each of [ann, ben, annLeg, benLeg]) each.close();
  });

  it('are not sent to a phone that agreed to none or holds', () => {
    const phone = RtpPhone.open({ hertz: 440, codec: 'PCMU' });
    const none = phone.offer().replace(/^a=rtpmap:101.*\r\n/m, '');
    const [without, held] = [call(phone, none), call(phone, phone.offer('sendonly'))];
    expect([without.takesDtmf, held.takesDtmf]).toEqual([false, false]);
    without.sendDtmf('1', 100);
    held.sendDtmf('1', 100);
    for (const each of [without, held, phone]) each.close();
  });
});
