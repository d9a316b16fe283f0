import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { parkedCallListSchema, adminEventSchema } from '../../../config/admin/live.ts';
import { deviceListSchema } from '../../../config/admin/users.ts';
import { pageQuerySchema } from '../../../config/admin/values.ts';
import type { TenantId } from '../../../domain/ids.ts';
import { refuse } from '../admin-answer.ts';
import type { AdminParts } from '../admin-parts.ts';
import { deviceLines } from '../device-line.ts';
import { EventStream, type EventSink } from '../event-stream.ts';
import { fits, pageOf } from '../listing.ts';
import { json, refusals, signedIn, tenantParams, type AdminEnv } from '../route-kit.ts';
import { MOST_STREAMS_EACH, StreamPlaces } from '../stream-places.ts';

const tags = ['Live'];

/** So many streams may be open at once, over all admins. */
const MAX_STREAMS = 500;

const callsRoute = createRoute({
  method: 'get',
  path: '/parked-calls',
  tags,
  summary: 'Calls that are parked now',
  security: signedIn,
  request: { params: tenantParams },
  responses: { 200: json(parkedCallListSchema, 'Oldest first'), ...refusals() },
});

const registrationsRoute = createRoute({
  method: 'get',
  path: '/registrations',
  tags,
  summary: 'Devices that are signed in, newest first; searched by name and extension',
  security: signedIn,
  request: { params: tenantParams, query: pageQuerySchema },
  responses: { 200: json(deviceListSchema, 'One page'), ...refusals() },
});

const eventsRoute = createRoute({
  method: 'get',
  path: '/events',
  tags,
  summary: 'What happens, as a stream of server-sent events',
  description:
    'First a `snapshot` of all parked calls, after a reconnect too, and again whenever a change had no event of its own. ' +
    '`id` increases. A comment every 15 s keeps the connection alive. The stream ends with the session. ' +
    `One admin account may have ${MOST_STREAMS_EACH} streams open at once, all together ${MAX_STREAMS}.`,
  security: signedIn,
  request: { params: tenantParams },
  responses: {
    200: {
      description: 'One AdminEvent as JSON in each `data`, its `kind` also in `event`',
      content: { 'text/event-stream': { schema: adminEventSchema } },
    },
    429: refusals('too-many-attempts')[429],
  },
});

/** What is so now, and what happens. */
export function addLive(app: OpenAPIHono<AdminEnv>, parts: AdminParts): void {
  const { live, devices, directory } = parts;
  const places = new StreamPlaces();
  app.openapi(callsRoute, (context) =>
    context.json({ calls: live.calls(context.get('tenant').id) }, 200),
  );
  app.openapi(registrationsRoute, (context) => {
    const { search, ...page } = context.req.valid('query');
    const bindings = devices.all(context.get('tenant').id);
    const lines = deviceLines(bindings, directory).filter(({ displayName, extension }) =>
      fits(search, { name: displayName, number: extension }),
    );
    const { entries, total } = pageOf(lines, page);
    return context.json({ devices: [...entries], total }, 200);
  });
  app.openapi(eventsRoute, (context) => {
    if (live.watchers >= MAX_STREAMS) return tooMany(context, 'Too many event streams are open.');
    return places.isFull(context.get('session').admin.id)
      ? tooMany(context, `You have ${MOST_STREAMS_EACH} event streams open already.`)
      : openStream(context, parts, places);
  });
}

const tooMany = (context: Context<AdminEnv>, message: string) =>
  refuse(context, {
    error: 'too-many-attempts',
    message,
    details: { retryAfterSeconds: 10 },
  });

function openStream(context: Context<AdminEnv>, parts: AdminParts, places: StreamPlaces): Response {
  const tenantId = context.get('tenant').id;
  const { tokenHash, admin } = context.get('session');
  // A proxy that gathers answers would hold back what happens.
  context.header('X-Accel-Buffering', 'no');
  return streamSSE(context, async (sse) => {
    const place = places.take(admin.id);
    try {
      await streamTo(sse, parts, { tenantId, tokenHash });
    } finally {
      place.dispose();
    }
  });
}

function streamTo(
  sse: EventSink,
  { live, clock, sessions, directory }: AdminParts,
  { tenantId, tokenHash }: { readonly tenantId: TenantId; readonly tokenHash: string },
): Promise<void> {
  const mayGoOn = () => sessions.holds(tokenHash) && directory.tenant(tenantId) !== undefined;
  return new EventStream(sse, { live, clock, tenantId, mayGoOn }).ended;
}
