import { once } from 'node:events';
import { WebSocketServer, type WebSocket } from 'ws';
import { readSip, type SipText } from './sip-text.ts';

/** A phone's connection. */
export interface PhoneConnection {
  send(text: string): void;
  /** Cuts it without a word. */
  cut(): void;
}

/** SIP over WebSocket (RFC 7118), every message one text frame. What phones sent is kept. */
export class SipWire {
  readonly #server: WebSocketServer;
  readonly received: SipText[] = [];
  readonly port: number;

  private constructor(server: WebSocketServer, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async open(
    onMessage: (message: SipText, phone: PhoneConnection) => void,
    port = 0,
  ): Promise<SipWire> {
    const server = new WebSocketServer({
      host: '127.0.0.1',
      port,
      handleProtocols: (offered) => (offered.has('sip') ? 'sip' : false),
    });
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const wire = new SipWire(server, address.port);
    server.on('connection', (socket) => wire.#listen(socket, onMessage));
    return wire;
  }

  async close(): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #listen(socket: WebSocket, onMessage: (message: SipText, phone: PhoneConnection) => void): void {
    const phone: PhoneConnection = {
      send: (text) => {
        trace('PBX', text);
        socket.send(text);
      },
      cut: () => socket.terminate(),
    };
    socket.on('error', () => socket.terminate());
    socket.on('message', (data) => {
      const text = Buffer.isBuffer(data) ? data.toString() : '';
      // JsSIP's keep-alive (RFC 5626 §3.5.1).
      if (text.trim() === '') return;
      trace('phone', text);
      const message = readSip(text);
      this.received.push(message);
      onMessage(message, phone);
    });
  }
}

function trace(from: string, text: string): void {
  if (process.env['PARKLINE_E2E_LOG'] !== undefined)
    process.stderr.write(`--- from the ${from}\n${text}\n`);
}
