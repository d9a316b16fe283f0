import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import {
  adminSessionSchema,
  ownPasswordSchema,
  setupSchema,
  setupStateSchema,
  signInSchema,
} from '../../../config/admin/sessions.ts';
import { addressOf } from '../../http/request-context.ts';
import type { StoredAdmin } from '../../store/admin-store.ts';
import { refuse, type Refusal } from '../admin-answer.ts';
import { SESSION_COOKIE, visibleTenants } from '../admin-guard.ts';
import { record, type AdminParts } from '../admin-parts.ts';
import { LONGEST_MS, type AdminSession } from '../admin-sessions.ts';
import { accountAnswer } from '../provisioning-answer.ts';
import { json, jsonBody, refusals, signedIn, type AdminEnv } from '../route-kit.ts';

const setupStateRoute = createRoute({
  method: 'get',
  path: '/setup',
  tags: ['Session'],
  summary: 'Whether the first admin is still to be made',
  responses: { 200: json(setupStateSchema, 'Whether there is no admin yet'), ...refusals() },
});

const setupRoute = createRoute({
  method: 'post',
  path: '/setup',
  tags: ['Session'],
  summary: 'Make the first system admin, with the token of the URL that the server printed',
  request: { body: jsonBody(setupSchema, 'Who it will be') },
  responses: {
    200: json(adminSessionSchema, 'Made, and signed in'),
    ...refusals('setup-over', 'wrong-token', 'bad-password', 'too-many-attempts'),
  },
});

const signInRoute = createRoute({
  method: 'post',
  path: '/session',
  tags: ['Session'],
  summary: 'Sign in; the answer sets a cookie',
  request: { body: jsonBody(signInSchema, 'Name and password') },
  responses: {
    200: json(adminSessionSchema, 'Signed in'),
    ...refusals('wrong-credentials', 'too-many-attempts'),
  },
});

const whoRoute = createRoute({
  method: 'get',
  path: '/session',
  tags: ['Session'],
  summary: 'Who I am, what I may see, and the CSRF token',
  security: signedIn,
  responses: { 200: json(adminSessionSchema, 'My session'), ...refusals() },
});

const signOutRoute = createRoute({
  method: 'delete',
  path: '/session',
  tags: ['Session'],
  summary: 'Sign out',
  security: signedIn,
  responses: { 204: { description: 'The cookie is of no use any more' }, ...refusals() },
});

const passwordRoute = createRoute({
  method: 'put',
  path: '/session/password',
  tags: ['Session'],
  summary: 'Give myself another password; my other sessions end',
  security: signedIn,
  request: { body: jsonBody(ownPasswordSchema, 'The old one and the new one') },
  responses: {
    204: { description: 'Changed' },
    ...refusals('wrong-credentials', 'bad-password', 'too-many-attempts'),
  },
});

/** What may be asked without a session. */
export function addSignIn(app: OpenAPIHono<AdminEnv>, parts: AdminParts): void {
  app.openapi(setupStateRoute, (context) => context.json({ needed: parts.setup.needed }, 200));
  app.openapi(setupRoute, async (context) => {
    const { token, name, password } = context.req.valid('json');
    if (!parts.setup.needed) {
      const message = 'There is an admin already. Sign in, or ask them.';
      return refuse(context, { error: 'setup-over', message });
    }
    if (!parts.setup.matches(token) || !parts.setup.use()) {
      const message = 'The link is not the one that this server printed when it started.';
      return refuse(context, { error: 'wrong-token', message, field: 'token' });
    }
    const added = await parts.accounts.add({ name, password, scope: { kind: 'system' } });
    if (!added.ok) {
      parts.setup.giveBack();
      return refuse(context, accountAnswer(added.error));
    }
    const begun = begin(context, parts, added.value);
    record(context, parts, { action: 'admin.added', subject: name, after: { role: 'system' } });
    return context.json(describe(begun, parts), 200);
  });
  app.openapi(signInRoute, async (context) => {
    const { name, password } = context.req.valid('json');
    const outcome = await parts.sessions.check(name, password, addressOfCaller(context, parts));
    switch (outcome.kind) {
      case 'blocked':
        return refuse(context, blocked(outcome.retryAfterSeconds));
      case 'wrong':
        parts.log.warn({ address: addressOfCaller(context, parts) }, 'an admin failed to sign in');
        return refuse(context, {
          error: 'wrong-credentials',
          message: 'The name or the password is wrong.',
        });
      case 'ok': {
        const begun = begin(context, parts, outcome.admin);
        record(context, parts, { action: 'session.begun', subject: outcome.admin.name });
        return context.json(describe(begun, parts), 200);
      }
    }
  });
}

/** What whoever is signed in may do with their own session. */
export function addSession(app: OpenAPIHono<AdminEnv>, parts: AdminParts): void {
  app.openapi(whoRoute, (context) => context.json(describe(context.get('session'), parts), 200));
  app.openapi(signOutRoute, (context) => {
    parts.sessions.end(context.get('session').tokenHash);
    deleteCookie(context, SESSION_COOKIE, { path: '/' });
    return context.body(null, 204);
  });
  app.openapi(passwordRoute, async (context) => {
    const { current, password } = context.req.valid('json');
    const { admin, tokenHash } = context.get('session');
    const checked = await parts.sessions.check(
      admin.name,
      current,
      addressOfCaller(context, parts),
    );
    if (checked.kind === 'blocked') return refuse(context, blocked(checked.retryAfterSeconds));
    if (checked.kind === 'wrong') {
      const message = 'The current password is wrong.';
      // Not 401: the session is as good as before.
      return refuse(context, { error: 'bad-password', message, field: 'current' });
    }
    const changed = await parts.accounts.change(admin.id, { password }, tokenHash);
    if (!changed.ok) return refuse(context, accountAnswer(changed.error));
    record(context, parts, { action: 'admin.password-changed', subject: admin.name });
    return context.body(null, 204);
  });
}

function begin(context: Context<AdminEnv>, parts: AdminParts, admin: StoredAdmin): AdminSession {
  const token = parts.sessions.begin(admin, addressOfCaller(context, parts));
  setCookie(context, SESSION_COOKIE, token, {
    httpOnly: true,
    sameSite: 'Strict',
    secure: isSecure(context, parts),
    path: '/',
    maxAge: LONGEST_MS / 1000,
  });
  const session = parts.sessions.of(token);
  if (session === undefined) throw new Error('a session that has just begun is not there');
  context.set('session', session);
  return session;
}

function describe({ admin, csrf, expiresAt }: AdminSession, parts: AdminParts) {
  const tenants = visibleTenants(parts, admin.scope)
    .map(({ id, name }) => ({ id, name }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
  return { id: admin.id, name: admin.name, role: admin.scope.kind, tenants, csrf, expiresAt };
}

function blocked(retryAfterSeconds: number): Refusal {
  const message = `Too many failed attempts. Try again in ${retryAfterSeconds} seconds.`;
  return { error: 'too-many-attempts', message, details: { retryAfterSeconds } };
}

function addressOfCaller(context: Context<AdminEnv>, { trustedProxies }: AdminParts): string {
  return addressOf(context, trustedProxies);
}

/** By https, straight or through a proxy: then the cookie never goes by http. */
function isSecure(context: Context<AdminEnv>, { publicUrl }: AdminParts): boolean {
  const forwarded = context.req.header('X-Forwarded-Proto')?.split(',')[0]?.trim();
  const scheme = forwarded ?? new URL(context.req.url).protocol.replace(':', '');
  return scheme === 'https' || publicUrl?.startsWith('https:') === true;
}
