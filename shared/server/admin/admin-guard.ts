import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getCookie } from 'hono/cookie';
import { MAX_MUSIC_BYTES } from '../../config/admin/music.ts';
import { CSRF_HEADER } from '../../config/admin/sessions.ts';
import { MAX_CSV_BYTES } from '../../config/admin/users.ts';
import type { TenantId } from '../../domain/ids.ts';
import { hostOf } from '../http/request-context.ts';
import type { Tenant } from '../ports/directory.ts';
import type { AdminScope } from '../store/admin-store.ts';
import { notFound, refuse } from './admin-answer.ts';
import type { AdminParts } from './admin-parts.ts';
import { isSameToken } from './admin-sessions.ts';
import type { AdminEnv } from './route-kit.ts';

/** Name of the session's cookie. */
export const SESSION_COOKIE = 'parkline_admin';

/** A group of 500 members is a tenth of this, in bytes. */
const MAX_JSON_BYTES = 256 * 1024;

type Guard = MiddlewareHandler<AdminEnv>;

/** Nothing that an admin reads stays in a cache. */
export const noStore: Guard = async (context, next) => {
  await next();
  context.header('Cache-Control', 'no-store');
};

/**
 * Browsers say where a request comes from; a page of another site is turned away before anything is read. Programs say
 * nothing: they have no cookie that a page could abuse.
 */
export function sameSite({ publicUrl }: AdminParts): Guard {
  return async (context, next) => {
    if (isSafe(context) || isOwnPage(context, publicUrl)) return next();
    return refuse(context, crossSite('The request came from another site.'));
  };
}

function isOwnPage(context: Context, publicUrl: string | undefined): boolean {
  const site = context.req.header('Sec-Fetch-Site');
  if (site !== undefined && site !== 'same-origin') return false;
  const origin = context.req.header('Origin');
  if (origin === undefined) return true;
  const host = URL.parse(origin)?.host;
  return host === hostOf(context, '') || (publicUrl !== undefined && origin === publicUrl);
}

/** Lets a request on that has a session, and takes along whose it is. */
export function session({ sessions }: AdminParts): Guard {
  return async (context, next) => {
    const found = sessions.of(getCookie(context, SESSION_COOKIE) ?? '');
    if (found === undefined) {
      return refuse(context, { error: 'not-signed-in', message: 'Sign in first.' });
    }
    const csrf = context.req.header(CSRF_HEADER) ?? '';
    if (!isSafe(context) && !isSameToken(csrf, found.csrf)) {
      return refuse(context, crossSite(`The header ${CSRF_HEADER} is missing or wrong.`));
    }
    context.set('session', found);
    return next();
  };
}

/** What only admins of the whole server may do. */
export const systemOnly: Guard = async (context, next) => {
  if (context.get('session').admin.scope.kind === 'system') return next();
  const message = 'Only a system admin may do that.';
  return refuse(context, { error: 'not-allowed', message });
};

/** The tenant of the address; one that this admin may not see is one that does not exist. */
export function tenantOfPath(parts: AdminParts): Guard {
  return async (context, next) => {
    const asked = context.req.param('tenant') ?? '';
    const { scope } = context.get('session').admin;
    const tenant = visibleTenants(parts, scope).find(({ id }) => id === asked);
    if (tenant === undefined) return refuse(context, notFound);
    context.set('tenant', tenant);
    return next();
  };
}

/** The tenants that an admin may see. */
export function visibleTenants({ directory }: AdminParts, scope: AdminScope): readonly Tenant[] {
  const own = (id: TenantId) => scope.kind === 'system' || id === scope.tenantId;
  return directory.tenants().filter(({ id }) => own(id));
}

/** A body must say what it is; anything but JSON is for the few routes that take it. */
export const mediaType: Guard = async (context, next) => {
  if (isSafe(context) || !hasBody(context)) return next();
  const wanted = wantedType(context);
  const given = (context.req.header('Content-Type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (wanted.types.includes(given ?? '')) return next();
  const message = `The body must be ${wanted.types[0]}.`;
  return refuse(context, { error: 'wrong-type', message });
};

/** Bodies are cut off where a route takes no more. */
export const sizeLimit: Guard = async (context, next) => {
  const { bytes } = wantedType(context);
  const onError = (refused: Context) => {
    const message = `The body is larger than ${Math.floor(bytes / 1024)} KiB.`;
    // What the client still sends is not read to its end.
    refused.header('Connection', 'close');
    return refuse(refused, { error: 'too-large', message });
  };
  return bodyLimit({ maxSize: bytes, onError })(context, next);
};

interface Wanted {
  readonly types: readonly string[];
  readonly bytes: number;
}

function wantedType({ req }: Context): Wanted {
  if (req.method === 'PUT' && req.path.endsWith('/music')) {
    const types = ['audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave'];
    return { types, bytes: MAX_MUSIC_BYTES };
  }
  if (req.method === 'POST' && req.path.endsWith('/users/import')) {
    return { types: ['text/csv'], bytes: MAX_CSV_BYTES };
  }
  return { types: ['application/json'], bytes: MAX_JSON_BYTES };
}

function hasBody({ req }: Context): boolean {
  return req.header('Transfer-Encoding') !== undefined || Number(req.header('Content-Length')) > 0;
}

function isSafe({ req }: Context): boolean {
  return req.method === 'GET' || req.method === 'HEAD';
}

function crossSite(message: string) {
  return { error: 'cross-site', message } as const;
}
