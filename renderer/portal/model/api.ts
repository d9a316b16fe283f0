import type { z } from 'zod';
import { adminErrorSchema, type AdminError } from '../../../shared/config/admin/error-codes.ts';
import { CSRF_HEADER } from '../../../shared/config/admin/sessions.ts';
import { err, ok, type Result } from '../../../shared/domain/result.ts';

/** Why the server did not do what it was asked. */
export type Failure =
  | { readonly kind: 'refused'; readonly refusal: AdminError }
  /** No answer, or one that is none of this API's. */
  | { readonly kind: 'no-answer' };

export type Answer<T> = Result<T, Failure>;

export type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface Sending<Schema> {
  readonly schema?: Schema;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly file?: { readonly content: Blob; readonly type: string };
}

const BASE = '/api/admin';

/** The Admin API, typed by its own schemas. Expected failures are values. */
export class AdminApi {
  /** Given with the session; goes along with everything but GET. */
  csrf = '';
  readonly #fetch: typeof fetch;
  readonly #onSignedOut: () => void;

  /** @param onSignedOut told whenever the session turns out to be over */
  constructor(fetcher: typeof fetch, onSignedOut: () => void) {
    this.#fetch = fetcher;
    this.#onSignedOut = onSignedOut;
  }

  /** @param path under `/api/admin` */
  get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<Answer<z.output<Schema>>> {
    return this.#ask(path, { method: 'GET' }, schema);
  }

  /** Changes something; without a schema the answer's body does not matter. */
  async send<Schema extends z.ZodType>(
    method: Method,
    path: string,
    { schema, json, file }: Sending<Schema> = {},
  ): Promise<Answer<z.output<Schema> | null>> {
    const type = file?.type ?? (json === undefined ? undefined : 'application/json');
    const headers = new Headers({ [CSRF_HEADER]: this.csrf });
    if (type !== undefined) headers.set('Content-Type', type);
    const body = file?.content ?? (json === undefined ? null : JSON.stringify(json));
    return this.#ask(path, { method, headers, body }, schema);
  }

  /** Like `send`, for what always answers with something. */
  async change<Schema extends z.ZodType>(
    method: Method,
    path: string,
    sending: Sending<Schema> & { readonly schema: Schema },
  ): Promise<Answer<z.output<Schema>>> {
    const answer = await this.send(method, path, sending);
    if (!answer.ok) return answer;
    return answer.value === null ? err({ kind: 'no-answer' }) : ok(answer.value);
  }

  async #ask<Schema extends z.ZodType>(
    path: string,
    init: RequestInit,
    schema: Schema | undefined,
  ): Promise<Answer<z.output<Schema>>>;
  async #ask<Schema extends z.ZodType>(
    path: string,
    init: RequestInit,
    schema: Schema | undefined,
  ): Promise<Answer<z.output<Schema> | null>> {
    let response: Response;
    let body: unknown;
    try {
      response = await this.#fetch(`${BASE}${path}`, { ...init, credentials: 'same-origin' });
      const text = await response.text();
      body = text === '' ? null : JSON.parse(text);
    } catch {
      return err({ kind: 'no-answer' });
    }
    if (!response.ok) return err(this.#failure(body));
    if (schema === undefined) return ok(null);
    const parsed = schema.safeParse(body);
    return parsed.success ? ok(parsed.data) : err({ kind: 'no-answer' });
  }

  #failure(body: unknown): Failure {
    const parsed = adminErrorSchema.safeParse(body);
    if (!parsed.success) return { kind: 'no-answer' };
    if (parsed.data.error === 'not-signed-in') this.#onSignedOut();
    return { kind: 'refused', refusal: parsed.data };
  }
}

/** `?search=…&page=2`: what is empty is left out. */
export function query(parts: Readonly<Record<string, string | number | undefined>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parts)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}
