import { systemSipClock, systemSipRandom } from '../../shared/sip/transport/system-ports.ts';
import { StreamConnector } from '../../shared/sip/transport/connector.ts';
import { Endpoint } from '../../shared/sip/transaction/endpoint.ts';
import { makeRequest } from '../../shared/sip/message/builders.ts';
import type { SipRequest } from '../../shared/sip/message/message.ts';
import { withTag } from '../../shared/sip/message/name-addr.ts';
import type { ExtraHeaders } from '../../shared/sip/transaction/transaction-user.ts';
import { addressOf } from '../fakes/phone-line.ts';
import { connectUdp, connectWs } from '../fakes/phone-connections.ts';
import { SipPhone, type PhoneConnection } from '../fakes/sip-phone.ts';
import type { SoakPorts } from './soak-server.ts';

export type Way = 'udp' | 'tcp' | 'ws';

/** For phones that are not called: to what came by WebSocket the server offers WebRTC, and these have plain RTP. */
export const ANY_WAY: readonly [Way, ...Way[]] = ['udp', 'tcp', 'ws'];
export const DESK_WAY: readonly [Way, ...Way[]] = ['udp', 'tcp'];

/** A phone with plain RTP by any transport: no sound comes from it, so nothing waits for DTLS. */
async function connect(ports: SoakPorts, way: Way): Promise<PhoneConnection> {
  switch (way) {
    case 'udp':
      return connectUdp(ports.udp);
    case 'tcp':
      return connectTcp(ports.tcp);
    case 'ws':
      return { ...(await connectWs(`ws://127.0.0.1:${ports.ws}`)), legKind: 'rtp' };
  }
}

/** A desk phone on a connection that it opened itself. */
async function connectTcp(serverPort: number): Promise<PhoneConnection> {
  const endpoint = new Endpoint({
    clock: systemSipClock,
    random: systemSipRandom,
    supported: ['timer', 'replaces'],
    product: 'ScriptedPhone/1',
  });
  const connector = new StreamConnector({ receiver: endpoint });
  const flow = connector.flowTo({
    transport: 'tcp',
    remote: { address: '127.0.0.1', port: serverPort },
    local: { address: '127.0.0.1', port: 5060 },
  });
  if (flow === undefined) throw new Error('no connection');
  return {
    endpoint,
    flow,
    contactHost: '127.0.0.1:5060;transport=tcp',
    legKind: 'rtp',
    close: async () => connector.close(),
  };
}

/** The one device of an extension, signed in: whatever was signed in under that name before is signed out. */
export async function signIn(ports: SoakPorts, extension: string, way: Way): Promise<SipPhone> {
  const account = { user: extension, password: `secret-${extension}` };
  const phone = new SipPhone(account, await connect(ports, way));
  await signOutAll(phone);
  await phone.register();
  return phone;
}

/** RFC 3261 §10.2.2: all bindings of the extension, those of phones that vanished included. */
export async function signOutAll(phone: SipPhone): Promise<void> {
  const callId = `all-${phone.account.user}-${performance.now()}`;
  let cseq = 0;
  const make = (headers: ExtraHeaders): SipRequest =>
    makeRequest({
      method: 'REGISTER',
      uri: phone.uri(`sip:${phone.domain}`),
      from: withTag(addressOf(phone.address), 'all'),
      to: addressOf(phone.address),
      callId,
      cseq: (cseq += 1),
      headers: [['Contact', '*'], ['Expires', '0'], ...headers],
    });
  const { status } = await phone.request(make([]), make);
  if (status !== 200) throw new Error(`REGISTER *: ${status}`);
}
