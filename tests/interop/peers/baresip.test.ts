import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Baresip } from './kit/baresip.ts';
import { hears, testOffice, TONES, type PeerMake } from './kit/office-scenarios.ts';
import type { PeerTransport } from './kit/peer-exchange.ts';

const make: PeerMake<Baresip> = {
  start: (exchange, options) => Baresip.start(exchange, options),
  callEnded: (phone) => phone.event('CALL_CLOSED'),
  hasParkedByDialling: (parker) => parker.event('CALL_CLOSED', 2),
};

describe.each<PeerTransport>(['udp', 'tcp', 'tls'])('baresip over %s', (transport) => {
  const office = testOffice(make, transport);

  it('goes on talking when the park is refused', async () => {
    const { exchange, client, bob } = office();
    bob.transfer('*68999');
    await bob.event('TRANSFER_FAILED');
    // Longer than what is listened to below: the sound of before does not count.
    await pause(700);
    await hears(client, TONES.bob);
    await hears(bob, TONES.client);
    expect(exchange.parkedCalls).toEqual([]);
  });
});
