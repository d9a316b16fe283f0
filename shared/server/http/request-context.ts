import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { clientAddress } from '../client-address.ts';
import type { User } from '../ports/directory.ts';

/** What handlers find in hono's context. */
export interface HttpEnv {
  Bindings: HttpBindings;
  Variables: { user: User };
}

/** IP address the request came from, through proxies that are trusted. */
export function addressOf(context: Context, trustedProxies: readonly string[]): string {
  const env: unknown = context.env;
  if (typeof env !== 'object' || env === null || !('incoming' in env)) return '';
  const { incoming } = env as HttpBindings;
  const peer = incoming.socket.remoteAddress ?? '';
  return clientAddress(peer, context.req.header('X-Forwarded-For'), trustedProxies);
}

/** `host[:port]` that the client used, or `fallback` when it is missing or no host. */
export function hostOf(context: Context, fallback: string): string {
  const host = context.req.header('Host') ?? '';
  return /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?$/.test(host) ? host : fallback;
}

/** Host name of `host[:port]`; IPv6 keeps its brackets. */
export function withoutPort(host: string): string {
  return host.replace(/:\d{1,5}$/, '');
}
