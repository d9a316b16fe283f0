import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { auditPageSchema, auditQuerySchema } from '../../../config/admin/audit.ts';
import type { AdminParts } from '../admin-parts.ts';
import { json, refusals, signedIn, type AdminEnv } from '../route-kit.ts';

const auditRoute = createRoute({
  method: 'get',
  path: '/audit',
  tags: ['Audit log'],
  summary: 'Who changed what, when and from where; a tenant admin sees what concerns the tenant',
  security: signedIn,
  request: { query: auditQuerySchema },
  responses: { 200: json(auditPageSchema, 'Newest first'), ...refusals() },
});

/** The audit log. */
export function addAudit(app: OpenAPIHono<AdminEnv>, { store }: AdminParts): void {
  app.openapi(auditRoute, (context) => {
    const { before, limit } = context.req.valid('query');
    const { scope } = context.get('session').admin;
    const lines = store.audit.read({
      limit,
      ...(before !== undefined && { before }),
      ...(scope.kind === 'tenant' && { tenantId: scope.tenantId }),
    });
    const next = lines.length < limit ? null : (lines.at(-1)?.seq ?? null);
    return context.json(
      { lines: lines.map(({ seq: id, ...line }) => ({ id, ...line })), next },
      200,
    );
  });
}
