import { formatHostPort, type HostPort } from '../../config/listen-address.ts';
import type { Tenant } from '../ports/directory.ts';
import { withoutPort } from './request-context.ts';

/** Version of the user's HTTP and of what phones may rely on. */
export const API_VERSION = '1.0';

/** What a phone learns before it signs in (WIRE.md §10b). */
export interface ServerDescription {
  readonly webSocketUrl: string;
  readonly domain: string;
  readonly displayName: string;
  readonly apiVersion: string;
  /** Oldest version of the app that is served; null: every one. */
  readonly oldestAppVersion: string | null;
  /** Origin, without a slash at its end. */
  readonly apiBaseUrl: string;
  readonly hasIceServers: boolean;
  readonly demo: boolean;
}

export interface DiscoveryOptions {
  /** Where WebSockets are taken; undefined: at `/sip` of the HTTP listener itself. */
  readonly webSocket: (HostPort & { readonly secure: boolean; readonly path: string }) | undefined;
  readonly demo: boolean;
  readonly hasIceServers: boolean;
}

/** Path of the WebSocket on the HTTP listener. */
export const HTTP_WEBSOCKET_PATH = '/sip';

/** @param host `host[:port]` that the client used, @param secure whether it came by https */
export function describeServer(
  tenant: Tenant,
  request: { readonly host: string; readonly secure: boolean },
  options: DiscoveryOptions,
): ServerDescription {
  const { host, secure } = request;
  return {
    webSocketUrl: webSocketUrl(request, options.webSocket),
    domain: tenant.domains[0] ?? withoutPort(host),
    displayName: tenant.name,
    apiVersion: API_VERSION,
    oldestAppVersion: null,
    apiBaseUrl: `${secure ? 'https' : 'http'}://${host}`,
    hasIceServers: options.hasIceServers,
    demo: options.demo,
  };
}

export function webSocketUrl(
  request: { readonly host: string; readonly secure: boolean },
  listener: DiscoveryOptions['webSocket'],
): string {
  if (listener === undefined) {
    return `${request.secure ? 'wss' : 'ws'}://${request.host}${HTTP_WEBSOCKET_PATH}`;
  }
  const wildcard = listener.address === '0.0.0.0' || listener.address === '::';
  const host = wildcard
    ? `${withoutPort(request.host)}:${listener.port}`
    : formatHostPort(listener);
  return `${listener.secure ? 'wss' : 'ws'}://${host}${listener.path}`;
}
