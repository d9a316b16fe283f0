import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import {
  adminChangeSchema,
  adminListSchema,
  adminSchema,
  newAdminSchema,
  type AdminChange,
} from '../../../config/admin/admins.ts';
import type { EpochMs } from '../../../domain/ids.ts';
import { err, ok, type Result } from '../../../domain/result.ts';
import type { AdminScope, StoredAdmin } from '../../store/admin-store.ts';
import { notFound, refuse, type Refusal } from '../admin-answer.ts';
import { record, type AdminParts } from '../admin-parts.ts';
import { accountAnswer } from '../provisioning-answer.ts';
import { json, jsonBody, refusals, signedIn, type AdminEnv } from '../route-kit.ts';

const tags = ['Admins'];
const params = z.object({ id: z.string() });

const listRoute = createRoute({
  method: 'get',
  path: '/admins',
  tags,
  summary: 'All admins (system admins only, as everything about admins)',
  security: signedIn,
  responses: { 200: json(adminListSchema, 'By name'), ...refusals() },
});

const addRoute = createRoute({
  method: 'post',
  path: '/admins',
  tags,
  summary: 'Add an admin',
  security: signedIn,
  request: { body: jsonBody(newAdminSchema, 'A tenant admin needs a tenant') },
  responses: { 201: json(adminSchema, 'Added'), ...refusals('name-taken', 'bad-password') },
});

const changeRoute = createRoute({
  method: 'patch',
  path: '/admins/{id}',
  tags,
  summary: 'Change name, password or role of an admin; their sessions end',
  security: signedIn,
  request: { params, body: jsonBody(adminChangeSchema, 'What is left out stays') },
  responses: {
    200: json(adminSchema, 'Changed'),
    ...refusals('name-taken', 'bad-password', 'last-admin'),
  },
});

const removeRoute = createRoute({
  method: 'delete',
  path: '/admins/{id}',
  tags,
  summary: 'Remove an admin; their sessions end',
  security: signedIn,
  request: { params },
  responses: { 204: { description: 'Removed' }, ...refusals('last-admin') },
});

/** Who may administer what; for system admins alone. */
export function addAdmins(app: OpenAPIHono<AdminEnv>, parts: AdminParts): void {
  const { accounts, store } = parts;
  app.openapi(listRoute, (context) => {
    const uses = store.admins.lastUses();
    return context.json({ admins: accounts.all().map((admin) => view(admin, uses)) }, 200);
  });
  app.openapi(addRoute, async (context) => {
    const { name, password, ...wish } = context.req.valid('json');
    const scope = scopeOf(wish, parts);
    if (!scope.ok) return refuse(context, scope.error);
    const added = await accounts.add({ name, password, scope: scope.value });
    if (!added.ok) return refuse(context, accountAnswer(added.error));
    record(context, parts, { action: 'admin.added', subject: name, after: scope.value });
    return context.json(view(added.value, new Map()), 201);
  });
  app.openapi(changeRoute, async (context) => {
    const { id } = context.req.valid('param');
    const { name, password, ...wish } = context.req.valid('json');
    const before = store.admins.byId(id);
    if (before === undefined) return refuse(context, notFound);
    const { role, tenantId } = wish;
    const same = role === undefined && tenantId === undefined;
    const scope = same
      ? ok(before.scope)
      : scopeOf({ role: role ?? 'tenant', ...(tenantId !== undefined && { tenantId }) }, parts);
    if (!scope.ok) return refuse(context, scope.error);
    const changed = await accounts.change(id, {
      scope: scope.value,
      ...(name !== undefined && { name }),
      ...(password !== undefined && { password }),
    });
    if (!changed.ok) return refuse(context, accountAnswer(changed.error));
    record(context, parts, {
      action: 'admin.changed',
      subject: before.name,
      before: { name: before.name, scope: before.scope },
      after: {
        name: changed.value.name,
        scope: changed.value.scope,
        ...(password !== undefined && { passwordChanged: true }),
      },
    });
    return context.json(view(changed.value, new Map()), 200);
  });
  app.openapi(removeRoute, (context) => {
    const removed = accounts.remove(context.req.valid('param').id);
    if (!removed.ok) return refuse(context, accountAnswer(removed.error));
    const { name: subject, scope: before } = removed.value;
    record(context, parts, { action: 'admin.removed', subject, before });
    return context.body(null, 204);
  });
}

function scopeOf(
  { role, tenantId }: Pick<AdminChange, 'role' | 'tenantId'>,
  { directory }: AdminParts,
): Result<AdminScope, Refusal> {
  if (role !== 'tenant') return ok({ kind: 'system' });
  const tenant = directory.tenants().find(({ id }) => id === tenantId);
  if (tenant !== undefined) return ok({ kind: 'tenant', tenantId: tenant.id });
  const message = 'Choose the tenant that this admin administers.';
  return err({ error: 'bad-value', message, field: 'tenantId' });
}

function view({ id, name, scope, createdAt }: StoredAdmin, uses: ReadonlyMap<string, EpochMs>) {
  return {
    id,
    name,
    role: scope.kind,
    tenantId: scope.kind === 'tenant' ? scope.tenantId : null,
    createdAt,
    lastSeenAt: uses.get(id) ?? null,
  };
}
