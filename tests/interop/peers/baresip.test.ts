import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../kit/eventually.ts';
import { Baresip } from './kit/baresip.ts';
import { shareOfTone } from './kit/heard.ts';
import { MUSIC_HZ, PeerExchange, type PeerTransport } from './kit/peer-exchange.ts';

const TONES = { client: 440, bob: 620, alice: 800 };

const hears = (who: Baresip, hz: number): Promise<void> =>
  eventually(() => shareOfTone(who.heard(500), hz) > 0.9, 20_000);

describe.each<PeerTransport>(['udp', 'tcp', 'tls'])('baresip over %s', (transport) => {
  let exchange: PeerExchange;
  let client: Baresip;
  let bob: Baresip;
  let alice: Baresip;

  const phone = (extension: string, toneHz: number): Promise<Baresip> =>
    Baresip.start(exchange, { extension, transport, toneHz });

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
    await bob.event('CALL_CLOSED');
    await hears(client, MUSIC_HZ);
    expect(exchange.parkedCalls).toMatchObject([{ slot: '102', parker: '101', state: 'parked' }]);

    alice.dial('*88102');
    await hears(client, TONES.alice);
    await hears(alice, TONES.client);
    expect(exchange.parkedCalls).toEqual([]);

    client.hangUp();
    await alice.event('CALL_CLOSED');
  });

  it('holds, parks by dialling the code, and takes the call back', async () => {
    bob.hold();
    await hears(client, MUSIC_HZ);
    bob.dial('*68');
    await eventually(() => exchange.parkedCalls.length === 1);
    await bob.event('CALL_CLOSED', 2);
    await hears(client, MUSIC_HZ);

    bob.dial('*88');
    await hears(client, TONES.bob);
    await hears(bob, TONES.client);
  });

  it('holds and resumes after a retrieve, with sound both ways', async () => {
    bob.transfer('*68102');
    await bob.event('CALL_CLOSED');
    alice.dial('*88102');
    await hears(alice, TONES.client);
    alice.hold();
    await hears(client, MUSIC_HZ);
    alice.resume();
    await hears(client, TONES.alice);
    await hears(alice, TONES.client);
  });

  it('goes on talking when the park is refused', async () => {
    bob.transfer('*68999');
    await bob.event('TRANSFER_FAILED');
    // Longer than what is listened to below: the sound of before does not count.
    await pause(700);
    await hears(client, TONES.bob);
    await hears(bob, TONES.client);
    expect(exchange.parkedCalls).toEqual([]);
  });
});
