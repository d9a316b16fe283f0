import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { HostPort } from '../../config/listen-address.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import { codeOf } from '../store/store-refusal.ts';

/** Why an address could not be listened on. */
export interface ListenRefusal {
  readonly kind: 'address-in-use' | 'address-not-ours' | 'not-permitted' | 'other';
  readonly why: string;
}

/** Sorts what `listen` threw, for HTTP and SIP alike. */
export function listenRefusalOf(cause: unknown): ListenRefusal {
  const why = cause instanceof Error ? cause.message : String(cause);
  switch (codeOf(cause)) {
    case 'EADDRINUSE':
      return { kind: 'address-in-use', why };
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { kind: 'address-not-ours', why };
    case 'EACCES':
    case 'EPERM':
      return { kind: 'not-permitted', why };
    default:
      return { kind: 'other', why };
  }
}

/** An open HTTP listener. */
export class HttpServer {
  readonly #server: Server;
  /** Where it really listens (port 0 is resolved). */
  readonly address: HostPort;

  private constructor(server: Server, address: HostPort) {
    this.#server = server;
    this.address = address;
  }

  /** @param fetch what answers requests, e.g. a hono app's `fetch` */
  static open(
    listen: HostPort,
    fetch: (request: Request, env: never) => Response | Promise<Response>,
  ): Promise<Result<HttpServer, ListenRefusal>> {
    const server = createServer(
      { requestTimeout: 30_000, headersTimeout: 10_000, maxHeaderSize: 16_384 },
      getRequestListener((request, env) => fetch(request, env as never)),
    );
    return new Promise((resolve) => {
      server.once('error', (cause) => resolve(err(listenRefusalOf(cause))));
      server.listen({ host: listen.address, port: listen.port }, () => {
        const bound = server.address();
        const port = typeof bound === 'object' && bound !== null ? bound.port : listen.port;
        resolve(ok(new HttpServer(server, { address: listen.address, port })));
      });
    });
  }

  /** The plain server, for WebSockets beside it. */
  get server(): Server {
    return this.#server;
  }

  /** Stops listening and ends idle connections at once, busy ones after their answer or two seconds. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    const cut = setTimeout(() => this.#server.closeAllConnections(), 2000);
    await closed;
    clearTimeout(cut);
  }
}
