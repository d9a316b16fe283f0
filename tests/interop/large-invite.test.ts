/** RFC 3261 §18.1.1, as a whole server keeps it: what is too large for a datagram goes by TCP to a phone that signed in by UDP. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Endpoint } from '../../shared/sip/transaction/endpoint.ts';
import { systemSipClock, systemSipRandom } from '../../shared/sip/transport/system-ports.ts';
import { openTcp } from '../../shared/sip/transport/tcp.ts';
import { openUdp } from '../../shared/sip/transport/udp.ts';
import type { PhoneConnection, SipPhone } from '../fakes/sip-phone.ts';
import { Exchange } from './kit/exchange.ts';
import { portOf } from './kit/park-server.ts';

const LOOPBACK = '127.0.0.1';
/** In a Contact it makes whatever is sent there too large. */
const LONG = `;x=${'a'.repeat(1_300)}`;

let exchange: Exchange;

beforeEach(async () => {
  exchange = await Exchange.start(['101', '102']);
});
afterEach(() => exchange.close());

interface Desk {
  readonly takesTcp: boolean;
  readonly contactParams: string;
}

/** A phone that signs in by UDP, and listens on TCP at the same port if it takes that. */
async function phone({ takesTcp, contactParams }: Desk): Promise<SipPhone> {
  const endpoint = new Endpoint({ clock: systemSipClock, random: systemSipRandom });
  const tcp = await openTcp({ address: LOOPBACK, port: 0, receiver: endpoint });
  const { port } = tcp;
  if (!takesTcp) await tcp.close();
  const udp = await openUdp({ address: LOOPBACK, port, receiver: endpoint });
  const connection: PhoneConnection = {
    endpoint,
    flow: udp.flowTo({ address: LOOPBACK, port: portOf(exchange.server, 'udp') }),
    contactHost: `${LOOPBACK}:${port}${contactParams}`,
    legKind: 'rtp',
    close: async () => void (await Promise.all([udp.close(), tcp.close()])),
  };
  const made = exchange.joined('102', connection);
  await made.register();
  return made;
}

it.each([
  { takesTcp: true, contactParams: LONG, transport: 'TCP' },
  { takesTcp: false, contactParams: LONG, transport: 'UDP' },
  { takesTcp: true, contactParams: '', transport: 'UDP' },
])(
  'an INVITE goes by $transport (the phone takes TCP: $takesTcp), and so the call',
  async ({ transport, ...desk }) => {
    const alice = await phone(desk);
    const bob = await exchange.signedIn('101');
    const dialled = bob.dial('102');
    const ringing = await alice.nextCall();
    expect(ringing.request.via.transport).toBe(transport);
    const atAlice = ringing.answer();
    const atBob = await dialled.answered();
    await atBob.hangUp();
    await atAlice.byeReceived();
  },
);
