import { createServer } from 'node:net';
import type { Listener } from '../transaction/flow.ts';
import {
  listenOn,
  STREAM_SOCKET,
  StreamListener,
  type StreamListenerOptions,
} from './stream-listener.ts';

/** Opens a port for SIP over TCP (RFC 3261 §18). Rejects when the address cannot be bound. */
export async function openTcp(options: StreamListenerOptions): Promise<Listener> {
  const server = createServer(STREAM_SOCKET);
  await listenOn(server, options);
  return new StreamListener(server, 'tcp', options);
}
