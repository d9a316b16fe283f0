import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { musicSchema, type Music } from '../../../config/admin/music.ts';
import type { TenantId } from '../../../domain/ids.ts';
import { refuse } from '../admin-answer.ts';
import { record, type AdminParts } from '../admin-parts.ts';
import { musicAnswer } from '../convert-music.ts';
import { json, refusals, signedIn, tenantParams, type AdminEnv } from '../route-kit.ts';

const tags = ['Music'];
const binary = z.string().openapi({ format: 'binary' });

const getRoute = createRoute({
  method: 'get',
  path: '/music',
  tags,
  summary: 'What parked callers hear',
  security: signedIn,
  request: { params: tenantParams },
  responses: { 200: json(musicSchema, 'Built in, or uploaded'), ...refusals() },
});

const fileRoute = createRoute({
  method: 'get',
  path: '/music.wav',
  tags,
  summary: 'The uploaded music, to listen to',
  security: signedIn,
  request: { params: tenantParams },
  responses: {
    200: { description: 'PCM 16 bit mono', content: { 'audio/wav': { schema: binary } } },
    404: refusals()[404],
  },
});

const putRoute = createRoute({
  method: 'put',
  path: '/music',
  tags,
  summary: 'Upload music; calls parked from now on hear it',
  security: signedIn,
  request: {
    params: tenantParams,
    body: {
      description:
        'WAV ≤ 20 MB: PCM 16 bit, A-law or µ-law, mono or stereo, 8–48 kHz, 100 ms to 10 minutes',
      content: { 'audio/wav': { schema: binary } },
      required: true,
    },
  },
  responses: {
    200: json(musicSchema, 'Taken'),
    ...refusals('not-wav', 'unsupported-format', 'truncated', 'too-long', 'too-short'),
  },
});

const removeRoute = createRoute({
  method: 'delete',
  path: '/music',
  tags,
  summary: 'Go back to the built-in music',
  security: signedIn,
  request: { params: tenantParams },
  responses: { 200: json(musicSchema, 'The built-in one'), ...refusals() },
});

/** Music on hold of a tenant. */
export function addMusic(app: OpenAPIHono<AdminEnv>, parts: AdminParts): void {
  const { music } = parts;
  app.openapi(getRoute, (context) => context.json(view(parts, context.get('tenant').id), 200));
  app.openapi(fileRoute, (context) => {
    const wav = music.wav(context.get('tenant').id);
    if (wav === undefined) {
      return refuse(context, { error: 'not-found', message: 'No music was uploaded.' });
    }
    return context.body(new Uint8Array(wav), 200, { 'Content-Type': 'audio/wav' });
  });
  app.openapi(putRoute, async (context) => {
    const tenant = context.get('tenant');
    const file = new Uint8Array(await context.req.arrayBuffer());
    const before = view(parts, tenant.id);
    const taken = await music.replace(tenant.id, file, context.get('session').admin.name);
    if (!taken.ok) return refuse(context, musicAnswer(taken.error));
    const after = view(parts, tenant.id);
    record(context, parts, { action: 'music.changed', subject: tenant.name, before, after });
    return context.json(after, 200);
  });
  app.openapi(removeRoute, (context) => {
    const tenant = context.get('tenant');
    const before = view(parts, tenant.id);
    if (music.remove(tenant.id)) {
      record(context, parts, { action: 'music.removed', subject: tenant.name, before });
    }
    return context.json(view(parts, tenant.id), 200);
  });
}

function view({ music }: AdminParts, tenantId: TenantId): Music {
  const facts = music.facts(tenantId);
  return facts === undefined ? { kind: 'built-in' } : { kind: 'uploaded', ...facts };
}
