import type { Browser } from '@playwright/test';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasChromium, launchChromium } from '../browser-phone.ts';
import { JsSipPhone } from './kit/jssip-phone.ts';
import { MUSIC_HZ, PeerExchange } from './kit/peer-exchange.ts';

const TONES = { client: 440, bob: 620, alice: 800 };

describe.runIf(hasChromium())('JsSIP in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  describe.each(['ws', 'wss'] as const)('over %s', (transport) => {
    let exchange: PeerExchange;
    let client: JsSipPhone;
    let bob: JsSipPhone;
    let alice: JsSipPhone;

    beforeEach(async () => {
      exchange = await PeerExchange.start(['101', '102', '104']);
      const phone = (extension: string, toneHz: number) =>
        JsSipPhone.start(browser, exchange, { extension, transport, toneHz });
      [client, bob, alice] = await Promise.all([
        phone('104', TONES.client),
        phone('101', TONES.bob),
        phone('102', TONES.alice),
      ]);
    });
    afterEach(() => exchange.close());

    it('registers, calls, parks and retrieves, and everybody hears whom they should', async () => {
      await client.dial('101');
      await client.hears(TONES.bob);
      await bob.hears(TONES.client);

      expect(await bob.refer('*68102')).toBe(200);
      await bob.hangUp();
      await client.hears(MUSIC_HZ);
      expect(exchange.parkedCalls).toMatchObject([{ slot: '102', parker: '101', state: 'parked' }]);

      await alice.dial('*88');
      await client.hears(TONES.alice);
      await alice.hears(TONES.client);
      expect(exchange.parkedCalls).toEqual([]);

      await client.hangUp();
      await Promise.all([alice, bob].map((phone) => phone.idle()));
    });
  });
});

it('Chromium is there, or the run says that JsSIP was not tried', () => {
  if (!hasChromium()) console.warn('JsSIP was not tried: there is no Chromium');
  if (process.env['CI'] === 'true') expect(hasChromium()).toBe(true);
});
