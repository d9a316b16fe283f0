/** What a hostile or vanished WebRTC peer can do to the embedded engine: nothing but go. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEmbeddedMediaEngine } from '../../shared/media/embedded/create-embedded-engine.ts';
import type { DtlsCertificate } from '../../shared/media/embedded/dtls/certificate.ts';
import { createDtlsCertificate } from '../../shared/media/embedded/dtls/certificate.ts';
import type { EmbeddedMediaEngine } from '../../shared/media/embedded/embedded-engine.ts';
import type { MediaLeg } from '../../shared/media/engine.ts';
import { FakeMediaClock } from '../fakes/fake-media-clock.ts';
import { WebRtcPeer } from './webrtc-peer.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('a WebRTC leg', () => {
  let engine: EmbeddedMediaEngine;
  let clock: FakeMediaClock;
  let certificate: DtlsCertificate;
  let other: DtlsCertificate;
  let peer: WebRtcPeer;
  let leg: MediaLeg;
  let gone: string[];

  beforeAll(async () => {
    certificate = await createDtlsCertificate();
    other = await createDtlsCertificate();
  });
  beforeEach(async () => {
    clock = new FakeMediaClock();
    const made = await createEmbeddedMediaEngine({
      addresses: [{ bind: '127.0.0.1' }],
      holdMusic: { rate: 8_000, samples: new Int16Array(8_000) },
      clock,
    });
    if (!made.ok) throw new Error(made.error.detail);
    engine = made.value;
    peer = await WebRtcPeer.open(certificate);
    gone = [];
  });
  afterEach(async () => {
    peer.close();
    await engine.close();
  });

  function call(offer = peer.offer()): void {
    const opened = engine.legFromOffer(offer, { legName: 'peer' });
    if (!opened.ok) throw new Error(opened.error.detail);
    leg = opened.value;
    leg.onGone((reason) => gone.push(reason));
    peer.takeAnswer(leg.createAnswer({ prefer: ['PCMU'] }));
  }

  it('connects, hears and is heard', async () => {
    call();
    peer.check();
    const session = await peer.handshake();
    await expect.poll(() => leg.connected).toBe(true);
    peer.sendAudio(session, 1);
    await expect.poll(() => leg.stats().packetsReceived).toBe(1);
    engine.play(leg, { kind: 'music' });
    clock.advance(60);
    await expect.poll(() => peer.received.length).toBe(3);
    expect(session.decrypt(peer.received[0] ?? Buffer.alloc(0)).length).toBe(172);
  });

  it('gives no answer to a check that is not signed with its password', async () => {
    call();
    peer.check({ password: 'guess' });
    peer.check();
    await expect.poll(() => peer.stunAnswers).toBe(1);
    await pause(50);
    expect(peer.stunAnswers).toBe(1);
  });

  it('is gone, never connected, when the certificate is not the announced one', async () => {
    call(peer.offer(other.fingerprint.value));
    peer.check();
    void peer.handshake();
    await expect.poll(() => gone).toEqual(['fingerprint-mismatch']);
    expect(leg.connected).toBe(false);
  });

  it('is gone, never connected, when the announced certificate is shown by somebody without its key', async () => {
    call();
    peer.check();
    void peer.handshake(other);
    await expect.poll(() => gone).toEqual(['dtls-closed']);
    expect(leg.connected).toBe(false);
  });

  it('goes on through forged hellos, alerts and noise', async () => {
    call();
    peer.check();
    const session = await peer.handshake();
    await expect.poll(() => leg.connected).toBe(true);
    const hello = Buffer.from(
      `16fefd0000000000000009${'0036'}01000000000000000000${'00'.repeat(44)}`,
      'hex',
    );
    peer.send(hello);
    peer.send(Buffer.from('15fefd0000000000000009000202 28'.replace(' ', ''), 'hex'));
    peer.send(Buffer.from('15fefd000000000000000a00020100', 'hex'));
    for (let first = 0; first < 256; first++) peer.send(Buffer.alloc(first % 60, first));
    peer.sendAudio(session, 1);
    await expect.poll(() => leg.stats().packetsReceived).toBe(1);
    expect(gone).toEqual([]);
  });

  it('takes every packet once', async () => {
    call();
    peer.check();
    const session = await peer.handshake();
    await expect.poll(() => leg.connected).toBe(true);
    peer.sendAudio(session, 5);
    await expect.poll(() => leg.stats().packetsReceived).toBe(1);
    const rejected = leg.stats().packetsRejected;
    peer.sendAudio(session, 5);
    await expect.poll(() => leg.stats().packetsRejected).toBe(rejected + 1);
    expect(leg.stats().packetsReceived).toBe(1);
  });

  it('is gone after 15 s without a check, once, and not for want of audio', async () => {
    call();
    peer.check();
    await peer.handshake();
    await expect.poll(() => leg.connected).toBe(true);
    for (let i = 1; i <= 6; i++) {
      clock.advance(10_000);
      expect(gone).toEqual([]);
      peer.check();
      await expect.poll(() => peer.stunAnswers).toBe(1 + i);
    }
    clock.advance(14_400);
    expect(gone).toEqual([]);
    clock.advance(1_200);
    expect(gone).toEqual(['stun-silence']);
    clock.advance(60_000);
    expect(gone).toEqual(['stun-silence']);
  });

  it('is not gone because this process itself stood still', async () => {
    call();
    peer.check();
    await expect.poll(() => peer.stunAnswers).toBe(1);
    clock.advance(5_000);
    clock.stall(20_000);
    clock.advance(1_000);
    expect(gone).toEqual([]);
    clock.advance(15_000);
    expect(gone).toEqual(['stun-silence']);
  });

  it('is gone when the peer never comes at all', () => {
    call();
    clock.advance(15_600);
    expect(gone).toEqual(['stun-silence']);
  });

  it('answers an ICE restart with new credentials and keeps talking on the old path meanwhile', async () => {
    call();
    peer.check();
    const session = await peer.handshake();
    await expect.poll(() => leg.connected).toBe(true);
    const offer = peer.offer(undefined, 2).replace('ice-ufrag:peer', 'ice-ufrag:anew');
    expect(leg.applyOffer(offer).ok).toBe(true);
    const before = peer.stunAnswers;
    peer.check();
    await expect.poll(() => peer.stunAnswers).toBe(before + 1);
    const answer = leg.createAnswer({ prefer: ['PCMU'] });
    peer.sendAudio(session, 1);
    await expect.poll(() => leg.stats().packetsReceived).toBe(1);
    peer.takeAnswer(answer);
    peer.check();
    await expect.poll(() => peer.stunAnswers).toBe(before + 2);
    peer.sendAudio(session, 2);
    await expect.poll(() => leg.stats().packetsReceived).toBe(2);
    expect(leg.connected).toBe(true);
  });
});
