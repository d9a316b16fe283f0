import type { Discovery, DiscoveryFailure } from '../../shared/bridge/server-description.ts';
import { serverDescriptionSchema } from '../../shared/bridge/schemas.ts';
import type { CertificateReport } from '../../shared/bridge/server-certificate.ts';
import { originsOfServer } from './server-address.ts';

/** The part of `fetch` that is used; Electron's `net.fetch` knows the system's proxy and certificates. */
export type FetchText = (
  url: string,
  options: { readonly signal: AbortSignal; readonly redirect: 'error' },
) => Promise<{ readonly status: number; text(): Promise<string> }>;

export interface DiscoveryOptions {
  readonly fetchText: FetchText;
  /** For one address, in milliseconds. Default 5000. */
  readonly limitMs?: number;
  /** What the user thinks of certificates that the system refuses; absent: nobody overrules the system. */
  readonly trust?: {
    isPinned(url: string): boolean;
    refusedAt(url: string): CertificateReport | null;
  };
}

const MAX_ANSWER = 20_000;

/**
 * Asks a server what it is (WIRE.md §10b). The reason of the first address that answered at all is the one that is told. A bad
 * certificate ends the search: whoever shows one must not be asked again without any. Nobody is followed elsewhere: the user named
 * this server, its certificate is the one that is judged, and https must not become http on the way.
 */
export async function discoverServer(
  server: string,
  options: DiscoveryOptions,
): Promise<Discovery> {
  const reading = originsOfServer(server);
  if (reading.kind === 'bad-address') return failed('bad-address', 'not an address');
  const failures: Failed[] = [];
  for (const origin of reading.origins) {
    if (origin.startsWith('http:') && options.trust?.isPinned(origin) === true) continue;
    const answer = await askOrigin(origin, options);
    if (answer.kind === 'found') return answer;
    failures.push(answer);
    if (answer.reason === 'certificate') break;
  }
  return (
    failures.find((failure) => !isTransportFailure(failure)) ??
    failures.at(-1) ??
    failed('network', '')
  );
}

type Failed = Extract<Discovery, { readonly kind: 'failed' }>;

const isTransportFailure = ({ reason }: Failed): boolean =>
  reason !== 'not-parkline' && reason !== 'certificate';

async function askOrigin(origin: string, options: DiscoveryOptions): Promise<Discovery> {
  const signal = AbortSignal.timeout(options.limitMs ?? 5000);
  try {
    const answer = await options.fetchText(`${origin}/.well-known/parkline`, {
      signal,
      redirect: 'error',
    });
    if (answer.status !== 200) return failed('not-parkline', `${origin} answered ${answer.status}`);
    return readAnswer(origin, await answer.text());
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const reason = signal.aborted ? 'timeout' : reasonOf(detail);
    const certificate = reason === 'certificate' ? options.trust?.refusedAt(origin) : null;
    return { ...failed(reason, `${origin}: ${detail}`), certificate: certificate ?? null };
  }
}

function readAnswer(origin: string, text: string): Discovery {
  let json: unknown;
  try {
    json = JSON.parse(text.slice(0, MAX_ANSWER));
  } catch {
    return failed('not-parkline', `${origin} answered something else than JSON`);
  }
  const checked = serverDescriptionSchema.safeParse(json);
  return checked.success
    ? { kind: 'found', server: checked.data }
    : failed('not-parkline', `${origin} answered something else`);
}

/** Chromium's network errors, as `net.fetch` names them in its messages. */
const reasons: readonly (readonly [RegExp, DiscoveryFailure])[] = [
  [/ERR_NAME_|ENOTFOUND|EAI_AGAIN/, 'no-such-host'],
  [/ERR_CONNECTION_REFUSED|ECONNREFUSED/, 'refused'],
  [/ERR_(?:CONNECTION_)?TIMED_OUT|ETIMEDOUT/, 'timeout'],
  // What answers speaks no TLS at all: its certificate is not to blame.
  [/ERR_SSL_PROTOCOL_ERROR/, 'not-parkline'],
  // Electron's own words for an answer that sends us elsewhere.
  [/redirect/i, 'not-parkline'],
  [/ERR_CERT_|ERR_SSL_|CERT_|SELF_SIGNED/, 'certificate'],
];

const reasonOf = (message: string): DiscoveryFailure =>
  reasons.find(([pattern]) => pattern.test(message))?.[1] ?? 'network';

const failed = (reason: DiscoveryFailure, detail: string): Failed => ({
  kind: 'failed',
  reason,
  detail,
  certificate: null,
});
