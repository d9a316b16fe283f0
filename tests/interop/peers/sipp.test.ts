import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../kit/eventually.ts';
import { Baresip } from './kit/baresip.ts';
import { shareOfTone } from './kit/heard.ts';
import { MUSIC_HZ, PeerExchange, type PeerTransport } from './kit/peer-exchange.ts';
import { runSipp, SIPP_HZ } from './kit/sipp.ts';

describe.each<PeerTransport>(['udp', 'tcp', 'tls'])('sipp over %s', (transport) => {
  let exchange: PeerExchange;
  let callee: Baresip;

  beforeEach(async () => {
    exchange = await PeerExchange.start(['101', '102', '104']);
    callee = await Baresip.start(exchange, { extension: '104', transport, toneHz: 440 });
  });
  afterEach(() => exchange.close());

  it.each([
    { scenario: 'park-by-refer', slot: '102' },
    { scenario: 'park-by-code', slot: '101' },
  ] as const)(
    'registers with digest, calls, parks and retrieves: $scenario',
    async ({ scenario, slot }) => {
      await runSipp(exchange, { scenario, transport, extension: '101', callee: '104' });
      expect(exchange.parkedCalls).toMatchObject([{ slot, parker: '101', state: 'parked' }]);
      await eventually(() => shareOfTone(callee.heard(500), MUSIC_HZ) > 0.9);

      const taken = runSipp(exchange, { scenario: 'retrieve-by-code', transport, extension: slot });
      await eventually(() => shareOfTone(callee.heard(500), SIPP_HZ) > 0.9);
      expect(exchange.parkedCalls).toEqual([]);
      await taken;
      await callee.event('CALL_CLOSED');
    },
  );
});
