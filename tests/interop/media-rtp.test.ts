/** Desk phones at the embedded engine: real sockets on loopback, plain RTP and SRTP with keys in SDP. */
import { createSocket } from 'node:dgram';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RtpHeader, SrtpSession } from 'werift';
import { createEmbeddedMediaEngine } from '../../shared/media/embedded/create-embedded-engine.ts';
import type { EmbeddedMediaEngine } from '../../shared/media/embedded/embedded-engine.ts';
import type { CodecName, MediaLeg } from '../../shared/media/engine.ts';
import { CODECS_BEST_FIRST } from '../../shared/media/engine.ts';
import { writeWav } from '../../shared/media/music/wav.ts';
import { RtpPhone } from './rtp-phone.ts';

const MUSIC = 1_500;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function valueOf<T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}
const tone = (hertz: number, seconds: number) => ({
  rate: 16_000,
  samples: Int16Array.from(
    { length: 16_000 * seconds },
    (_, i) => 9_000 * Math.sin((2 * Math.PI * hertz * i) / 16_000),
  ),
});

describe('the embedded media engine and desk phones', () => {
  let engine: EmbeddedMediaEngine;
  beforeAll(async () => {
    engine = valueOf(
      await createEmbeddedMediaEngine({
        addresses: [{ bind: '127.0.0.1' }, { bind: '::1' }],
        rtpPorts: { first: 42_000, last: 42_099 },
        holdMusic: tone(MUSIC, 2),
      }),
    );
  });
  afterAll(() => engine.close());

  function call(phone: RtpPhone, prefer: readonly CodecName[] = CODECS_BEST_FIRST): MediaLeg {
    const options = { legName: `desk ${phone.port}`, signallingAddress: '127.0.0.1' };
    const leg = valueOf(engine.legFromOffer(phone.offer(), options));
    phone.takeAnswer(leg.createAnswer({ prefer }));
    return leg;
  }

  it('bridges two phones, parks one on music and gives it back in one unbroken stream', async () => {
    const [ann, ben] = [
      RtpPhone.open({ hertz: 440, codec: 'PCMU' }),
      RtpPhone.open({ hertz: 750, codec: 'PCMU' }),
    ];
    const [annLeg, benLeg] = [call(ann), call(ben)];
    expect([annLeg.connected, benLeg.connected]).toEqual([true, true]);
    engine.bridge(annLeg, benLeg);
    await ann.hears(750);
    await ben.hears(440);
    engine.play(annLeg, { kind: 'music' });
    expect(benLeg.hearing.kind).toBe('silence');
    await ann.hears(MUSIC);
    engine.bridge(annLeg, benLeg);
    await ann.hears(750);
    const { packets } = ann;
    expect(new Set(packets.map((one) => one.ssrc)).size).toBe(1);
    packets.slice(1).forEach((packet, i) => {
      const before = packets[i];
      expect((packet.sequence - (before?.sequence ?? 0)) & 0xffff).toBe(1);
      expect((packet.timestamp - (before?.timestamp ?? 0)) >>> 0).toBeLessThan(8_000);
      expect(packet.timestamp).not.toBe(before?.timestamp);
    });
    expect(packets.filter((one) => one.marker).length).toBe(3);
    ann.close();
    ben.close();
    benLeg.close();
    expect(annLeg.hearing.kind).toBe('silence');
    annLeg.close();
  });

  it.each([10, 30, 60])(
    'takes packets of %i ms and comfort noise, also where the other phone needs another codec',
    async (frameMs) => {
      const ann = RtpPhone.open({ hertz: 440, codec: 'G722', frameMs, comfortNoise: true });
      const ben = RtpPhone.open({ hertz: 750, codec: 'PCMA', frameMs, comfortNoise: true });
      const [annLeg, benLeg] = [call(ann), call(ben)];
      engine.bridge(annLeg, benLeg);
      await Promise.all([ann.hears(750), ben.hears(440)]);
      expect(annLeg.stats().packetsRejected).toBe(0);
      expect(new Set(ben.packets.map(({ payloadType }) => payloadType))).toEqual(new Set([8]));
      for (const each of [ann, ben, annLeg, benLeg]) each.close();
    },
  );

  it('ends a bridge for the partner when a leg closes, and refuses to route a closed leg', () => {
    const [ann, ben] = [
      RtpPhone.open({ hertz: 440, codec: 'PCMU' }),
      RtpPhone.open({ hertz: 750, codec: 'PCMU' }),
    ];
    const [annLeg, benLeg] = [call(ann), call(ben)];
    engine.bridge(annLeg, benLeg);
    annLeg.close();
    annLeg.close();
    expect(benLeg.hearing).toEqual({ kind: 'silence' });
    expect(() => engine.bridge(annLeg, benLeg)).toThrow('closed');
    benLeg.close();
    ann.close();
    ben.close();
  });

  it('lets a phone hear itself', async () => {
    const phone = RtpPhone.open({ hertz: 440, codec: 'G722' });
    const leg = call(phone);
    engine.bridge(leg, leg);
    await phone.hears(440);
    engine.play(leg, { kind: 'music' });
    await phone.hears(MUSIC);
    leg.close();
    phone.close();
  });

  it('does not hear a stranger, however right his packets look', async () => {
    const phone = RtpPhone.open({ hertz: 440, codec: 'PCMU' });
    const options = { legName: 'desk', signallingAddress: '127.0.0.1' };
    const leg = valueOf(engine.legFromOffer(phone.offer(), options));
    const answer = leg.createAnswer({ prefer: ['PCMU'] });
    phone.takeAnswer(answer);
    await expect.poll(() => leg.stats().packetsReceived).toBeGreaterThan(5);
    const stranger = createSocket('udp4');
    const packet = Buffer.concat([
      Buffer.from('80000001000000a00de50de5', 'hex'),
      Buffer.alloc(160, 0xff),
    ]);
    const port = Number(/^m=audio (\d+)/m.exec(answer)?.[1]);
    for (let i = 0; i < 5; i++) stranger.send(packet, port, '127.0.0.1');
    await expect.poll(() => leg.stats().packetsRejected).toBe(5);
    stranger.close();
    phone.close();
    leg.close();
  });

  it('sends nothing to a phone that holds, answers recvonly, and goes on without a hole', async () => {
    const phone = RtpPhone.open({ hertz: 440, codec: 'PCMA' });
    const leg = call(phone);
    engine.play(leg, { kind: 'music' });
    await phone.hears(MUSIC);
    expect(leg.applyOffer(phone.offer('sendonly')).ok).toBe(true);
    expect(leg.createAnswer({ prefer: ['PCMA'] })).toContain('a=recvonly');
    expect(leg.remoteHold).toBe('sendonly');
    await pause(60);
    const heard = phone.packets.length;
    await pause(150);
    expect(phone.packets.length).toBe(heard);
    leg.applyOffer(phone.offer());
    leg.createAnswer({ prefer: ['PCMA'] });
    await expect.poll(() => phone.packets.length).toBeGreaterThan(heard + 3);
    const [last, next] = phone.packets.slice(heard - 1, heard + 1);
    expect(((next?.sequence ?? 0) - (last?.sequence ?? 0)) & 0xffff).toBe(1);
    expect(next?.marker).toBe(true);
    phone.close();
    leg.close();
  });

  it('plays a clip once and says so, and the confirmation tone', async () => {
    const phone = RtpPhone.open({ hertz: 440, codec: 'G722' });
    const leg = call(phone);
    const clip = valueOf(await engine.makeClip(writeWav(tone(900, 1))));
    expect(clip.durationMs).toBe(1_000);
    const finished = new Promise<void>((resolve) =>
      engine.play(leg, { kind: 'clip', clip, loop: false }, resolve),
    );
    await phone.hears(900);
    await finished;
    expect(leg.hearing.kind).toBe('silence');
    await new Promise<void>((resolve) =>
      engine.play(leg, { kind: 'tone', tone: 'confirm' }, resolve),
    );
    const refused = await engine.makeClip(Buffer.from('no audio'));
    expect(refused.ok ? '' : refused.error.reason).toBe('not-wav');
    phone.close();
    leg.close();
  });

  it('lets a tenant’s music replace the built-in one for those who listen to it', async () => {
    const phone = RtpPhone.open({ hertz: 440, codec: 'PCMU' });
    const leg = call(phone);
    engine.play(leg, { kind: 'music', name: 'acme' });
    await phone.hears(MUSIC);
    engine.addMusic('acme', valueOf(await engine.makeClip(writeWav(tone(600, 1)))));
    await phone.hears(600);
    const before = phone.packets.length;
    engine.play(leg, { kind: 'music', name: 'acme' });
    await expect.poll(() => phone.packets.length).toBeGreaterThan(before + 4);
    expect(phone.packets.slice(before).some((one) => one.marker)).toBe(false);
    phone.close();
    leg.close();
  });

  it.each(['AEAD_AES_128_GCM', 'AES_CM_128_HMAC_SHA1_80'] as const)(
    'speaks SRTP with keys in SDP: %s',
    async (suite) => {
      const saltLength = suite === 'AEAD_AES_128_GCM' ? 12 : 14;
      const key = Buffer.from(Array.from({ length: 16 + saltLength }, (_, i) => i * 3));
      const socket = createSocket('udp4');
      await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
      const offer = `v=0\r\no=d 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${socket.address().port} RTP/SAVP 0\r\na=crypto:3 ${suite} inline:${key.toString('base64')}\r\n`;
      const leg = valueOf(
        engine.legFromOffer(offer, { legName: 'sdes', signallingAddress: '127.0.0.1' }),
      );
      expect(leg.kind).toBe('sdes');
      const answer = leg.createAnswer({ prefer: ['PCMU'] });
      const line = /^m=audio (\d+) RTP\/SAVP 0\r\n[^]*a=crypto:3 (\S+) inline:(\S+)\r\n/m.exec(
        answer,
      );
      expect(line?.[2]).toBe(suite);
      const theirs = Buffer.from(line?.[3] ?? '', 'base64');
      const peer = new SrtpSession({
        profile: suite === 'AEAD_AES_128_GCM' ? 7 : 1,
        keys: {
          localMasterKey: key.subarray(0, 16),
          localMasterSalt: key.subarray(16),
          remoteMasterKey: theirs.subarray(0, 16),
          remoteMasterSalt: theirs.subarray(16),
        },
      });
      const heard: Buffer[] = [];
      socket.on('message', (packet) => heard.push(peer.decrypt(packet)));
      const send = (sequenceNumber: number, broken = false): void => {
        const header = new RtpHeader({
          payloadType: 0,
          sequenceNumber,
          timestamp: sequenceNumber * 160,
          ssrc: 5,
        });
        const packet = Buffer.from(peer.encrypt(Buffer.alloc(160, 0x55), header));
        if (broken) packet[20] = (packet[20] ?? 0) ^ 1;
        socket.send(packet, Number(line?.[1]), '127.0.0.1');
      };
      // Somebody at an address that may send, without the keys: neither heard nor answered.
      const stranger = createSocket('udp4');
      const forged = Buffer.concat([Buffer.from('800000010000000a00000005', 'hex'), key, key, key]);
      stranger.send(forged, Number(line?.[1]), '127.0.0.1');
      await expect.poll(() => leg.stats().packetsRejected).toBe(1);
      let strangerHeard = 0;
      stranger.on('message', () => (strangerHeard += 1));
      send(1);
      send(2, true);
      send(3);
      await expect.poll(() => leg.stats().packetsReceived).toBe(2);
      expect(leg.stats().packetsRejected).toBe(2);
      engine.play(leg, { kind: 'music' });
      await expect.poll(() => heard.length).toBeGreaterThan(3);
      expect(heard[0]?.length).toBe(172);
      expect(strangerHeard).toBe(0);
      stranger.close();
      leg.applyOffer(offer.replace('o=d 1 1', 'o=d 1 2'));
      expect(leg.createAnswer({ prefer: ['PCMU'] })).toContain(`inline:${line?.[3]}`);
      const before = heard.length;
      send(4);
      await expect.poll(() => leg.stats().packetsReceived).toBe(3);
      await expect.poll(() => heard.length).toBeGreaterThan(before);
      leg.close();
      socket.close();
    },
  );

  it('offers on the address family of the peer, on an even port with RTCP beside it', () => {
    const leg = valueOf(engine.open({ kind: 'rtp', legName: 'six', signallingAddress: '::1' }));
    const offer = leg.createOffer({ codecs: CODECS_BEST_FIRST });
    expect(offer).toContain('c=IN IP6 ::1\r\n');
    const port = Number(/^m=audio (\d+)/m.exec(offer)?.[1]);
    expect(port % 2).toBe(0);
    expect(offer).toContain(`a=rtcp:${port + 1}\r\n`);
    leg.close();
  });

  it('says an address that a NAT maps to the bound one, to phones and browsers alike', async () => {
    const behind = valueOf(
      await createEmbeddedMediaEngine({
        addresses: [{ bind: '127.0.0.1', advertise: '203.0.113.7' }],
        rtpPorts: { first: 42_210, last: 42_213 },
        holdMusic: tone(MUSIC, 1),
      }),
    );
    const offers = (['rtp', 'sdes', 'webrtc'] as const).map((kind) =>
      valueOf(behind.open({ kind, legName: kind })).createOffer({ codecs: CODECS_BEST_FIRST }),
    );
    const [rtp = '', sdes = '', webrtc = ''] = offers;
    for (const offer of [rtp, sdes]) expect(offer).toContain('c=IN IP4 203.0.113.7\r\n');
    expect(webrtc).toMatch(/a=candidate:\S+ 1 udp \d+ 203\.0\.113\.7 \d+ typ host/i);
    expect(offers.join('')).not.toContain('127.0.0.1');
    await behind.close();
  });

  it('refuses a leg when the ports are used up, and has them back when legs close', async () => {
    const small = valueOf(
      await createEmbeddedMediaEngine({
        addresses: [{ bind: '127.0.0.1' }],
        rtpPorts: { first: 42_200, last: 42_203 },
        holdMusic: tone(MUSIC, 1),
      }),
    );
    const open = () => small.open({ kind: 'rtp', legName: 'one' });
    const [first, second, third] = [open(), open(), open()];
    expect([first.ok, second.ok, third.ok]).toEqual([true, true, false]);
    expect(third.ok ? '' : third.error.reason).toBe('no-ports');
    valueOf(first).close();
    expect(open().ok).toBe(true);
    expect(small.legCounts()).toEqual({ webrtc: 0, sdes: 0, rtp: 2 });
    await small.close();
    await small.close();
  });

  it('says what is wrong with an address to bind', async () => {
    const reasons = await Promise.all(
      ['0.0.0.0', '203.0.113.77'].map(async (bind) => {
        const made = await createEmbeddedMediaEngine({ addresses: [{ bind }] });
        return made.ok ? 'bound' : made.error.reason;
      }),
    );
    expect(reasons).toEqual(['wildcard-address', 'bind-failed']);
  });
});
