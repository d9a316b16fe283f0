import type { HttpBindings } from '@hono/node-server';
import { OpenAPIHono, createRoute } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { secureHeaders } from 'hono/secure-headers';
import { isLoopback } from '../../config/listen-address.ts';
import { trustPage } from '../certificates/trust-page.ts';
import type { DownloadFolder } from '../downloads/download-folder.ts';
import { downloadsHttp } from '../downloads/downloads-http.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { browserApp } from './browser-app.ts';
import {
  describeServer,
  webSocketUrl,
  type ClientRequest,
  type DiscoveryOptions,
} from './discovery.ts';
import { answerError, answerNotFound } from './http-error.ts';
import { phoneApi, type PhoneApiOptions } from './phone-api.ts';
import { discoverySchema, errorSchema } from './phone-schemas.ts';
import { hostOf, withoutPort, type HttpEnv } from './request-context.ts';

export interface HttpAppOptions extends PhoneApiOptions {
  /** Answers everything under `/api/admin`. */
  readonly admin: (request: Request, env: HttpBindings) => Response | Promise<Response>;
  readonly discovery: () => DiscoveryOptions;
  readonly metrics: Metrics;
  /** Serves now: everything is listening and it is not stopping. */
  readonly isReady: () => boolean;
  /** Directory of the built browser app. */
  readonly browserAppRoot: string;
  /** Installers and the update feed. */
  readonly downloads: DownloadFolder;
  /** The certificate of the server's own authority, PEM; the file may be absent. */
  readonly authorityFile: string;
  readonly log: Logger;
}

/** Nothing a phone sends is near this, in bytes. */
const MAX_BODY = 64 * 1024;

/** The desktop app's own origin. */
const DESKTOP_ORIGIN = 'app://parkline';

const discoveryRoute = createRoute({
  method: 'get',
  path: '/.well-known/parkline',
  summary: 'Where this server is reached and what it can do',
  responses: {
    200: {
      content: { 'application/json': { schema: discoverySchema } },
      description: 'This server',
    },
    404: {
      content: { 'application/json': { schema: errorSchema } },
      description: 'No tenant of that name',
    },
  },
});

/** Everything that is served over HTTP to phones, browsers and monitoring. */
export function httpApp(options: HttpAppOptions): OpenAPIHono<HttpEnv> {
  const app = new OpenAPIHono<HttpEnv>();
  app.onError((error, context) => answerError(error, context, options.log));
  app.notFound(answerNotFound);
  app.use(
    '*',
    secureHeaders({
      strictTransportSecurity: false,
      crossOriginResourcePolicy: false,
      xFrameOptions: 'DENY',
      referrerPolicy: 'no-referrer',
      permissionsPolicy: { microphone: ['self'], camera: [], geolocation: [] },
    }),
  );
  addOperations(app, options);
  addDiscovery(app, options);
  // Before all that is for phones: no other site has any business there.
  app.all('/api/admin/*', (context) => options.admin(context.req.raw, context.env));
  app.use('/api/*', bodyLimit({ maxSize: MAX_BODY }));
  app.use('/api/*', phoneCors());
  app.route('/api/phone', phoneApi(options));
  app.doc('/api/openapi.json', {
    openapi: '3.0.3',
    info: {
      title: 'Parkline',
      version: '1.0',
      description: "A signed-in extension's own interface",
    },
  });
  for (const folder of ['/downloads', '/trust']) {
    app.get(`${folder}/`, (context) => context.redirect(folder));
  }
  app.route('/downloads', downloadsHttp(options.downloads));
  app.route('/trust', trustPage(options.authorityFile));
  app.get('*', browserApp({ root: options.browserAppRoot, connect: originsOf(options) }));
  return app;
}

function addOperations(app: OpenAPIHono<HttpEnv>, { metrics, isReady }: HttpAppOptions): void {
  app.get('/healthz', (context) =>
    isReady() ? context.json({ status: 'ready' }, 200) : context.json({ status: 'not-ready' }, 503),
  );
  app.get('/metrics', async (context) => {
    const text = await metrics.text();
    return context.body(text, 200, { 'Content-Type': metrics.contentType });
  });
}

function addDiscovery(app: OpenAPIHono<HttpEnv>, options: HttpAppOptions): void {
  app.use('/.well-known/parkline', cors({ origin: '*' }));
  app.openapi(discoveryRoute, (context) => {
    const request = requestOf(context);
    const tenant = options.directory.tenantByHost(withoutPort(request.host));
    if (tenant === undefined) {
      const message = `No telephone system is served under the name ${withoutPort(request.host)}.`;
      return context.json({ error: 'unknown-domain', message }, 404);
    }
    context.header('Cache-Control', 'no-cache');
    return context.json(describeServer(tenant, request, options.discovery()), 200);
  });
}

function phoneCors() {
  return cors({
    origin: (origin) => (isAllowedOrigin(origin) ? origin : null),
    allowMethods: ['GET', 'POST', 'PUT', 'DELETE'],
    allowHeaders: ['Authorization', 'Content-Type', 'X-Requested-With'],
    exposeHeaders: ['WWW-Authenticate', 'X-WWW-Authenticate', 'Retry-After'],
    maxAge: 600,
  });
}

/** The desktop app, and pages served on this machine (development); others are of another house. */
function isAllowedOrigin(origin: string): boolean {
  if (origin === DESKTOP_ORIGIN) return true;
  const url = URL.parse(origin);
  const web = url?.protocol === 'http:' || url?.protocol === 'https:';
  return web && url !== null && isLoopback(url.hostname.replace(/^\[|\]$/g, ''));
}

function originsOf(options: HttpAppOptions): (context: Context) => readonly string[] {
  return (context) => {
    const url = URL.parse(webSocketUrl(requestOf(context), options.discovery()));
    return url === null ? [] : [`${url.protocol}//${url.host}`];
  };
}

/** A proxy in front says with X-Forwarded-Proto that the client came by https. */
function requestOf(context: Context): ClientRequest {
  const forwarded = context.req.header('X-Forwarded-Proto')?.split(',')[0]?.trim();
  const scheme = forwarded ?? new URL(context.req.url).protocol.replace(':', '');
  return { host: hostOf(context, 'localhost'), secure: scheme === 'https' };
}
