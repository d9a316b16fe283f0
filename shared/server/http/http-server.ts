import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import { getRequestListener } from '@hono/node-server';
import type { HostPort } from '../../config/listen-address.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { CertificateSource } from '../../sip/transport/certificate.ts';
import { HANDSHAKE_MS, secureContextOf } from '../../sip/transport/tls.ts';
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

/** How often a stopping server looks for connections that became idle, in ms. */
const SWEEP_MS = 50;

/** An open HTTP listener. */
export class HttpServer {
  readonly #server: Server | SecureServer;
  /** Where it really listens (port 0 is resolved). */
  readonly address: HostPort;

  private constructor(server: Server | SecureServer, address: HostPort) {
    this.#server = server;
    this.address = address;
  }

  /**
   * @param fetch what answers requests, e.g. a hono app's `fetch`
   * @param certificates given: HTTPS with them, changes taken over at once
   */
  static open(
    listen: HostPort,
    fetch: (request: Request, env: never) => Response | Promise<Response>,
    certificates?: CertificateSource,
  ): Promise<Result<HttpServer, ListenRefusal>> {
    const server = serverFor(
      getRequestListener((request, env) => fetch(request, env as never)),
      certificates,
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

  /** The server below, for WebSockets beside it. */
  get server(): Server | SecureServer {
    return this.#server;
  }

  /** Stops listening and ends idle connections at once, busy ones after their answer or two seconds. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    // A busy one becomes idle with its answer, and would stay open for the next request.
    const sweep = setInterval(() => this.#server.closeIdleConnections(), SWEEP_MS);
    const cut = setTimeout(() => this.#server.closeAllConnections(), 2000);
    await closed;
    clearInterval(sweep);
    clearTimeout(cut);
  }
}

const LIMITS = { requestTimeout: 30_000, headersTimeout: 10_000, maxHeaderSize: 16_384 } as const;

function serverFor(
  listener: ReturnType<typeof getRequestListener>,
  certificates: CertificateSource | undefined,
): Server | SecureServer {
  if (certificates === undefined) return createServer(LIMITS, listener);
  const options = { ...LIMITS, handshakeTimeout: HANDSHAKE_MS, ...secureContextOf(certificates) };
  const server = createSecureServer(options, listener);
  const watching = certificates.onChanged(() =>
    server.setSecureContext(secureContextOf(certificates)),
  );
  server.once('close', () => watching.dispose());
  return server;
}
