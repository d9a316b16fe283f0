import { z } from 'zod';
import type { Forwarding, ForwardingFailure } from '../../shared/domain/call-forwarding.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import { networkName, networkNote, networkNumber } from '../../shared/phone/network-text.ts';
import { digestAuthorization, readChallenge } from './http-digest.ts';

/** The user's own HTTP (WIRE §10b): directory, history of parked calls, ICE servers, the demo caller. Absent with another PBX. */

export type HttpFailure = {
  readonly kind: 'failed';
  readonly reason: 'offline' | 'refused' | 'not-found' | 'busy' | 'server';
};
export type HttpAnswer<T> = { readonly kind: 'ok'; readonly value: T } | HttpFailure;

const sessionSchema = z.object({ token: z.string().min(1), expiresAt: z.number() });
const featureCodesSchema = z.object({
  park: z.string(),
  parkGroup: z.string(),
  retrieve: z.string(),
  snooze: z.string(),
});
const shownName = z
  .string()
  .default('')
  .transform((name) => networkName(name) ?? '');
const meSchema = z.object({
  extension: z.string(),
  displayName: shownName,
  featureCodes: featureCodesSchema.optional(),
  /** My Call Park group. */
  group: z.object({ id: z.string(), name: shownName }).nullable().default(null),
  /** Absent: an older server, which forwards nothing. */
  forwarding: z
    .object({
      always: z.string().nullable(),
      busy: z.string().nullable(),
      noAnswer: z.object({ to: z.string(), afterMs: z.number() }).nullable(),
    })
    .nullable()
    .default(null),
});
const forwardingRefusalSchema = z.object({
  error: z.enum(['feature-code', 'own-number', 'no-such-number', 'wait-out-of-range']),
});
const directorySchema = z.object({
  entries: z.array(
    z.object({
      extension: z.string().max(64),
      displayName: shownName,
      registered: z.boolean().default(false),
      doNotDisturb: z.boolean().default(false),
    }),
  ),
});
const historySchema = z.object({
  entries: z.array(
    z.object({
      parkId: z.string(),
      at: z.number(),
      kind: z.string(),
      slot: z.string(),
      callerName: shownName,
      callerNumber: z.string().default('').transform(networkNumber),
      parker: shownName,
      note: z.string().nullable().default(null).transform(networkNote),
      by: z.string().nullable().default(null),
    }),
  ),
});
const iceSchema = z.object({
  iceServers: z.array(
    z.object({
      urls: z.union([z.string(), z.array(z.string())]),
      username: z.string().optional(),
      credential: z.string().optional(),
    }),
  ),
});

export type Me = z.infer<typeof meSchema>;
export type DirectoryEntry = z.infer<typeof directorySchema>['entries'][number];
export type ParkHistoryEntry = z.infer<typeof historySchema>['entries'][number];

interface Credentials {
  readonly baseUrl: string;
  readonly extension: string;
  readonly password: string;
}

const TIMEOUT_MS = 8_000;
const RENEW_BEFORE_MS = 60_000;
const SESSION_PATH = '/api/phone/session';

export class ServerHttp {
  readonly #credentials: Credentials;
  readonly #clock: Clock;
  #session: { readonly token: string; readonly expiresAt: number } | null = null;
  #signingIn: Promise<boolean> | null = null;

  constructor(credentials: Credentials, clock: Clock) {
    this.#credentials = credentials;
    this.#clock = clock;
  }

  me(): Promise<HttpAnswer<Me>> {
    return this.#get('/api/phone/me', meSchema);
  }

  async directory(): Promise<HttpAnswer<readonly DirectoryEntry[]>> {
    return mapAnswer(
      await this.#get('/api/phone/directory', directorySchema),
      ({ entries }) => entries,
    );
  }

  async parkHistory(): Promise<HttpAnswer<readonly ParkHistoryEntry[]>> {
    return mapAnswer(
      await this.#get('/api/phone/park-history', historySchema),
      ({ entries }) => entries,
    );
  }

  async iceServers(): Promise<HttpAnswer<readonly RTCIceServer[]>> {
    return mapAnswer(await this.#get('/api/phone/ice-servers', iceSchema), ({ iceServers }) =>
      iceServers.map(({ urls, username, credential }) => ({
        urls,
        ...(username === undefined ? {} : { username }),
        ...(credential === undefined ? {} : { credential }),
      })),
    );
  }

  /** Asks the demonstration's caller to ring this extension. */
  async ringMe(): Promise<HttpAnswer<null>> {
    return this.#tell('/api/phone/demo-call', { method: 'POST', body: '{}' });
  }

