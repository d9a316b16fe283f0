import { createServer } from 'node:tls';
import type { Listener } from '../transaction/flow.ts';
import type { CertificateSource } from './certificate.ts';
import {
  listenOn,
  STREAM_SOCKET,
  StreamListener,
  type StreamListenerOptions,
} from './stream-listener.ts';

export interface TlsOptions extends StreamListenerOptions {
  /** A change is taken over at once: for connections that begin afterwards. */
  readonly certificates: CertificateSource;
}

/** A handshake that takes longer is given up. */
export const HANDSHAKE_MS = 10_000;

/** Opens a port for SIP over TLS (RFC 3261 §26.3.1, RFC 5630). Rejects when the address cannot be bound. */
export async function openTls(options: TlsOptions): Promise<Listener> {
  const { certificates } = options;
  const server = createServer({
    ...STREAM_SOCKET,
    ...secureContextOf(certificates),
    handshakeTimeout: HANDSHAKE_MS,
  });
  const watching = certificates.onChanged(() =>
    server.setSecureContext(secureContextOf(certificates)),
  );
  server.once('close', () => watching.dispose());
  try {
    await listenOn(server, options);
  } catch (cause) {
    watching.dispose();
    throw cause;
  }
  return new StreamListener(server, 'tls', options);
}

/** What a TLS or HTTPS server is made of, or changed to. */
export function secureContextOf({ current }: CertificateSource) {
  return { cert: current.certificate, key: current.key, minVersion: 'TLSv1.2' } as const;
}
