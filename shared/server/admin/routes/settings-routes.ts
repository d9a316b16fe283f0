import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { settingsChangeSchema, settingsViewSchema } from '../../../config/admin/tenants.ts';
import type { Tenant } from '../../ports/directory.ts';
import { refuse } from '../admin-answer.ts';
import { record, type AdminParts } from '../admin-parts.ts';
import { groupAnswer } from '../group-answer.ts';
import { recallWarnings } from '../park-group-view.ts';
import { json, jsonBody, refusals, signedIn, tenantParams, type AdminEnv } from '../route-kit.ts';

const tags = ['Settings'];

const getRoute = createRoute({
  method: 'get',
  path: '/settings',
  tags,
  summary: 'Call park settings and feature codes',
  security: signedIn,
  request: { params: tenantParams },
  responses: { 200: json(settingsViewSchema, 'As they are now'), ...refusals() },
});

const putRoute = createRoute({
  method: 'put',
  path: '/settings',
  tags,
  summary:
    'Replace the settings; calls that are parked keep the recall rules they were parked with',
  security: signedIn,
  request: {
    params: tenantParams,
    body: jsonBody(settingsChangeSchema, 'All of them, with the version that was read'),
  },
  responses: {
    200: json(settingsViewSchema, 'Saved; they hold at once'),
    ...refusals('changed-meanwhile', 'ring-group-missing'),
  },
});

/** A tenant's settings. */
export function addSettings(app: OpenAPIHono<AdminEnv>, parts: AdminParts): void {
  app.openapi(getRoute, (context) => context.json(view(parts, context.get('tenant')), 200));
  app.openapi(putRoute, (context) => {
    const tenant = context.get('tenant');
    const { settings, version } = context.req.valid('json');
    const by = context.get('session').admin.name;
    const saved = parts.groups.saveSettings(tenant, settings, { version, by });
    if (!saved.ok) return refuse(context, groupAnswer(saved.error));
    record(context, parts, {
      action: 'settings.changed',
      subject: tenant.name,
      ...differences(tenant.settings, settings),
    });
    return context.json(view(parts, { ...tenant, settings }), 200);
  });
}

function view({ store, directory }: AdminParts, { id, settings }: Tenant) {
  const { version, by, at } = store.tenants.settingsMark(id);
  const warnings = recallWarnings(directory, id, settings.recall);
  return { settings, version, changedBy: by, changedAt: at, warnings };
}

/** What became different; the rest would drown it in the audit log. */
function differences<Settings extends object>(before: Settings, after: Settings) {
  const old = new Map(Object.entries(before));
  const changed = Object.entries(after).filter(
    ([key, value]) => JSON.stringify(old.get(key)) !== JSON.stringify(value),
  );
  return {
    before: Object.fromEntries(changed.map(([key]) => [key, old.get(key)])),
    after: Object.fromEntries(changed),
  };
}
