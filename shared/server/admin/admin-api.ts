import type { OpenAPIHono } from '@hono/zod-openapi';
import { CSRF_HEADER } from '../../config/admin/sessions.ts';
import { answerError, answerNotFound } from '../http/http-error.ts';
import {
  mediaType,
  noStore,
  sameSite,
  session,
  SESSION_COOKIE,
  sizeLimit,
  systemOnly,
  tenantOfPath,
} from './admin-guard.ts';
import type { AdminParts } from './admin-parts.ts';
import { adminRouter, type AdminEnv } from './route-kit.ts';
import { addAdmins } from './routes/admin-routes.ts';
import { addAudit } from './routes/audit-routes.ts';
import { addImport } from './routes/import-routes.ts';
import { addJournal } from './routes/journal-routes.ts';
import { addLive } from './routes/live-routes.ts';
import { addMusic } from './routes/music-routes.ts';
import { addParkGroups } from './routes/park-group-routes.ts';
import { addRingGroups } from './routes/ring-group-routes.ts';
import { addSession, addSignIn } from './routes/session-routes.ts';
import { addSettings } from './routes/settings-routes.ts';
import { addTenants } from './routes/tenant-routes.ts';
import { addUsers } from './routes/user-routes.ts';

const ABOUT = `What an administrator may ask. Sign in with \`POST /session\`: the answer sets the cookie \`${SESSION_COOKIE}\`
and gives a CSRF token, which goes into the header \`${CSRF_HEADER}\` of everything but GET. A session ends after 8 idle
hours, after 24 in any case. Times are milliseconds since 1970 (UTC), durations milliseconds. A thing of a tenant that the
admin may not see is answered like one that does not exist. Every change is written to the audit log.`;

/** `/api/admin`: everything that is administered. */
export function adminApi(parts: AdminParts): OpenAPIHono<AdminEnv> {
  const root = adminRouter();
  root.onError((error, context) => answerError(error, context, parts.log));
  root.notFound(answerNotFound);
  root.route('/api/admin', routes(parts));
  return root;
}

function routes(parts: AdminParts): OpenAPIHono<AdminEnv> {
  const app = adminRouter();
  const { openAPIRegistry } = app;
  openAPIRegistry.registerComponent('securitySchemes', 'cookie', {
    type: 'apiKey',
    in: 'cookie',
    name: SESSION_COOKIE,
  });
  openAPIRegistry.registerComponent('securitySchemes', 'csrf', {
    type: 'apiKey',
    in: 'header',
    name: CSRF_HEADER,
  });
  app.use('*', noStore, sameSite(parts));
  app.doc('/openapi.json', {
    openapi: '3.0.3',
    info: { title: 'Parkline administration', version: '1.0', description: ABOUT },
    servers: [{ url: '/api/admin' }],
  });
  app.use('/setup', mediaType, sizeLimit);
  app.post('/session', mediaType, sizeLimit);
  addSignIn(app, parts);
  app.use('*', session(parts), mediaType, sizeLimit);
  addSession(app, parts);
  app.use('/admins', systemOnly);
  app.use('/admins/*', systemOnly);
  addAdmins(app, parts);
  addAudit(app, parts);
  addTenants(app, parts);
  app.use('/tenants/:tenant/*', tenantOfPath(parts));
  app.route('/tenants/:tenant', tenantRoutes(parts));
  return app;
}

function tenantRoutes(parts: AdminParts): OpenAPIHono<AdminEnv> {
  const app = adminRouter();
  addUsers(app, parts);
  addImport(app, parts);
  addParkGroups(app, parts);
  addRingGroups(app, parts);
  addSettings(app, parts);
  addMusic(app, parts);
  addLive(app, parts);
  addJournal(app, parts);
  return app;
}
