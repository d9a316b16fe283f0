import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { parseMessage } from '../../shared/sip/message/parse-message.ts';
import { disposable } from '../../shared/sip/transaction/disposable.ts';
import { Endpoint } from '../../shared/sip/transaction/endpoint.ts';
import type { Flow } from '../../shared/sip/transaction/flow.ts';
import { systemSipClock, systemSipRandom } from '../../shared/sip/transport/system-ports.ts';
import { openUdp } from '../../shared/sip/transport/udp.ts';
import type { PhoneConnection } from './sip-phone.ts';

function phoneEndpoint(product = 'ScriptedPhone/1'): Endpoint {
  return new Endpoint({
    clock: systemSipClock,
    random: systemSipRandom,
    supported: ['timer', 'replaces'],
    product,
  });
}

/** Told of every message as it came. */
export type Listening = (bytes: Uint8Array) => void;

/** A phone on a UDP socket of its own: a desk phone. */
export async function connectUdp(
  serverPort: number,
  product?: string,
  heard: Listening = () => undefined,
): Promise<PhoneConnection> {
  const endpoint = phoneEndpoint(product);
  const listener = await openUdp({
    address: '127.0.0.1',
    port: 0,
    receiver: endpoint,
    observer: { traffic: (direction, _flow, bytes) => void (direction === 'in' && heard(bytes)) },
  });
  return {
    endpoint,
    flow: listener.flowTo({ address: '127.0.0.1', port: serverPort }),
    contactHost: `127.0.0.1:${listener.port}`,
    legKind: 'rtp',
    close: () => listener.close(),
  };
}

/** A phone on a WebSocket, as JsSIP is: an unreachable Contact, and WebRTC. */
export async function connectWs(
  url: string,
  heard: Listening = () => undefined,
): Promise<PhoneConnection & { drop(): void }> {
  const endpoint = phoneEndpoint('JsSIP-like/1');
  const socket = new WebSocket(url, 'sip');
  await once(socket, 'open');
  const contactHost = `${randomBytes(6).toString('hex')}.invalid;transport=ws`;
  const flow = clientFlow(socket, contactHost);
  socket.on('message', (data: Buffer) => {
    heard(data);
    const read = parseMessage(data, { framing: 'datagram' });
    if (read.kind === 'message') endpoint.receive(read.message, flow);
  });
  return {
    endpoint,
    flow,
    contactHost,
    legKind: 'webrtc',
    drop: () => socket.terminate(),
    close: async () => {
      if (socket.readyState === WebSocket.CLOSED) return;
      socket.close();
      await once(socket, 'close');
    },
  };
}

function clientFlow(socket: WebSocket, id: string): Flow {
  return {
    id,
    transport: 'ws',
    reliable: true,
    secure: false,
    remote: { address: '127.0.0.1', port: 0 },
    local: { address: id.split(';')[0] ?? id, port: 0 },
    get closed() {
      return socket.readyState !== WebSocket.OPEN;
    },
    send(bytes) {
      if (socket.readyState !== WebSocket.OPEN) return 'closed';
      socket.send(bytes, { binary: false });
      return 'sent';
    },
    close: () => socket.close(),
    onClose(run) {
      socket.once('close', run);
      return disposable(() => socket.off('close', run));
    },
    towards() {
      return this;
    },
  };
}
