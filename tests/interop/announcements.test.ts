import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmbeddedMediaEngine } from '../../shared/media/embedded/create-embedded-engine.ts';
import { CODECS_BEST_FIRST, type MediaEngine } from '../../shared/media/engine.ts';
import { Announcer } from '../../shared/server/announcements/announcer.ts';
import { spokenDigits } from '../../shared/server/announcements/phrases.ts';
import { silentLogger } from '../../shared/server/log.ts';
import { SystemClock } from '../../shared/server/system-clock.ts';
import { RtpPhone } from './rtp-phone.ts';

/** What the recordings of one and zero take together, with the pauses that they end with. */
const DIGITS_MS = 975;

describe('an announcement through the real media engine', () => {
  let media: MediaEngine;
  beforeAll(async () => {
    const made = await createEmbeddedMediaEngine({
      addresses: [{ bind: '127.0.0.1' }],
      rtpPorts: { first: 42_200, last: 42_219 },
    });
    if (!made.ok) throw new Error(made.error.detail);
    media = made.value;
  });
  afterAll(() => media.close());

  it.each(['PCMU', 'G722'] as const)(
    'is heard whole in %s, and then told to be over',
    async (codec) => {
      const phone = RtpPhone.open({ hertz: 440, codec });
      const made = media.legFromOffer(phone.offer(), {
        legName: 'listener',
        signallingAddress: '127.0.0.1',
      });
      if (!made.ok) throw new Error(made.error.detail);
      phone.takeAnswer(made.value.createAnswer({ prefer: CODECS_BEST_FIRST }));
      const announcer = new Announcer({ media, clock: new SystemClock(), log: silentLogger });
      const announcement = { language: 'en', phrases: spokenDigits('10') };
      const heard = phone.hearsSound();
      await new Promise<void>((done) => announcer.say(made.value, announcement, done));
      await heard;
      const packets = phone.packets.filter(({ payloadType }) => payloadType !== 13).length;
      expect(packets * 20).toBeGreaterThan(DIGITS_MS * 0.9);
      expect(packets * 20).toBeLessThan(DIGITS_MS * 1.4);
      const sequence = phone.packets.map((packet) => packet.sequence);
      expect(new Set(sequence).size).toBe(sequence.length);
      made.value.close();
      phone.close();
    },
  );
});
