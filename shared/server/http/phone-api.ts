import { OpenAPIHono, type z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { checkForwarding } from '../../domain/call-forwarding.ts';
import { epochMs, parseParkId } from '../../domain/ids.ts';
import type { DigestVerifier } from '../auth/digest-verifier.ts';
import type { CallControl } from '../ports/call-control.ts';
import type { CallForwarding } from '../ports/call-forwarding.ts';
import type { UserDirectory, User } from '../ports/directory.ts';
import type { Journal, JournalEvent } from '../ports/journal.ts';
import type { Registrar } from '../ports/registrar.ts';
import type { DoNotDisturb } from './do-not-disturb.ts';
import { answerInvalid } from './http-error.ts';
import { addressOf, hostOf, withoutPort, type HttpEnv } from './request-context.ts';
import {
  changeMeRoute,
  demoCallRoute,
  directoryRoute,
  endRoute,
  historyRoute,
  iceRoute,
  meRoute,
  sessionRoute,
  snoozeRoute,
} from './phone-routes.ts';
import type { meChangeSchema } from './phone-schemas.ts';
import type { IceServer } from './ice-credentials.ts';
import type { SessionTokens } from './session-tokens.ts';

/**
 * How the demo's button makes the demo caller ring an extension. `busy`: one is under way already; `unavailable`: the
 * server does not listen on UDP, which the demo caller speaks.
 */
export type StartDemoCall = (user: User) => 'started' | 'busy' | 'unavailable';

export interface PhoneApiOptions {
  readonly directory: UserDirectory;
  readonly registrar: Registrar;
  readonly journal: Journal;
  readonly verifier: DigestVerifier;
  readonly sessions: SessionTokens;
  readonly doNotDisturb: DoNotDisturb;
  readonly forwarding: CallForwarding;
  readonly snooze: CallControl['snooze'];
  /** STUN and TURN servers with credentials for that user. */
  readonly iceServers: (user: User) => readonly IceServer[];
  /** Proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** Only in the demo. */
  readonly startDemoCall?: StartDemoCall;
}

/** `/api/phone/*`: what a signed-in extension may ask (WIRE.md §10b), scoped to that extension. */
export function phoneApi(options: PhoneApiOptions): OpenAPIHono<HttpEnv> {
  const app = new OpenAPIHono<HttpEnv>({ defaultHook: answerInvalid });
  const { sessions } = options;
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'http',
    scheme: 'bearer',
  });

  app.openapi(sessionRoute, (context) => signIn(context, options));

  app.use('*', async (context, next) => {
    const user = sessions.userOf(bearerOf(context));
    if (user === undefined) {
      context.header('WWW-Authenticate', 'Bearer');
      return context.json({ error: 'not-signed-in', message: 'Sign in first.' }, 401);
    }
    context.set('user', user);
    return next();
  });

  app.openapi(endRoute, (context) => {
    sessions.end(bearerOf(context));
    return context.body(null, 204);
  });
  app.openapi(meRoute, (context) => context.json(describeMe(context, options), 200));
  app.openapi(changeMeRoute, (context) => changeMe(context, context.req.valid('json'), options));
  app.openapi(directoryRoute, (context) =>
    context.json({ entries: directoryOf(context.get('user'), options) }, 200),
  );
  app.openapi(historyRoute, (context) => {
    const { before, limit } = context.req.valid('query');
    const user = context.get('user');
    const events = options.journal.history({
      tenantId: user.tenantId,
      extension: user.extension,
      ...(before === undefined ? {} : { before: epochMs(before) }),
      ...(limit === undefined ? {} : { limit }),
    });
    return context.json({ entries: events.map((event) => describeEvent(event, options)) }, 200);
  });
  app.openapi(snoozeRoute, (context) => snooze(context, context.req.valid('param'), options));
  app.openapi(iceRoute, (context) => {
    context.header('Cache-Control', 'no-store');
    return context.json({ iceServers: [...options.iceServers(context.get('user'))] }, 200);
  });
  app.openapi(demoCallRoute, (context) => demoCall(context, options));
  return app;
}

/** A browser asks its user for a password by itself on `WWW-Authenticate`; the phone asks us to use another name. */
function signIn(context: Context<HttpEnv>, options: PhoneApiOptions) {
  const { directory, verifier, sessions, trustedProxies } = options;
  const host = withoutPort(hostOf(context, ''));
  const tenant = directory.tenantByHost(host);
  if (tenant === undefined) {
    const message = `No telephone system is served under the name ${host}.`;
    return context.json({ error: 'unknown-domain', message }, 404);
  }
  const authorization = context.req.header('Authorization');
  const outcome = verifier.check({
    authorization: authorization === undefined ? [] : [authorization],
    method: context.req.method,
    isTarget: (uri) => uri === new URL(context.req.url).pathname,
    address: addressOf(context, trustedProxies),
    tenant,
    policy: tenant.settings.challenge,
  });
  context.header('Cache-Control', 'no-store');
  if (outcome.kind === 'blocked') {
    context.header('Retry-After', String(outcome.retryAfterSeconds));
    const message = `Too many failed attempts. Try again in ${outcome.retryAfterSeconds} seconds.`;
    return context.json({ error: 'too-many-attempts', message }, 403);
  }
  if (outcome.kind === 'ok' && outcome.account.kind === 'user') {
    return context.json(sessions.issue(outcome.account.user), 200);
  }
  const challenges = outcome.kind === 'challenge' ? outcome.challenges : [];
  const quiet = context.req.header('X-Requested-With') === 'parkline';
  for (const value of challenges) {
    if (!quiet) context.header('WWW-Authenticate', value, { append: true });
    context.header('X-WWW-Authenticate', value, { append: true });
  }
  const wrong = outcome.kind === 'challenge' && outcome.wrong;
  return wrong
    ? context.json(
        { error: 'wrong-password', message: 'The extension or the password is wrong.' },
        401,
      )
    : context.json({ error: 'not-signed-in', message: 'Sign in first.' }, 401);
}

