import { createSocket, type Socket } from 'node:dgram';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEmbeddedMediaEngine } from '../../shared/media/embedded/create-embedded-engine.ts';
import {
  createDtlsCertificate,
  type DtlsCertificate,
} from '../../shared/media/embedded/dtls/certificate.ts';
import type { EmbeddedMediaEngine } from '../../shared/media/embedded/embedded-engine.ts';
import type { MediaLeg } from '../../shared/media/engine.ts';
import { Chance } from '../fuzz/chance.ts';
import { WebRtcPeer } from '../interop/webrtc-peer.ts';

const SEED = 20_261_122;
const HANDSHAKES = 24;
const RTP_LEGS = 8;
const DATAGRAMS = 300;
const FIRST_OCTETS = [0, 20, 21, 22, 23, 128, 129, 144, 200] as const;
const SECOND_OCTETS = [0, 101, 200, 201, 202, 203, 204, 205, 229] as const;

let engine: EmbeddedMediaEngine;
let certificate: DtlsCertificate;

beforeAll(async () => {
  certificate = await createDtlsCertificate();
  const made = await createEmbeddedMediaEngine({ addresses: [{ bind: '127.0.0.1' }] });
  if (!made.ok) throw new Error(made.error.detail);
  engine = made.value;
});
afterAll(() => engine.close());

function noise(chance: Chance): Buffer {
  const bytes = Buffer.from(Array.from({ length: 2 + chance.below(80) }, () => chance.below(256)));
  bytes[0] = chance.pick(FIRST_OCTETS);
  if (chance.once(2)) bytes[1] = chance.pick(SECOND_OCTETS);
  return bytes;
}

/** One datagram with octets changed, its end cut off, a hole filled, or a length that lies. */
function mutant(datagram: Buffer, chance: Chance): Buffer {
  const bytes = Buffer.from(datagram);
  const place = chance.below(bytes.length);
  switch (chance.below(4)) {
    case 0:
      bytes[place] = chance.below(256);
      return bytes;
    case 1:
      return bytes.subarray(0, place + 1);
    case 2:
      return Buffer.concat([bytes.subarray(0, place), noise(chance), bytes.subarray(place)]);
    default:
      if (bytes.length > 13) bytes.writeUInt16BE(chance.below(65_536), 11);
      return bytes;
  }
}

function legFrom(offer: string): MediaLeg {
  const opened = engine.legFromOffer(offer, { legName: 'fuzz' });
  if (!opened.ok) throw new Error(opened.error.detail);
  opened.value.onGone(() => undefined);
  return opened.value;
}

/** A handshake of which mutants arrive beside, and instead of, what the peer says. */
async function handshake(chance: Chance): Promise<void> {
  const peer = await WebRtcPeer.open(certificate);
  const leg = legFrom(peer.offer());
  peer.takeAnswer(leg.createAnswer({ prefer: ['PCMU'] }));
  const send = peer.send.bind(peer);
  peer.send = (datagram) => {
    if (chance.once(2)) send(mutant(Buffer.from(datagram), chance));
    if (!chance.once(3)) send(datagram);
  };
  for (let n = 0; n < 4; n += 1) peer.check();
  void peer.handshake();
  await pause(150);
  for (let n = 0; n < 40; n += 1) send(noise(chance));
  await pause(20);
  leg.close();
  peer.close();
}

async function rtp(chance: Chance): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { leg, port } = rtpLeg(socket);
  engine.play(leg, { kind: 'music' });
  for (let n = 0; n < DATAGRAMS; n += 1)
    socket.send(noise(chance), port + (chance.once(4) ? 1 : 0), '127.0.0.1');
  await pause(20);
  leg.close();
  socket.close();
}

function rtpLeg(socket: Socket): { readonly leg: MediaLeg; readonly port: number } {
  const offer = [
    'v=0',
    'o=- 5 1 IN IP4 127.0.0.1',
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${socket.address().port} RTP/AVP 0 101`,
    'a=rtpmap:101 telephone-event/8000',
    '',
  ].join('\r\n');
  const leg = legFrom(offer);
  const answer = leg.createAnswer({ prefer: ['PCMU'] });
  return { leg, port: Number(/^m=audio (\d+)/m.exec(answer)?.[1]) };
}

/** Whatever escaped the media thread would be an error of this process, and of this test. */
it(`${HANDSHAKES} mutilated handshakes and ${RTP_LEGS * DATAGRAMS} datagrams of noise harm nobody else’s call`, async () => {
  const chance = new Chance(SEED);
  const peer = await WebRtcPeer.open(certificate);
  const leg = legFrom(peer.offer());
  peer.takeAnswer(leg.createAnswer({ prefer: ['PCMU'] }));
  peer.check();
  const session = await peer.handshake();
  await expect.poll(() => leg.connected).toBe(true);
  for (let n = 0; n < HANDSHAKES; n += 4)
    await Promise.all([1, 2, 3, 4].map((extra) => handshake(new Chance(SEED + n + extra))));
  for (let n = 0; n < RTP_LEGS; n += 1) await rtp(chance);
  peer.sendAudio(session, 1);
  await expect.poll(() => leg.stats().packetsReceived).toBe(1);
  peer.close();
}, 60_000);
