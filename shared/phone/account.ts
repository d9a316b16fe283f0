import { parseExtension, type Extension } from '../domain/ids.ts';
import { err, ok, type Result } from '../domain/result.ts';

/** What a person typed under "Server", understood. */
export interface ServerAddress {
  /** `null`: nothing said, discovery decides. */
  readonly scheme: 'https' | 'http' | 'wss' | 'ws' | null;
  /** Host name or IP address, lower case, IPv6 without brackets. */
  readonly host: string;
  readonly port: number | null;
  /** Path of a WebSocket or HTTP URL, with its `/`; `''` when none. */
  readonly path: string;
  /** From `ext@domain`. */
  readonly extension: Extension | null;
}

export type ServerTextProblem =
  'empty' | 'unknown-scheme' | 'bad-host' | 'bad-port' | 'bad-extension';

/** Reads `host[:port]`, a URL (http, https, ws, wss) or `ext@domain`, with spaces around it forgiven. */
export function parseServer(text: string): Result<ServerAddress, ServerTextProblem> {
  const trimmed = text.trim().replace(/^sips?:(?!\/\/)/i, '');
  if (trimmed === '') return err('empty');
  const schemed = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(trimmed);
  const scheme = schemed === null ? null : readScheme(schemed[1] ?? '');
  if (schemed !== null && scheme === null) return err('unknown-scheme');
  const rest = schemed?.[2] ?? trimmed;
  const at = schemed === null ? rest.lastIndexOf('@') : -1;
  const extension = at < 0 ? null : parseExtension(rest.slice(0, at));
  if (extension !== null && !extension.ok) return err('bad-extension');
  const place = readPlace(rest.slice(at + 1));
  if (!place.ok) return place;
  return ok({ scheme, extension: extension?.value ?? null, ...place.value });
}

/**
 * Where to ask for `/.well-known/parkline`, best first. Unencrypted HTTP is tried by itself only on this machine;
 * elsewhere it has to be asked for by `http://`.
 */
export function discoveryUrls(address: ServerAddress): readonly string[] {
  const authority = formatAuthority(address);
  const at = (scheme: 'https' | 'http') => `${scheme}://${authority}/.well-known/parkline`;
  switch (address.scheme) {
    case 'https':
    case 'wss':
      return [at('https')];
    case 'http':
    case 'ws':
      return [at('http')];
    case null:
      return isThisMachine(address.host) ? [at('http'), at('https')] : [at('https')];
  }
}

/** The WebSocket of a server that offers no discovery, if its URL was typed. */
export function webSocketUrl(address: ServerAddress): string | null {
  if (address.scheme !== 'ws' && address.scheme !== 'wss') return null;
  return `${address.scheme}://${formatAuthority(address)}${address.path === '' ? '/' : address.path}`;
}

/** What everything stored on this machine is keyed by: `ext@domain`, lower case. */
export function accountKey(extension: string, domain: string): string {
  return `${extension}@${domain}`.toLowerCase();
}

function readScheme(text: string): ServerAddress['scheme'] {
  const scheme = text.toLowerCase();
  return scheme === 'https' || scheme === 'http' || scheme === 'wss' || scheme === 'ws'
    ? scheme
    : null;
}

type Place = Pick<ServerAddress, 'host' | 'port' | 'path'>;

function readPlace(text: string): Result<Place, ServerTextProblem> {
  const slash = text.search(/[/?#]/);
  const authority = slash < 0 ? text : text.slice(0, slash);
  const tail = slash < 0 ? '' : text.slice(slash);
  // Credentials in a URL have no business here.
  if (authority.includes('@')) return err('bad-host');
  const path = tail.startsWith('/') && tail !== '/' ? tail : '';
  const parts =
    /^\[([0-9a-f:.]+)\](?::(.*))?$/i.exec(authority) ?? /^([^:[\]]*)(?::(.*))?$/.exec(authority);
  if (parts === null) return err('bad-host');
  const host = (parts[1] ?? '').toLowerCase();
  if (!isHost(host)) return err('bad-host');
  const portText = parts[2];
  if (portText === undefined) return ok({ host, port: null, path });
  const port = /^[0-9]{1,5}$/.test(portText) ? Number(portText) : 0;
  return port >= 1 && port <= 65_535 ? ok({ host, port, path }) : err('bad-port');
}

function isHost(text: string): boolean {
  if (text.length > 253) return false;
  if (text.includes(':')) return /^[0-9a-f:.]+$/.test(text);
  return text.split('.').every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));
}

function formatAuthority({ host, port }: ServerAddress): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === null ? name : `${name}:${port}`;
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.[0-9]{1,3}){3}$/.test(host);
}
