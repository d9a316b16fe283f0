import { describe } from 'vitest';
import { Linphone } from './kit/linphone.ts';
import { testOffice, type PeerMake } from './kit/office-scenarios.ts';
import type { PeerTransport } from './kit/peer-exchange.ts';

const make: PeerMake<Linphone> = {
  start: (exchange, options) => Linphone.start(exchange, options),
  callEnded: async () => undefined,
  hasParkedByDialling: async (parker) => parker.hangUp(),
};

describe.each<PeerTransport>(['udp', 'tcp', 'tls'])('linphone over %s', (transport) => {
  testOffice(make, transport);
});
