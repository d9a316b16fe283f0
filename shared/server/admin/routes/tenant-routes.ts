import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import {
  newTenantSchema,
  tenantChangeSchema,
  tenantListSchema,
  tenantSchema,
} from '../../../config/admin/tenants.ts';
import type { Tenant } from '../../ports/directory.ts';
import { refuse } from '../admin-answer.ts';
import { systemOnly, tenantOfPath, visibleTenants } from '../admin-guard.ts';
import { record, type AdminParts } from '../admin-parts.ts';
import { provisioningAnswer } from '../provisioning-answer.ts';
import { json, jsonBody, refusals, signedIn, tenantParams, type AdminEnv } from '../route-kit.ts';

const tags = ['Tenants'];

const listRoute = createRoute({
  method: 'get',
  path: '/tenants',
  tags,
  summary: 'The tenants that I may see',
  security: signedIn,
  responses: { 200: json(tenantListSchema, 'Oldest first'), ...refusals() },
});

const addRoute = createRoute({
  method: 'post',
  path: '/tenants',
  tags,
  summary: 'Add a tenant with the default settings (system admins only)',
  security: signedIn,
  middleware: [systemOnly] as const,
  request: { body: jsonBody(newTenantSchema, 'From the second tenant on each needs a domain') },
  responses: {
    201: json(tenantSchema, 'Added'),
    ...refusals('name-taken', 'bad-domain', 'domain-taken', 'domains-needed'),
  },
});

const changeRoute = createRoute({
  method: 'patch',
  path: '/tenants/{tenant}',
  tags,
  summary: 'Replace the domains of a tenant (system admins only)',
  security: signedIn,
  middleware: [systemOnly] as const,
  request: { params: tenantParams, body: jsonBody(tenantChangeSchema, 'The new domains') },
  responses: {
    200: json(tenantSchema, 'Changed'),
    ...refusals('bad-domain', 'domain-taken', 'domains-needed'),
  },
});

const removeRoute = createRoute({
  method: 'delete',
  path: '/tenants/{tenant}',
  tags,
  summary: 'Remove a tenant with all that is in it, journal included (system admins only)',
  security: signedIn,
  middleware: [systemOnly] as const,
  request: { params: tenantParams },
  responses: { 204: { description: 'Removed' }, ...refusals('last-tenant', 'calls-parked') },
});

/** Tenants themselves. */
export function addTenants(app: OpenAPIHono<AdminEnv>, parts: AdminParts): void {
  const { provisioning, calls } = parts;
  app.openapi(listRoute, (context) => {
    const tenants = visibleTenants(parts, context.get('session').admin.scope);
    return context.json({ tenants: tenants.map((tenant) => view(tenant, parts)) }, 200);
  });
  app.openapi(addRoute, (context) => {
    const { name, domains } = context.req.valid('json');
    const added = provisioning.addTenant(name, domains);
    if (!added.ok) return refuse(context, provisioningAnswer(added.error));
    const { id: tenantId } = added.value;
    record(context, parts, {
      action: 'tenant.added',
      subject: name,
      tenantId,
      after: { domains: added.value.domains },
    });
    return context.json(view(added.value, parts), 201);
  });
  app.use('/tenants/:tenant', tenantOfPath(parts));
  app.openapi(changeRoute, (context) => {
    const tenant = context.get('tenant');
    const changed = provisioning.setDomains(tenant, context.req.valid('json').domains);
    if (!changed.ok) return refuse(context, provisioningAnswer(changed.error));
    record(context, parts, {
      action: 'tenant.domains-changed',
      subject: tenant.name,
      before: { domains: tenant.domains },
      after: { domains: changed.value.domains },
    });
    return context.json(view(changed.value, parts), 200);
  });
  app.openapi(removeRoute, (context) => {
    const tenant = context.get('tenant');
    if (calls.parkedCalls(tenant.id).length > 0) {
      const message = 'Calls are parked in this tenant now; their callers would be dropped.';
      return refuse(context, { error: 'calls-parked', message });
    }
    const removed = provisioning.removeTenant(tenant);
    if (!removed.ok) return refuse(context, provisioningAnswer(removed.error));
    const before = { domains: tenant.domains };
    record(context, parts, { action: 'tenant.removed', subject: tenant.name, before });
    return context.body(null, 204);
  });
}

function view({ id, name, realm, domains }: Tenant, { directory, calls }: AdminParts) {
  return {
    id,
    name,
    realm,
    domains: [...domains],
    users: directory.users(id).length,
    parkedCalls: calls.parkedCalls(id).length,
  };
}
