import type { X509Certificate } from 'node:crypto';
import { request } from 'node:http';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import type { ServerTrust } from '../security/server-trust.ts';
import type { FetchText } from './discovery.ts';

const CERTIFICATE_ERROR = /ERR_CERT_/;
/** Longest answer that is read, in characters. */
const MAX_ANSWER = 20_000;

/**
 * Fetches as `system` does. Where the system refuses a server's certificate, it is looked at on a connection of its own, and the
 * request goes out on that very connection only when the user trusts just this certificate: before that nothing is sent.
 */
export function fetchWithTrust(system: FetchText, trust: ServerTrust): FetchText {
  return async (url, options) => {
    try {
      return await system(url, options);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (!CERTIFICATE_ERROR.test(why)) throw error;
      const socket = await openTls(new URL(url), options.signal);
      try {
        const certificate: X509Certificate | undefined = socket.getPeerX509Certificate();
        if (certificate === undefined || !trust.accepts({ url, error: why, certificate })) {
          throw error;
        }
        return await getOver(socket, new URL(url), options.signal);
      } finally {
        socket.destroy();
      }
    }
  };
}

/** Shakes hands with whoever is there; nobody is trusted by that. */
function openTls(url: URL, signal: AbortSignal): Promise<TLSSocket> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: url.port === '' ? 443 : Number(url.port),
      // Names only (RFC 6066 §3).
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: false,
    });
    const abort = (): void => void socket.destroy(new Error('took too long'));
    signal.addEventListener('abort', abort, { once: true });
    socket.once('secureConnect', () => {
      signal.removeEventListener('abort', abort);
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

/** Takes an answer that sends us elsewhere for what it is, as nobody is followed: the connection is trusted, not its word. */
function getOver(
  socket: TLSSocket,
  url: URL,
  signal: AbortSignal,
): Promise<{ readonly status: number; text(): Promise<string> }> {
  return new Promise((resolve, reject) => {
    const asked = request({
      createConnection: () => socket,
      host: url.hostname,
      path: url.pathname,
      headers: { Host: url.host, Connection: 'close' },
      signal,
    });
    asked.once('error', reject);
    asked.once('response', (answer) => {
      let body = '';
      const done = (): void =>
        resolve({ status: answer.statusCode ?? 0, text: () => Promise.resolve(body) });
      answer.setEncoding('utf8');
      answer.on('data', (piece: string) => {
        body += piece;
        if (body.length > MAX_ANSWER) done();
      });
      answer.once('end', done);
      answer.once('error', reject);
    });
    asked.end();
  });
}
