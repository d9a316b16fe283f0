import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import {
  availableMembersQuerySchema,
  availableMembersSchema,
  newParkGroupSchema,
  parkGroupChangeSchema,
  parkGroupListSchema,
  parkGroupSchema,
} from '../../../config/admin/park-groups.ts';
import { pageQuerySchema } from '../../../config/admin/values.ts';
import { refuse, notFound } from '../admin-answer.ts';
import { record, type AdminParts } from '../admin-parts.ts';
import { givenKeys } from '../given-keys.ts';
import { groupAnswer } from '../group-answer.ts';
import { availableMembers, listParkGroups, viewParkGroup } from '../park-group-view.ts';
import { json, jsonBody, refusals, signedIn, tenantParams, type AdminEnv } from '../route-kit.ts';
import { parseGroupId } from '../group-ids.ts';

const tags = ['Call Park groups'];
const params = tenantParams.extend({ id: z.string() });
const REFUSED = [
  'name-empty',
  'name-too-long',
  'name-unprintable',
  'name-taken',
  'in-other-group',
  'member-unknown',
  'member-twice',
  'too-many-members',
  'ring-group-missing',
] as const;

const listRoute = createRoute({
  method: 'get',
  path: '/park-groups',
  tags,
  summary: 'Call Park groups, by name; searched by name, member’s extension and member’s name',
  security: signedIn,
  request: { params: tenantParams, query: pageQuerySchema },
  responses: { 200: json(parkGroupListSchema, 'One page'), ...refusals() },
});

const availableRoute = createRoute({
  method: 'get',
  path: '/park-groups/available-members',
  tags,
  summary: 'Users who are in no other group, by extension',
  security: signedIn,
  request: { params: tenantParams, query: availableMembersQuerySchema },
  responses: { 200: json(availableMembersSchema, 'Who can be chosen'), ...refusals() },
});

const getRoute = createRoute({
  method: 'get',
  path: '/park-groups/{id}',
  tags,
  summary: 'One group with its members in assigned order',
  security: signedIn,
  request: { params },
  responses: { 200: json(parkGroupSchema, 'The group'), ...refusals() },
});

const addRoute = createRoute({
  method: 'post',
  path: '/park-groups',
  tags,
  summary: 'Add a group',
  security: signedIn,
  request: {
    params: tenantParams,
    body: jsonBody(newParkGroupSchema, 'Only the name is required'),
  },
  responses: { 201: json(parkGroupSchema, 'Added'), ...refusals(...REFUSED) },
});

const changeRoute = createRoute({
  method: 'patch',
  path: '/park-groups/{id}',
  tags,
  summary: 'Change a group: name, recall, members and their order',
  description:
    'Calls that are parked keep the recall rules they were parked with; who may see and take them follows at once.',
  security: signedIn,
  request: { params, body: jsonBody(parkGroupChangeSchema, 'With the version that was read') },
  responses: {
    200: json(parkGroupSchema, 'Changed'),
    ...refusals('changed-meanwhile', ...REFUSED),
  },
});

const removeRoute = createRoute({
  method: 'delete',
  path: '/park-groups/{id}',
  tags,
  summary: 'Delete a group; calls parked to it now keep its last members',
  security: signedIn,
  request: { params },
  responses: { 204: { description: 'Deleted' }, ...refusals() },
});

/** Call Park groups of a tenant. */
export function addParkGroups(app: OpenAPIHono<AdminEnv>, parts: AdminParts): void {
  addReading(app, parts);
  addWriting(app, parts);
}

function addReading(app: OpenAPIHono<AdminEnv>, parts: AdminParts): void {
  app.openapi(listRoute, (context) =>
    context.json(listParkGroups(parts, context.get('tenant'), context.req.valid('query')), 200),
  );
  app.openapi(availableRoute, (context) =>
    context.json(availableMembers(parts, context.get('tenant'), context.req.valid('query')), 200),
  );
  app.openapi(getRoute, (context) => {
    const id = parseGroupId(context.req.valid('param').id);
    const group = id && parts.directory.parkGroup(context.get('tenant').id, id);
    if (group === undefined) return refuse(context, notFound);
    return context.json(viewParkGroup(parts, group), 200);
  });
}

function addWriting(app: OpenAPIHono<AdminEnv>, parts: AdminParts): void {
  const { directory, groups } = parts;
  app.openapi(addRoute, (context) => {
    const draft = context.req.valid('json');
    const by = context.get('session').admin.name;
    const saved = groups.saveParkGroup(context.get('tenant'), draft, {
      target: { kind: 'new' },
      by,
    });
    if (!saved.ok) return refuse(context, groupAnswer(saved.error));
    record(context, parts, { action: 'park-group.added', subject: draft.name, after: draft });
    return context.json(viewParkGroup(parts, saved.value), 201);
  });
  app.openapi(changeRoute, (context) => {
    const tenant = context.get('tenant');
    const id = parseGroupId(context.req.valid('param').id);
    const before = id && directory.parkGroup(tenant.id, id);
    if (before === undefined) return refuse(context, notFound);
    const { version, ...change } = context.req.valid('json');
    const { name, members, recall } = before;
    const draft = { name, members, recall, ...givenKeys(change) };
    const target = { kind: 'existing', id: before.id, version } as const;
    const by = context.get('session').admin.name;
    const saved = groups.saveParkGroup(tenant, draft, { target, by });
    if (!saved.ok) return refuse(context, groupAnswer(saved.error));
    record(context, parts, {
      action: 'park-group.changed',
      subject: saved.value.name,
      before: { name, members, recall },
      after: draft,
    });
    return context.json(viewParkGroup(parts, saved.value), 200);
  });
  app.openapi(removeRoute, (context) => {
    const id = parseGroupId(context.req.valid('param').id);
    const removed = id && groups.removeParkGroup(context.get('tenant'), id);
    if (removed === undefined) return refuse(context, notFound);
    if (!removed.ok) return refuse(context, groupAnswer(removed.error));
    const { name, members, recall } = removed.value;
    record(context, parts, {
      action: 'park-group.removed',
      subject: name,
      before: { members, recall },
    });
    return context.body(null, 204);
  });
}