  /** Has colleagues see whether I may be disturbed. */
  async setDoNotDisturb(doNotDisturb: boolean): Promise<HttpAnswer<null>> {
    const body = JSON.stringify({ doNotDisturb });
    return this.#tell('/api/phone/me', { method: 'PUT', body });
  }

  /** Has the server send my calls on. */
  async setForwarding(forwarding: Forwarding): Promise<'saved' | ForwardingFailure> {
    const body = JSON.stringify({ forwarding });
    const response = await this.#request('/api/phone/me', { method: 'PUT', body });
    if (response === null) return 'offline';
    if (response.ok) return 'saved';
    const refusal = forwardingRefusalSchema.safeParse(await response.json().catch(() => null));
    return refusal.success ? refusal.data.error : 'server';
  }

  /** Puts the recall of a parked call in my scope off by one recall time. */
  async snooze(parkId: string): Promise<HttpAnswer<null>> {
    const path = `/api/phone/parked-calls/${encodeURIComponent(parkId)}/snooze`;
    return this.#tell(path, { method: 'POST', body: '{}' });
  }

  async #tell(path: string, init: RequestInit): Promise<HttpAnswer<null>> {
    const response = await this.#request(path, init);
    if (response === null) return { kind: 'failed', reason: 'offline' };
    return response.ok
      ? { kind: 'ok', value: null }
      : { kind: 'failed', reason: failureOf(response.status) };
  }

  async #get<T>(path: string, schema: z.ZodType<T>): Promise<HttpAnswer<T>> {
    const response = await this.#request(path, { method: 'GET' });
    if (response === null) return { kind: 'failed', reason: 'offline' };
    if (!response.ok) return { kind: 'failed', reason: failureOf(response.status) };
    const parsed = schema.safeParse(await response.json().catch(() => null));
    return parsed.success
      ? { kind: 'ok', value: parsed.data }
      : { kind: 'failed', reason: 'server' };
  }

  async #request(path: string, init: RequestInit): Promise<Response | null> {
    if (!(await this.#ready())) return null;
    const first = await this.#send(path, init);
    if (first?.status !== 401) return first;
    this.#session = null;
    return (await this.#ready()) ? this.#send(path, init) : first;
  }

  async #send(path: string, init: RequestInit): Promise<Response | null> {
    const headers: Record<string, string> = { 'Content-Type': 'application/json' };
    if (this.#session !== null) headers['Authorization'] = `Bearer ${this.#session.token}`;
    return this.#fetch(path, { ...init, headers });
  }

  async #ready(): Promise<boolean> {
    if (this.#session !== null && this.#session.expiresAt - RENEW_BEFORE_MS > this.#clock.now())
      return true;
    this.#signingIn ??= this.#signIn().finally(() => {
      this.#signingIn = null;
    });
    return this.#signingIn;
  }

  /** RFC 7616 by hand: a page cannot have the browser answer a digest challenge without a password box appearing. */
  async #signIn(): Promise<boolean> {
    const challenged = await this.#fetch(SESSION_PATH, { method: 'POST' });
    const challenge =
      challenged === null
        ? null
        : readChallenge(
            challenged.headers.get('WWW-Authenticate') ??
              challenged.headers.get('X-WWW-Authenticate'),
          );
    if (challenge === null) return false;
    const { extension, password } = this.#credentials;
    const authorization = digestAuthorization({
      challenge,
      username: extension,
      password,
      method: 'POST',
      uri: SESSION_PATH,
    });
    const response = await this.#fetch(SESSION_PATH, {
      method: 'POST',
      headers: { Authorization: authorization },
    });
    if (response?.ok !== true) return false;
    const parsed = sessionSchema.safeParse(await response.json().catch(() => null));
    if (parsed.success) this.#session = parsed.data;
    return parsed.success;
  }

  async #fetch(path: string, init: RequestInit): Promise<Response | null> {
    try {
      // Without credentials the browser keeps its own password box out of it.
      return await fetch(this.#credentials.baseUrl + path, {
        ...init,
        credentials: 'omit',
        cache: 'no-store',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch {
      return null;
    }
  }
}

function mapAnswer<A, B>(answer: HttpAnswer<A>, change: (value: A) => B): HttpAnswer<B> {
  return answer.kind === 'ok' ? { kind: 'ok', value: change(answer.value) } : answer;
}

function failureOf(status: number): HttpFailure['reason'] {
  if (status === 401 || status === 403) return 'refused';
  if (status === 404) return 'not-found';
  return status === 409 || status === 429 ? 'busy' : 'server';
}
