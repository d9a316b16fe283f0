import type { z } from 'zod';
import { adminErrorSchema, type AdminError } from '../../../shared/config/admin/error-codes.ts';
import {
  adminSessionSchema,
  CSRF_HEADER,
  type AdminSession,
} from '../../../shared/config/admin/sessions.ts';

export const PASSWORD = 'correct horse battery';

export interface AdminAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A browser of an admin, as far as the Admin API can tell: a cookie, a CSRF token, and where its pages come from. */
export class AdminClient {
  readonly #origin: string;
  cookie = '';
  csrf = '';

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** @param path under `/api/admin` */
  async send(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.cookie !== '') headers.set('Cookie', this.cookie);
    if (this.csrf !== '' && !headers.has(CSRF_HEADER)) headers.set(CSRF_HEADER, this.csrf);
    const response = await fetch(`${this.#origin}/api/admin${path}`, { ...init, method, headers });
    const [, cookie] =
      /^(parkline_admin=[^;]*)/.exec(response.headers.get('Set-Cookie') ?? '') ?? [];
    if (cookie !== undefined) this.cookie = cookie;
    return response;
  }

  async ask(method: string, path: string, body?: unknown): Promise<AdminAnswer> {
    const json = { 'Content-Type': 'application/json' };
    const init = body === undefined ? {} : { body: JSON.stringify(body), headers: json };
    const response = await this.send(method, path, init);
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  /** What a request that must succeed answers. */
  async get<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    more: { readonly method?: string; readonly body?: unknown } = {},
  ): Promise<z.output<Schema>> {
    const answer = await this.ask(more.method ?? 'GET', path, more.body);
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return schema.parse(JSON.parse(answer.text));
  }

  /** What a request that must fail answers, with its status. */
  async refused(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<AdminError & { readonly status: number }> {
    return refusalOf(await this.ask(method, path, body));
  }

  async setUp(setupUrl: string | undefined, name = 'ada'): Promise<AdminSession> {
    const token = setupUrl?.split('#setup=')[1] ?? '';
    return this.#begin('/setup', { token, name, password: PASSWORD });
  }

  async signIn(name: string, password = PASSWORD): Promise<AdminSession> {
    return this.#begin('/session', { name, password });
  }

  async #begin(path: string, body: object): Promise<AdminSession> {
    const session = await this.get(path, adminSessionSchema, { method: 'POST', body });
    this.csrf = session.csrf;
    return session;
  }
}

/** @throws when it is no refusal */
export function refusalOf({ status, text }: AdminAnswer): AdminError & { readonly status: number } {
  if (status < 400) throw new Error(`it was taken: ${status} ${text}`);
  return { status, ...adminErrorSchema.parse(JSON.parse(text)) };
}
