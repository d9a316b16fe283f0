import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import {
  newRingGroupSchema,
  ringGroupChangeSchema,
  ringGroupListSchema,
  ringGroupSchema,
  type NewRingGroup,
} from '../../../config/admin/ring-groups.ts';
import { pageQuerySchema } from '../../../config/admin/values.ts';
import type { RingGroup, RingGroupDraft } from '../../../domain/ring-group.ts';
import { notFound, refuse } from '../admin-answer.ts';
import { record, type AdminParts } from '../admin-parts.ts';
import { givenKeys } from '../given-keys.ts';
import { groupAnswer } from '../group-answer.ts';
import { parseRingGroupId } from '../group-ids.ts';
import { listRingGroups, viewRingGroup } from '../ring-group-view.ts';
import { json, jsonBody, refusals, signedIn, tenantParams, type AdminEnv } from '../route-kit.ts';

const tags = ['Ring groups'];
const params = tenantParams.extend({ id: z.string() });
const REFUSED = [
  'name-empty',
  'name-too-long',
  'name-unprintable',
  'name-taken',
  'number-taken',
  'not-an-extension',
  'member-unknown',
  'member-twice',
  'too-many-members',
  'no-answer-unknown',
  'no-answer-itself',
  'ring-group-missing',
] as const;

const listRoute = createRoute({
  method: 'get',
  path: '/ring-groups',
  tags,
  summary: 'Ring groups, by name; searched by name, number, member’s extension and member’s name',
  security: signedIn,
  request: { params: tenantParams, query: pageQuerySchema },
  responses: { 200: json(ringGroupListSchema, 'One page'), ...refusals() },
});

const getRoute = createRoute({
  method: 'get',
  path: '/ring-groups/{id}',
  tags,
  summary: 'One ring group with its members in order',
  security: signedIn,
  request: { params },
  responses: { 200: json(ringGroupSchema, 'The ring group'), ...refusals() },
});

const addRoute = createRoute({
  method: 'post',
  path: '/ring-groups',
  tags,
  summary: 'Add a ring group',
  security: signedIn,
  request: {
    params: tenantParams,
    body: jsonBody(newRingGroupSchema, 'Only the name is required'),
  },
  responses: { 201: json(ringGroupSchema, 'Added'), ...refusals(...REFUSED) },
});

const changeRoute = createRoute({
  method: 'patch',
  path: '/ring-groups/{id}',
  tags,
  summary: 'Change a ring group',
  security: signedIn,
  request: { params, body: jsonBody(ringGroupChangeSchema, 'With the version that was read') },
  responses: {
    200: json(ringGroupSchema, 'Changed'),
    ...refusals('changed-meanwhile', ...REFUSED),
  },
});

const removeRoute = createRoute({
  method: 'delete',
  path: '/ring-groups/{id}',
  tags,
  summary: 'Delete a ring group; where calls were recalled to it, the parker alone is alerted',
  security: signedIn,
  request: { params },
  responses: { 204: { description: 'Deleted' }, ...refusals() },
});

/** Ring groups of a tenant. */
export function addRingGroups(app: OpenAPIHono<AdminEnv>, parts: AdminParts): void {
  addReading(app, parts);
  addWriting(app, parts);
}

function addReading(app: OpenAPIHono<AdminEnv>, parts: AdminParts): void {
  app.openapi(listRoute, (context) =>
    context.json(listRingGroups(parts, context.get('tenant'), context.req.valid('query')), 200),
  );
  app.openapi(getRoute, (context) => {
    const id = parseRingGroupId(context.req.valid('param').id);
    const group = id && parts.directory.ringGroup(context.get('tenant').id, id);
    if (group === undefined) return refuse(context, notFound);
    return context.json(viewRingGroup(parts, group), 200);
  });
}

function addWriting(app: OpenAPIHono<AdminEnv>, parts: AdminParts): void {
  const { directory, groups } = parts;
  app.openapi(addRoute, (context) => {
    const draft = draftOf(context.req.valid('json'));
    const by = context.get('session').admin.name;
    const target = { kind: 'new' } as const;
    const saved = groups.saveRingGroup(context.get('tenant'), draft, { target, by });
    if (!saved.ok) return refuse(context, groupAnswer(saved.error));
    record(context, parts, { action: 'ring-group.added', subject: draft.name, after: draft });
    return context.json(viewRingGroup(parts, saved.value), 201);
  });
  app.openapi(changeRoute, (context) => {
    const tenant = context.get('tenant');
    const id = parseRingGroupId(context.req.valid('param').id);
    const group = id && directory.ringGroup(tenant.id, id);
    if (group === undefined) return refuse(context, notFound);
    const { version, ...change } = context.req.valid('json');
    const before = factsOf(group);
    const draft = draftOf({ ...before, extension: before.extension ?? null, ...givenKeys(change) });
    const target = { kind: 'existing', id: group.id, version } as const;
    const by = context.get('session').admin.name;
    const saved = groups.saveRingGroup(tenant, draft, { target, by });
    if (!saved.ok) return refuse(context, groupAnswer(saved.error));
    const subject = saved.value.name;
    record(context, parts, { action: 'ring-group.changed', subject, before, after: draft });
    return context.json(viewRingGroup(parts, saved.value), 200);
  });
  app.openapi(removeRoute, (context) => {
    const id = parseRingGroupId(context.req.valid('param').id);
    const removed = id && groups.removeRingGroup(context.get('tenant'), id);
    if (removed === undefined) return refuse(context, notFound);
    if (!removed.ok) return refuse(context, groupAnswer(removed.error));
    const before = factsOf(removed.value);
    record(context, parts, { action: 'ring-group.removed', subject: before.name, before });
    return context.body(null, 204);
  });
}

type Wish = Omit<NewRingGroup, 'members'> & Pick<RingGroupDraft, 'members'>;

function draftOf({ extension, ...rest }: Wish): RingGroupDraft {
  return { ...rest, ...(extension !== null && { extension }) };
}

function factsOf(group: RingGroup): RingGroupDraft {
  const { id: _id, tenantId: _tenantId, version: _version, ...facts } = group;
  return facts;
}
