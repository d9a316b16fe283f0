/** The embedded engine against real browsers: who hears whom, how long the silence at a switch is, what happens after a move. */
import type { Browser } from '@playwright/test';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedMediaEngine } from '../../shared/media/embedded/embedded-engine.ts';
import { createEmbeddedMediaEngine } from '../../shared/media/embedded/create-embedded-engine.ts';
import type { CodecName, MediaLeg } from '../../shared/media/engine.ts';
import { CODECS_BEST_FIRST } from '../../shared/media/engine.ts';
import { BrowserPhone, hasChromium, launchChromium } from './browser-phone.ts';
import { RtpPhone } from './rtp-phone.ts';

const MUSIC = 1_500;
const ALICE = 440;
const BOB = 750;
const LISTEN_FOR = [MUSIC, ALICE, BOB, 2_250];

const toneOf = (hertz: number, rate: number, seconds: number): Int16Array =>
  Int16Array.from(
    { length: rate * seconds },
    (_, i) => 9_000 * Math.sin((2 * Math.PI * hertz * i) / rate),
  );

function valueOf<T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const connected = (leg: MediaLeg): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${leg.legName} did not connect`)), 8_000);
    leg.onConnected(() => {
      clearTimeout(timer);
      resolve();
    });
  });

describe.runIf(hasChromium())('the embedded media engine and Chromium', () => {
  let browser: Browser;
  let engine: EmbeddedMediaEngine;
  const phones: BrowserPhone[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
    engine = valueOf(
      await createEmbeddedMediaEngine({
        addresses: [{ bind: '127.0.0.1' }],
        rtpPorts: { first: 41_000, last: 41_999 },
        holdMusic: { rate: 16_000, samples: toneOf(MUSIC, 16_000, 2) },
      }),
    );
  });
  afterEach(async () => {
    for (const phone of phones.splice(0)) await phone.page.context().close();
  });
  afterAll(async () => {
    await engine?.close();
    await browser?.close();
  });

  const phoneWith = async (hertz: number): Promise<BrowserPhone> => {
    const phone = await BrowserPhone.open(browser, { hertz, listenFor: LISTEN_FOR });
    phones.push(phone);
    return phone;
  };

  /** The browser calls us. */
  async function callFrom(
    phone: BrowserPhone,
    legName: string,
    prefer: readonly CodecName[] = CODECS_BEST_FIRST,
  ): Promise<MediaLeg> {
    const leg = valueOf(engine.legFromOffer(await phone.offer(), { legName }));
    await phone.takeAnswer(leg.createAnswer({ prefer }));
    await connected(leg);
    return leg;
  }

  /** We call the browser. */
  async function callTo(
    phone: BrowserPhone,
    legName: string,
    codecs: readonly CodecName[] = CODECS_BEST_FIRST,
  ): Promise<MediaLeg> {
    const leg = valueOf(engine.open({ kind: 'webrtc', legName }));
    const answered = leg.applyAnswer(await phone.answerTo(leg.createOffer({ codecs })));
    expect(answered.ok).toBe(true);
    await connected(leg);
    return leg;
  }

  it('carries Opus between two browsers, parks one on music and gives it back without a hole', async () => {
    const [alice, bob] = [await phoneWith(ALICE), await phoneWith(BOB)];
    const aliceLeg = await callFrom(alice, 'alice');
    const bobLeg = await callTo(bob, 'bob');
    expect(engine.planBridge(aliceLeg, bobLeg).kind).toBe('ready');
    engine.bridge(aliceLeg, bobLeg);
    await alice.hears(BOB);
    await bob.hears(ALICE);
    expect((await alice.received()).codec).toBe('audio/opus');

    for (let round = 1; round <= 3; round++) {
      const since = await alice.hears(BOB);
      const before = await alice.received();
      engine.play(aliceLeg, { kind: 'music' });
      await alice.hears(MUSIC);
      await pause(200);
      engine.bridge(aliceLeg, bobLeg);
      await alice.hears(BOB);
      expect(await alice.longestSilenceMs(since)).toBeLessThanOrEqual(20);
      // Two switches; the browser makes up at most one packet's time for each.
      const concealed = (await alice.received()).concealedMs - before.concealedMs;
      expect(concealed).toBeLessThanOrEqual(40);
    }
    expect((await alice.received()).lost).toBeLessThanOrEqual(0);
    const stats = aliceLeg.stats();
    expect(stats.packetsReceived).toBeGreaterThan(50);
    expect(stats.packetsRejected).toBe(0);
  });

  it('sends a browser G.711 music on a leg that was bridged in Opus, when that is what the answer lists', async () => {
    const alice = await phoneWith(ALICE);
    const leg = await callFrom(alice, 'alice', ['PCMU', 'opus']);
    engine.play(leg, { kind: 'music' });
    await alice.hears(MUSIC);
    expect((await alice.received()).codec).toBe('audio/PCMU');
    expect(leg.receivingCodec).toBe('PCMU');
  });

  it.each<{ codec: CodecName; phoneTakes: 'PCMU' | 'PCMA' | 'G722'; browserMime: string }>([
    { codec: 'PCMU', phoneTakes: 'PCMU', browserMime: 'audio/PCMU' },
    { codec: 'PCMA', phoneTakes: 'PCMA', browserMime: 'audio/PCMA' },
    { codec: 'G722', phoneTakes: 'G722', browserMime: 'audio/G722' },
    { codec: 'G722', phoneTakes: 'PCMU', browserMime: 'audio/G722' },
    { codec: 'PCMA', phoneTakes: 'G722', browserMime: 'audio/PCMA' },
  ])('bridges a browser in $codec with a plain RTP phone in $phoneTakes', async (row) => {
    const alice = await phoneWith(ALICE);
    const aliceLeg = await callFrom(alice, 'alice', [row.codec]);
    const desk = RtpPhone.open({ hertz: BOB, codec: row.phoneTakes });
    const deskLeg = valueOf(
      engine.legFromOffer(desk.offer(), { legName: 'desk', signallingAddress: '127.0.0.1' }),
    );
    desk.takeAnswer(deskLeg.createAnswer({ prefer: aliceLeg.remoteCodecs }));
    expect(engine.planBridge(aliceLeg, deskLeg).kind).toBe('ready');
    engine.bridge(aliceLeg, deskLeg);
    await alice.hears(BOB);
    expect((await alice.received()).codec).toBe(
      row.codec === row.phoneTakes ? row.browserMime : `audio/${row.phoneTakes}`,
    );
    await desk.hears(ALICE);
    desk.close();
    deskLeg.close();
  });

  it('asks for a common codec by re-INVITE when an Opus call goes to a G.711 phone, and loses nothing meanwhile', async () => {
    const alice = await phoneWith(ALICE);
    const aliceLeg = await callFrom(alice, 'alice');
    engine.play(aliceLeg, { kind: 'music' });
    const since = await alice.hears(MUSIC);
    const desk = RtpPhone.open({ hertz: BOB, codec: 'PCMA' });
    const deskLeg = valueOf(
      engine.legFromOffer(desk.offer(), { legName: 'desk', signallingAddress: '127.0.0.1' }),
    );
    desk.takeAnswer(deskLeg.createAnswer({ prefer: aliceLeg.remoteCodecs }));
    const plan = engine.planBridge(aliceLeg, deskLeg);
    if (plan.kind !== 'renegotiate') throw new Error(`the plan is ${plan.kind}`);
    expect(plan.leg).toBe(aliceLeg);
    expect(plan.codecs).toEqual(['PCMA']);
    const offer = aliceLeg.createOffer({ codecs: plan.codecs });
    await alice.hears(MUSIC);
    expect(aliceLeg.applyAnswer(await alice.answerTo(offer)).ok).toBe(true);
    expect(engine.planBridge(aliceLeg, deskLeg).kind).toBe('ready');
    engine.bridge(aliceLeg, deskLeg);
    await alice.hears(BOB);
    await desk.hears(ALICE);
    expect(await alice.longestSilenceMs(since)).toBeLessThanOrEqual(40);
    desk.close();
    deskLeg.close();
  });

  it('takes digits from a browser once each, and relays them to the phone it is bridged with', async () => {
    const alice = await phoneWith(ALICE);
    const aliceLeg = await callFrom(alice, 'alice', ['PCMU']);
    const desk = RtpPhone.open({ hertz: BOB, codec: 'PCMU' });
    const deskLeg = valueOf(
      engine.legFromOffer(desk.offer(), { legName: 'desk', signallingAddress: '127.0.0.1' }),
    );
    desk.takeAnswer(deskLeg.createAnswer({ prefer: ['PCMU'] }));
    engine.bridge(aliceLeg, deskLeg);
    const digits: string[] = [];
    aliceLeg.onDtmf((digit) => digits.push(digit));
    await alice.hears(BOB);
    await alice.press('58#');
    await expect.poll(() => digits.join(''), { timeout: 4_000 }).toBe('58#');
    await expect.poll(() => desk.digits.join(''), { timeout: 4_000 }).toBe('58#');
    desk.close();
    deskLeg.close();
  });

  it('takes digits from a browser that sends Opus', async () => {
    const alice = await phoneWith(ALICE);
    const leg = await callFrom(alice, 'alice');
    engine.play(leg, { kind: 'music' });
    const digits: string[] = [];
    leg.onDtmf((digit) => digits.push(digit));
    await alice.hears(MUSIC);
    await alice.press('*68');
    await expect.poll(() => digits.join(''), { timeout: 4_000 }).toBe('*68');
  });

  it('understands hold and resume by re-offer', async () => {
    const alice = await phoneWith(ALICE);
    const leg = await callFrom(alice, 'alice');
    engine.play(leg, { kind: 'music' });
    await alice.hears(MUSIC);
    await alice.setDirection('sendonly');
    expect(leg.applyOffer(await alice.offer()).ok).toBe(true);
    const answer = leg.createAnswer({ prefer: CODECS_BEST_FIRST });
    expect(answer).toContain('a=recvonly');
    await alice.takeAnswer(answer);
    expect(leg.remoteHold).toBe('sendonly');
    const sentWhenHeld = leg.stats().packetsSent;
    await pause(200);
    expect(leg.stats().packetsSent).toBe(sentWhenHeld);
    await alice.setDirection('sendrecv');
    expect(leg.applyOffer(await alice.offer()).ok).toBe(true);
    await alice.takeAnswer(leg.createAnswer({ prefer: CODECS_BEST_FIRST }));
    expect(leg.remoteHold).toBe('none');
    await alice.hears(MUSIC);
  });

  it('gets a browser back after a restart, from the record and one re-INVITE', async () => {
    const alice = await phoneWith(ALICE);
    const leg = await callFrom(alice, 'alice');
    engine.play(leg, { kind: 'music' });
    await alice.hears(MUSIC);
    const record = JSON.parse(JSON.stringify(leg.record()));
    leg.close();
    const other = valueOf(
      await createEmbeddedMediaEngine({
        addresses: [{ bind: '127.0.0.1' }],
        holdMusic: { rate: 16_000, samples: toneOf(2_250, 16_000, 2) },
      }),
    );
    const restored = valueOf(await other.restore(record));
    const offer = restored.createOffer({ codecs: restored.knownCodecs });
    expect(restored.applyAnswer(await alice.answerTo(offer)).ok).toBe(true);
    await connected(restored);
    other.play(restored, { kind: 'music' });
    await alice.hears(2_250);
    await expect
      .poll(() => restored.stats().packetsReceived, { timeout: 3_000 })
      .toBeGreaterThan(20);
    await other.close();
  });

  it('notices at once when a browser closes its connection', async () => {
    const alice = await phoneWith(ALICE);
    const leg = await callFrom(alice, 'alice');
    const reasons: string[] = [];
    leg.onGone((reason) => reasons.push(reason));
    await alice.page.evaluate(() => window.phone.close());
    await expect.poll(() => reasons, { timeout: 3_000 }).toEqual(['dtls-closed']);
  });
});
