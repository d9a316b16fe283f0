import { afterEach, beforeEach, expect, it } from 'vitest';
import { Baresip } from './kit/baresip.ts';
import { Linphone } from './kit/linphone.ts';
import { hears } from './kit/office-scenarios.ts';
import { MUSIC_HZ, PeerExchange } from './kit/peer-exchange.ts';

let exchange: PeerExchange;

beforeEach(async () => {
  exchange = await PeerExchange.start(['101', '102', '104']);
});
afterEach(() => exchange.close());

it('a G.711 phone of one make takes back what an Opus phone of another parked, over other transports', async () => {
  const [client, bob, alice] = await Promise.all([
    Linphone.start(exchange, { extension: '104', transport: 'tcp', toneHz: 440 }),
    Linphone.start(exchange, { extension: '101', transport: 'udp', toneHz: 620 }),
    Baresip.start(exchange, { extension: '102', transport: 'tls', toneHz: 800 }),
  ]);
  client.dial('101');
  await hears(client, 620);
  await hears(bob, 440);
  bob.transfer('*68102');
  await hears(client, MUSIC_HZ);
  alice.dial('*88102');
  await hears(alice, 440);
  expect(exchange.parkedCalls).toEqual([]);
  client.hangUp();
  await alice.event('CALL_CLOSED');
});
