/** One caller parked and taken back many times, with a real server, real RTP and real sockets: nothing may be lost or left behind. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEmbeddedMediaEngine } from '../../shared/media/embedded/create-embedded-engine.ts';
import type { EmbeddedMediaEngine } from '../../shared/media/embedded/embedded-engine.ts';
import { SystemClock } from '../../shared/server/system-clock.ts';
import type { ParkServer } from '../../shared/server/park-server.ts';
import type { PhoneCall } from '../fakes/phone-call.ts';
import { connectUdp } from '../fakes/phone-connections.ts';
import { SipPhone, until } from '../fakes/sip-phone.ts';
import {
  addUsers,
  loopbackConfig,
  portOf,
  removeDirectory,
  startServer,
  temporaryDirectory,
} from './kit/park-server.ts';
import { RtpPhone } from './rtp-phone.ts';

/** More by hand, to look for leaks: `PARK_CYCLES=500`. The 20 port pairs below are far fewer in any case. */
const CYCLES = Number(process.env['PARK_CYCLES'] ?? 50);
const BOB_HZ = 440;
const CLIENT_HZ = 900;
const MUSIC_HZ = 1_500;

const music = {
  rate: 16_000,
  samples: Int16Array.from(
    { length: 16_000 },
    (_, i) => 9_000 * Math.sin((2 * Math.PI * MUSIC_HZ * i) / 16_000),
  ),
};

let directory: string;
let media: EmbeddedMediaEngine;
let server: ParkServer;

beforeAll(async () => {
  directory = temporaryDirectory();
  const made = await createEmbeddedMediaEngine({
    addresses: [{ bind: '127.0.0.1' }],
    rtpPorts: { first: 43_000, last: 43_039 },
    holdMusic: music,
  });
  if (!made.ok) throw new Error(made.error.detail);
  media = made.value;
  server = await startServer(loopbackConfig(directory), { media, clock: new SystemClock() });
  addUsers(server, '101', '102', '104');
});
afterAll(async () => {
  await server.close({ graceMs: 0 });
  removeDirectory(directory);
});

async function phone(user: string): Promise<SipPhone> {
  const connection = await connectUdp(portOf(server, 'udp'));
  const made = new SipPhone({ user, password: `secret-${user}` }, connection);
  await made.register();
  return made;
}

/** Dials with real RTP. */
async function dial(from: SipPhone, target: string, ear: RtpPhone): Promise<PhoneCall> {
  const call = await from.call(target, { body: ear.offer() });
  ear.takeAnswer(call.introduction.text);
  return call;
}

const gauge = async (name: string): Promise<number> => {
  const text = await (await fetch(`${server.httpUrl}/metrics`)).text();
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.slice(name.length),
  );
};

it(`is one unbroken stream for a caller who is parked and taken ${CYCLES} times, and leaves nothing behind`, async () => {
  const [bob, alice, client] = [await phone('101'), await phone('102'), await phone('104')];
  const clientEar = RtpPhone.open({ hertz: CLIENT_HZ, codec: 'PCMU' });
  const dialled = client.dial('101', { body: clientEar.offer() });
  const first = (await bob.nextCall()).answer();
  const atClient = await dialled.answered();
  clientEar.takeAnswer(atClient.introduction.text);
  let holder: { readonly call: PhoneCall; readonly ear?: RtpPhone } = { call: first };
  for (let cycle = 0; cycle < CYCLES; cycle += 1) {
    const { call, ear: old } = holder;
    expect((await call.refer('*68102')).status).toBe(202);
    await call.referResult();
    await call.hangUp();
    old?.close();
    const listens = cycle % 10 === 0;
    if (listens) await clientEar.hears(MUSIC_HZ);
    const ear = RtpPhone.open({ hertz: BOB_HZ, codec: 'PCMU' });
    holder = { call: await dial(cycle % 2 === 0 ? alice : bob, '*88102', ear), ear };
    if (!listens) continue;
    await clientEar.hears(BOB_HZ);
    await ear.hears(CLIENT_HZ);
  }
  expect(media.legCounts()).toEqual({ webrtc: 0, sdes: 0, rtp: 2 });
  expect(new Set(clientEar.packets.map(({ ssrc }) => ssrc)).size).toBe(1);
  const steps = clientEar.packets.slice(1).map(({ sequence }, i) => {
    const before = clientEar.packets[i]?.sequence ?? 0;
    return (sequence - before) & 0xffff;
  });
  expect(steps.filter((step) => step !== 1)).toEqual([]);
  await atClient.hangUp();
  await until('both legs to be gone', () => media.legCounts().rtp === 0);
  expect(server.calls.activeCalls).toBe(0);
  expect(await gauge('parkline_calls')).toBe(0);
  expect(await gauge('parkline_parked_calls')).toBe(0);
  expect(await gauge('parkline_retrieves_total{status="200"}')).toBe(CYCLES);
  for (const ear of [clientEar, holder.ear]) ear?.close();
  for (const each of [bob, alice, client]) await each.close();
});
