import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../kit/eventually.ts';
import { shareOfTone } from './kit/heard.ts';
import { Linphone } from './kit/linphone.ts';
import { MUSIC_HZ, PeerExchange, type PeerTransport } from './kit/peer-exchange.ts';

const TONES = { client: 440, bob: 620, alice: 800 };

const hears = (who: Linphone, hz: number): Promise<void> =>
  eventually(() => shareOfTone(who.heard(500), hz) > 0.9, 20_000);

describe.each<PeerTransport>(['udp', 'tcp', 'tls'])('linphone over %s', (transport) => {
  let exchange: PeerExchange;
  let client: Linphone;
  let bob: Linphone;
  let alice: Linphone;

  const phone = (extension: string, toneHz: number): Promise<Linphone> =>
    Linphone.start(exchange, { extension, transport, toneHz });

  beforeEach(async () => {
    exchange = await PeerExchange.start(['101', '102', '104']);
    [client, bob, alice] = await Promise.all([
      phone('104', TONES.client),
      phone('101', TONES.bob),
      phone('102', TONES.alice),
    ]);
    client.dial('101');
    await hears(client, TONES.bob);
    await hears(bob, TONES.client);
  });
  afterEach(() => exchange.close());

  it('parks by blind transfer and retrieves by dialling, and everybody hears whom they should', async () => {
    bob.transfer('*68102');
    await hears(client, MUSIC_HZ);
    expect(exchange.parkedCalls).toMatchObject([{ slot: '102', parker: '101', state: 'parked' }]);

    alice.dial('*88102');
    await hears(client, TONES.alice);
    await hears(alice, TONES.client);
    expect(exchange.parkedCalls).toEqual([]);
  });

  it('holds, parks by dialling the code, and takes the call back', async () => {
    bob.hold();
    await hears(client, MUSIC_HZ);
    bob.dial('*68');
    await eventually(() => exchange.parkedCalls.length === 1);
    bob.hangUp();
    await hears(client, MUSIC_HZ);

    bob.dial('*88');
    await hears(client, TONES.bob);
    await hears(bob, TONES.client);
  });

  it('holds and resumes after a retrieve, with sound both ways', async () => {
    bob.transfer('*68102');
    await hears(client, MUSIC_HZ);
    alice.dial('*88102');
    await hears(alice, TONES.client);
    alice.hold();
    await hears(client, MUSIC_HZ);
    alice.resume();
    await hears(client, TONES.alice);
    await hears(alice, TONES.client);
  });
});
