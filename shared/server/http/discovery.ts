import type { ServerDescription } from '../../bridge/server-description.ts';
import { formatHostPort, type HostPort } from '../../config/listen-address.ts';
import type { Tenant } from '../ports/directory.ts';
import { isWildcard } from '../shown-addresses.ts';
import { withoutPort } from './request-context.ts';

/** Version of the user's HTTP and of what phones may rely on. */
export const API_VERSION = '1.0';

/** A WebSocket listener of its own, as phones reach it. */
export interface WebSocketDoor extends HostPort {
  readonly secure: boolean;
  readonly path: string;
}

export interface DiscoveryOptions {
  /** Scheme, host and port of the proxy in front; undefined: none, or one that passes the host on. */
  readonly publicUrl: string | undefined;
  /** In order of preference; empty: WebSockets are taken at `/sip` of the HTTP listener alone. */
  readonly webSockets: readonly WebSocketDoor[];
  readonly demo: boolean;
  readonly hasIceServers: boolean;
}

/** How a client reached the HTTP listener. */
export interface ClientRequest {
  /** `host[:port]` that it used. */
  readonly host: string;
  /** It came by https, to us or to the proxy in front. */
  readonly secure: boolean;
}

/** Path of the WebSocket on the HTTP listener. */
export const HTTP_WEBSOCKET_PATH = '/sip';

/** What the client of `request` is told about this server. */
export function describeServer(
  tenant: Tenant,
  request: ClientRequest,
  options: DiscoveryOptions,
): ServerDescription {
  const { publicUrl, hasIceServers, demo } = options;
  const { host, secure } = request;
  return {
    webSocketUrl: webSocketUrl(request, options),
    domain: tenant.domains[0] ?? withoutPort(publicUrl?.replace(/^\w+:\/\//, '') ?? host),
    displayName: tenant.name,
    apiVersion: API_VERSION,
    oldestAppVersion: null,
    apiBaseUrl: publicUrl ?? `${secure ? 'https' : 'http'}://${host}`,
    hasIceServers,
    demo,
  };
}

/** Where that client opens its WebSocket: a page that came by https may open secure ones only. */
export function webSocketUrl(request: ClientRequest, options: DiscoveryOptions): string {
  const { publicUrl, webSockets } = options;
  if (publicUrl !== undefined) return `${publicUrl.replace(/^http/, 'ws')}${HTTP_WEBSOCKET_PATH}`;
  const door = webSockets.find(({ secure }) => secure || !request.secure);
  if (door === undefined) {
    return `${request.secure ? 'wss' : 'ws'}://${request.host}${HTTP_WEBSOCKET_PATH}`;
  }
  const host = isWildcard(door.address)
    ? `${withoutPort(request.host)}:${door.port}`
    : formatHostPort(door);
  return `${door.secure ? 'wss' : 'ws'}://${host}${door.path}`;
}