function bearerOf(context: Context): string {
  return /^Bearer ([\w.-]{1,300})$/.exec(context.req.header('Authorization') ?? '')?.[1] ?? '';
}

function describeMe(
  context: Context<HttpEnv>,
  { directory, doNotDisturb, forwarding }: PhoneApiOptions,
) {
  const user = context.get('user');
  const tenant = directory.tenant(user.tenantId);
  if (tenant === undefined) throw new Error('a user has a tenant');
  return {
    extension: user.extension,
    displayName: user.displayName,
    tenant: tenant.name,
    domain: tenant.domains[0] ?? withoutPort(hostOf(context, 'localhost')),
    featureCodes: { ...tenant.settings.featureCodes },
    group: groupOf(user, directory),
    doNotDisturb: doNotDisturb.has(user.id),
    forwarding: forwarding.of(user.id),
  };
}

function changeMe(
  context: Context<HttpEnv>,
  wanted: z.infer<typeof meChangeSchema>,
  { directory, doNotDisturb, forwarding }: PhoneApiOptions,
) {
  const user = context.get('user');
  const codes = directory.tenant(user.tenantId)?.settings.featureCodes;
  if (wanted.forwarding !== undefined && codes !== undefined) {
    const checked = checkForwarding(wanted.forwarding, {
      codes,
      ownNumber: user.extension,
      exists: (digits) =>
        directory.user(user.tenantId, digits) !== undefined ||
        directory.ringGroupByNumber(user.tenantId, digits) !== undefined,
    });
    if (!checked.ok) {
      const { field, reason } = checked.error;
      return context.json({ error: reason, message: `Calls cannot go there (${field}).` }, 422);
    }
    forwarding.set(user.id, checked.value);
  }
  if (wanted.doNotDisturb !== undefined) doNotDisturb.set(user.id, wanted.doNotDisturb);
  return context.body(null, 204);
}

function groupOf({ tenantId, extension }: User, directory: UserDirectory) {
  const group = directory.parkGroupOf(tenantId, extension);
  return group === undefined ? null : { id: group.id, name: group.name };
}

function directoryOf(me: User, { directory, registrar, doNotDisturb }: PhoneApiOptions) {
  return directory.users(me.tenantId).map((user) => ({
    extension: user.extension,
    displayName: user.displayName,
    registered: registrar.reachableDevices(user.id).length > 0,
    doNotDisturb: doNotDisturb.has(user.id),
  }));
}

function describeEvent(event: JournalEvent, { directory }: PhoneApiOptions) {
  const { step, caller } = event;
  const actor = actorOf(event);
  const named = actor === null ? undefined : directory.user(event.tenantId, actor);
  return {
    parkId: event.parkId,
    at: event.at,
    kind: step.kind,
    slot: event.slot,
    parker: event.parker,
    callerName: caller.name,
    callerNumber: caller.number,
    by: named?.displayName || actor,
    note: event.note ?? null,
  };
}

function actorOf({ step, parker }: JournalEvent): string | null {
  if ('by' in step) return step.by;
  if ('to' in step) return step.to;
  return step.kind === 'parked' ? parker : null;
}

function snooze(
  context: Context<HttpEnv>,
  asked: { readonly parkId: string },
  options: PhoneApiOptions,
) {
  const parkId = parseParkId(asked.parkId);
  const outcome = parkId === null ? 'nothing-parked' : options.snooze(context.get('user'), parkId);
  switch (outcome) {
    case 'snoozed':
      return context.body(null, 204);
    case 'not-permitted':
      return context.json(
        { error: 'not-permitted', message: 'That call is not in your list.' },
        403,
      );
    case 'nothing-parked':
      return context.json({ error: 'nothing-parked', message: 'That call is not parked.' }, 404);
  }
}

function demoCall(context: Context<HttpEnv>, { startDemoCall }: PhoneApiOptions) {
  if (startDemoCall === undefined) {
    return context.json({ error: 'no-demo', message: 'This server is not a demo.' }, 404);
  }
  switch (startDemoCall(context.get('user'))) {
    case 'started':
      return context.json({}, 202);
    case 'busy': {
      const message = 'The demo caller has called you already.';
      return context.json({ error: 'already-ringing', message }, 409);
    }
    case 'unavailable': {
      const message = 'The demo caller needs a server that listens on UDP.';
      return context.json({ error: 'no-demo', message }, 404);
    }
  }
}
