import {
  MOST_SERVERS,
  type AllowServerOutcome,
  type ServerPlace,
  type SignIn,
} from '../../shared/bridge/contract.ts';
import type { Discovery } from '../../shared/bridge/server-description.ts';
import type { KnownServer } from '../profile-state.ts';

export interface ServerAccessOptions {
  /** The servers of the accounts that are in use, the one that dials first. */
  readonly known: readonly KnownServer[];
  readonly remember: (servers: readonly KnownServer[]) => void;
  readonly discover: (server: string) => Promise<Discovery>;
  /** Loads the page anew, with the policy of that moment. */
  readonly reload: () => void;
}

export interface AllowRequest {
  readonly webSocketUrl: string;
  readonly apiBaseUrl: string | null;
  readonly signIn: SignIn;
}

/**
 * Which servers the page may talk to: those of every account in use. The policy is a header of the page, so a new server needs a
 * reload; that waits until nobody is talking, and the sign-in is kept across it.
 */
export class ServerAccess {
  readonly #options: ServerAccessOptions;
  #servers: readonly KnownServer[];
  #signIn: SignIn | null = null;
  #busy = false;
  #reloadWanted = false;

  constructor(options: ServerAccessOptions) {
    this.#options = options;
    this.#servers = options.known;
  }

  /** Origins for `connect-src`. */
  connect(): readonly string[] {
    return [...new Set(this.#servers.flatMap(originsOf))];
  }

  /** Origin of the own HTTP of the first server that has one; `null` with other PBXs alone, or before an account is known. */
  apiBaseUrl(): string | null {
    return this.#servers.find(({ apiBaseUrl }) => apiBaseUrl !== null)?.apiBaseUrl ?? null;
  }

  /**
   * Before the page is loaded: asks where the server of a sign-in is that was handed over, so that the page need not be loaded
   * twice. The accounts connect to their last places anyhow: a dead server among them must not delay the start.
   */
  async prepare(signIn: SignIn | null): Promise<void> {
    this.#signIn = signIn;
    const place = signIn === null ? null : await this.#ask(signIn.server);
    if (place !== null) this.#add(place);
  }

  allow(request: AllowRequest): AllowServerOutcome {
    const { webSocketUrl, apiBaseUrl, signIn } = request;
    const next: KnownServer = { typed: signIn.server, webSocketUrl, apiBaseUrl };
    const known = this.#covers([next]);
    this.#add(next);
    if (known) return { kind: 'ready' };
    this.#signIn = signIn;
    return this.#wantReload();
  }

  /** The servers of all accounts in use, and no others: what left the list leaves the policy when the page is loaded next. */
  keep(servers: readonly ServerPlace[]): AllowServerOutcome {
    const known = this.#covers(servers);
    this.#adopt(servers);
    return known ? { kind: 'ready' } : this.#wantReload();
  }

  /** Once, then it is forgotten. */
  takeSignIn(): SignIn | null {
    const signIn = this.#signIn;
    this.#signIn = null;
    return signIn;
  }

  setBusy(busy: boolean): void {
    this.#busy = busy;
    this.#reloadWhenIdle();
  }

  /** The next page is loaded with the policy of that moment, and nobody is talking in it. */
  pageIsGone(): void {
    this.#busy = false;
    this.#reloadWanted = false;
  }

  async #ask(typed: string): Promise<KnownServer | null> {
    const answer = await this.#options.discover(typed);
    if (answer.kind === 'failed') return null;
    const { webSocketUrl, apiBaseUrl } = answer.server;
    return { typed, webSocketUrl, apiBaseUrl };
  }

  /** Whether the page may talk to them now: not before a reload that is still to come. */
  #covers(servers: readonly KnownServer[]): boolean {
    const allowed = new Set(this.connect());
    return !this.#reloadWanted && servers.flatMap(originsOf).every((origin) => allowed.has(origin));
  }

  #wantReload(): AllowServerOutcome {
    this.#reloadWanted = true;
    this.#reloadWhenIdle();
    return { kind: 'reloading' };
  }

  #reloadWhenIdle(): void {
    if (!this.#reloadWanted || this.#busy) return;
    this.#reloadWanted = false;
    this.#options.reload();
  }

  /** Beside the others, also those that were typed alike: two accounts of one name may have different WebSockets. */
  #add(place: KnownServer): void {
    this.#adopt([...this.#servers.filter((server) => !isSamePlace(server, place)), place]);
  }

  #adopt(servers: readonly KnownServer[]): void {
    this.#servers = servers.slice(-MOST_SERVERS);
    this.#options.remember(this.#servers);
  }
}

const isSamePlace = (a: KnownServer, b: KnownServer): boolean =>
  a.webSocketUrl === b.webSocketUrl && a.apiBaseUrl === b.apiBaseUrl;

function originsOf(server: KnownServer): readonly string[] {
  const urls = [server.webSocketUrl, ...(server.apiBaseUrl === null ? [] : [server.apiBaseUrl])];
  // URL.origin is "null" for ws: and wss: in some engines.
  const origins = urls
    .filter((url) => URL.canParse(url))
    .map((url) => new URL(url))
    .map((url) => `${url.protocol}//${url.host}`);
  return [...new Set(origins)];
}
