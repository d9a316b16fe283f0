/** A whole server that has IPv6 alone: phones sign in, call, park and retrieve, by UDP and by WebSocket. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ServerConfigInput } from '../../shared/config/server-config.ts';
import type { ParkServer } from '../../shared/server/park-server.ts';
import { Endpoint } from '../../shared/sip/transaction/endpoint.ts';
import { systemSipClock, systemSipRandom } from '../../shared/sip/transport/system-ports.ts';
import { openUdp } from '../../shared/sip/transport/udp.ts';
import { FakeMediaEngine } from '../fakes/fake-media-engine.ts';
import { connectWs } from '../fakes/phone-connections.ts';
import { SipPhone, type PhoneConnection } from '../fakes/sip-phone.ts';
import {
  addUsers,
  portOf,
  removeDirectory,
  startServer,
  temporaryDirectory,
} from './kit/park-server.ts';

const HOST = '::1';

let directory: string;
let server: ParkServer;
let phones: SipPhone[];

beforeEach(async () => {
  [directory, phones] = [temporaryDirectory(), []];
  const media = new FakeMediaEngine();
  media.connectAtOnce = true;
  const config: ServerConfigInput = {
    dataDir: directory,
    listen: [
      { transport: 'udp', address: HOST, port: 0 },
      { transport: 'ws', address: HOST, port: 0 },
    ],
    http: { address: HOST, port: 0 },
    logLevel: 'silent',
  };
  server = await startServer(config, { media });
  addUsers(server, '101', '102', '104');
});
afterEach(async () => {
  for (const phone of phones) await phone.close();
  await server.close({ graceMs: 0 });
  removeDirectory(directory);
});

async function byUdp(): Promise<PhoneConnection> {
  const endpoint = new Endpoint({ clock: systemSipClock, random: systemSipRandom });
  const udp = await openUdp({ address: HOST, port: 0, receiver: endpoint });
  return {
    endpoint,
    flow: udp.flowTo({ address: HOST, port: portOf(server, 'udp') }),
    contactHost: `[${HOST}]:${udp.port}`,
    legKind: 'rtp',
    close: () => udp.close(),
  };
}

async function signedIn(user: string, connection: PhoneConnection): Promise<SipPhone> {
  const account = { user, password: `secret-${user}`, domain: `[${HOST}]` };
  const phone = new SipPhone(account, connection);
  phones.push(phone);
  await phone.register();
  return phone;
}

it('parks and retrieves', async () => {
  const client = await signedIn('104', await byUdp());
  const bob = await signedIn('101', await byUdp());
  const alice = await signedIn('102', await connectWs(`ws://[${HOST}]:${portOf(server, 'ws')}`));
  const dialled = client.dial('101');
  const ringing = await bob.nextCall();
  expect(ringing.request.uri.host).toBe(`[${HOST}]`);
  expect(ringing.request.via.host).toBe(`[${HOST}]`);
  const atBob = ringing.answer();
  const atClient = await dialled.answered();
  expect((await atBob.refer('*68102')).status).toBe(202);
  expect((await atBob.referResult()).status).toBe(200);
  const taken = await alice.call('*88');
  expect(taken.introduction.headers.get('P-Asserted-Identity')).toContain(`<sip:104@[${HOST}]`);
  await taken.hangUp();
  await atClient.byeReceived();
  // Where they are, as the server wrote it down.
  const addresses = server.registrar.all().map(({ flow }) => flow?.remote.address);
  expect(new Set(addresses)).toEqual(new Set([HOST]));
});
