import { randomBytes, timingSafeEqual } from 'node:crypto';
import { rmSync } from 'node:fs';
import { Hono } from 'hono';
import { z } from 'zod';
import { ok, type Result } from '../../domain/result.ts';
import type { Logger } from '../log.ts';
import type { CallControl } from '../ports/call-control.ts';
import type { UserDirectory } from '../ports/directory.ts';
import type { Registrar } from '../ports/registrar.ts';
import { readJsonFile, writePrivateFile } from '../private-file.ts';
import { answerError, answerNotFound } from './http-error.ts';
import { HttpServer, type ListenRefusal } from './http-server.ts';

export interface ControlApiOptions {
  /** Where the command line finds address and token. */
  readonly file: string;
  readonly directory: UserDirectory;
  readonly registrar: Registrar;
  readonly calls: CallControl;
  /** Where the server listens, for `doctor` and the demo caller. */
  readonly status: () => ServerStatus;
  /** Takes over what the command line wrote into the database; the text is the refusal. */
  readonly reload: () => Result<null, string>;
  readonly log: Logger;
}

export const statusSchema = z.object({
  pid: z.int(),
  listen: z.array(z.string()),
  http: z.string().nullable(),
  tenants: z.array(z.string()),
  registrations: z.int(),
  parkedCalls: z.int(),
  activeCalls: z.int(),
  /** The certificate in use; `null` where nothing is encrypted. */
  certificate: z
    .object({ names: z.string(), validUntil: z.number(), fingerprint: z.string() })
    .nullable(),
});

export type ServerStatus = z.output<typeof statusSchema>;

export const registrationViewSchema = z.object({
  tenant: z.string(),
  extension: z.string(),
  name: z.string(),
  reachable: z.boolean(),
  transport: z.string().nullable(),
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
  registeredAt: z.number(),
  expiresAt: z.number(),
});

export type RegistrationView = z.output<typeof registrationViewSchema>;

export const parkedViewSchema = z.object({
  tenant: z.string(),
  parkId: z.string(),
  slot: z.string(),
  parker: z.string(),
  callerName: z.string(),
  callerNumber: z.string(),
  state: z.string(),
  parkedAt: z.number(),
  recallAt: z.number().nullable(),
  note: z.string().nullable(),
});

export type ParkedView = z.output<typeof parkedViewSchema>;

const fileSchema = z.object({
  url: z.url({ protocol: /^http$/ }),
  token: z.string().min(20),
  pid: z.int(),
});

/** How the running server's control API is reached; undefined when none ever ran here or the file is no use. */
export function readControlFile(path: string): z.output<typeof fileSchema> | undefined {
  const parsed = fileSchema.safeParse(readJsonFile(path));
  return parsed.success ? parsed.data : undefined;
}

/**
 * What the command line asks a running server. It listens on loopback only, on a port of its own, and wants the token
 * that stands in a file which only the server's own user can read.
 */
export class ControlApi {
  readonly #server: HttpServer;
  readonly #file: string;

  private constructor(server: HttpServer, file: string) {
    this.#server = server;
    this.#file = file;
  }

  static async open(options: ControlApiOptions): Promise<Result<ControlApi, ListenRefusal>> {
    const token = randomBytes(32).toString('base64url');
    const app = controlApp(options, token);
    const server = await HttpServer.open({ address: '127.0.0.1', port: 0 }, (request) =>
      app.fetch(request),
    );
    if (!server.ok) return server;
    const url = `http://127.0.0.1:${server.value.address.port}`;
    writePrivateFile(options.file, `${JSON.stringify({ url, token, pid: process.pid })}\n`);
    return ok(new ControlApi(server.value, options.file));
  }

  async close(): Promise<void> {
    rmSync(this.#file, { force: true });
    await this.#server.close();
  }
}

function controlApp(options: ControlApiOptions, token: string): Hono {
  const app = new Hono();
  app.onError((error, context) => answerError(error, context, options.log));
  app.notFound(answerNotFound);
  app.use('*', async (context, next) => {
    if (isToken(context.req.header('Authorization') ?? '', token)) return next();
    return context.json({ error: 'forbidden', message: 'The token is wrong.' }, 403);
  });
  app.get('/status', (context) => context.json(options.status()));
  app.get('/registrations', (context) => context.json(registrationViews(options)));
  app.get('/parked-calls', (context) => context.json(parkedViews(options)));
  app.post('/reload', (context) => {
    const reloaded = options.reload();
    return reloaded.ok
      ? context.json({ status: 'reloaded' })
      : context.json({ error: 'refused', message: reloaded.error }, 409);
  });
  return app;
}

function isToken(header: string, token: string): boolean {
  const given = Buffer.from(header);
  const expected = Buffer.from(`Bearer ${token}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function registrationViews({ registrar, directory }: ControlApiOptions): RegistrationView[] {
  return registrar.all().flatMap((binding) => {
    const user = directory.userById(binding.userId);
    const flow = binding.flow;
    if (user === undefined) return [];
    return {
      tenant: directory.tenant(user.tenantId)?.name ?? '',
      extension: user.extension,
      name: user.displayName,
      reachable: flow !== undefined && !flow.closed,
      transport: flow?.transport ?? null,
      address: flow === undefined ? null : `${flow.remote.address}:${flow.remote.port}`,
      userAgent: binding.userAgent ?? null,
      registeredAt: binding.registeredAt,
      expiresAt: binding.expiresAt,
    };
  });
}

function parkedViews({ calls, directory }: ControlApiOptions): ParkedView[] {
  return directory.tenants().flatMap((tenant) =>
    calls.parkedCalls(tenant.id).map((call) => ({
      tenant: tenant.name,
      parkId: call.parkId,
      slot: call.slot,
      parker: call.parker,
      callerName: call.caller.name,
      callerNumber: call.caller.number,
      state: call.state,
      parkedAt: call.parkedAt,
      recallAt: call.recallAt ?? null,
      note: call.note ?? null,
    })),
  );
}
