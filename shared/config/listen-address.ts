import { err, ok, type Result } from '../domain/result.ts';

/** A transport of SIP that the server can listen on (RFC 3261, RFC 7118). */
export type ListenTransport = 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';

/** Where the server listens. Port 0 asks the system for a free one. */
export interface ListenAddress {
  readonly transport: ListenTransport;
  /** IPv4, IPv6 (without brackets) or a host name. */
  readonly address: string;
  readonly port: number;
}

export interface HostPort {
  readonly address: string;
  readonly port: number;
}

export type AddressProblem =
  'no-transport' | 'unknown-transport' | 'no-port' | 'bad-port' | 'bad-address';

const transports: readonly ListenTransport[] = ['udp', 'tcp', 'tls', 'ws', 'wss'];

/** Reads `udp:127.0.0.1:5160`, `ws:[::1]:8188`. */
export function parseListenAddress(text: string): Result<ListenAddress, AddressProblem> {
  const colon = text.indexOf(':');
  if (colon < 0) return err('no-transport');
  const name = text.slice(0, colon).toLowerCase();
  const transport = transports.find((known) => known === name);
  if (transport === undefined) return err('unknown-transport');
  const hostPort = parseHostPort(text.slice(colon + 1));
  return hostPort.ok ? ok({ transport, ...hostPort.value }) : hostPort;
}

/** Reads `127.0.0.1:8080`, `[::1]:8080`, `localhost:0`. */
export function parseHostPort(text: string): Result<HostPort, AddressProblem> {
  const bracketed = /^\[([0-9A-Fa-f:.]+)\]:(.*)$/.exec(text);
  const plain = bracketed ?? /^([^:[\]\s/]+):(.*)$/.exec(text);
  if (plain === null) return err(/^\[.*\]$|^[^:]+$/.test(text) ? 'no-port' : 'bad-address');
  const [, address = '', portText = ''] = plain;
  if (!/^[0-9]{1,5}$/.test(portText) || Number(portText) > 65_535) return err('bad-port');
  return ok({ address, port: Number(portText) });
}

/** As `parseListenAddress` reads it. */
export function formatListenAddress(listen: ListenAddress): string {
  return `${listen.transport}:${formatHostPort(listen)}`;
}

export function formatHostPort({ address, port }: HostPort): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** True for an address that only this machine can reach. */
export function isLoopback(address: string): boolean {
  const lower = address.toLowerCase();
  return (
    /^127(\.[0-9]{1,3}){3}$/.test(lower) ||
    lower === '::1' ||
    lower === 'localhost' ||
    /^::ffff:127(\.[0-9]{1,3}){3}$/.test(lower)
  );
}
