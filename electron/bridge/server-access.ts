import type { AllowServerOutcome, Discovery, SignIn } from '../../shared/bridge/contract.ts';
import type { KnownServer } from '../profile-state.ts';

export interface ServerAccessOptions {
  readonly known: KnownServer | null;
  readonly remember: (server: KnownServer) => void;
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
 * Which server the page may talk to. The policy is a header of the page, so a new server needs a reload; that waits until nobody
 * is talking, and the sign-in is kept across it.
 */
export class ServerAccess {
  readonly #options: ServerAccessOptions;
  #server: KnownServer | null;
  #signIn: SignIn | null = null;
  #busy = false;
  #reloadWanted = false;

  constructor(options: ServerAccessOptions) {
    this.#options = options;
    this.#server = options.known;
  }

  /** Origins for `connect-src`. */
  connect(): readonly string[] {
    return this.#server === null ? [] : originsOf(this.#server);
  }

  /** Origin of the server's own HTTP; `null` with another PBX, or before an account is known. */
  apiBaseUrl(): string | null {
    return this.#server?.apiBaseUrl ?? null;
  }

  /** Before the page is loaded: asks the account's server where it is now. A server that does not answer keeps its last place. */
  async prepare(signIn: SignIn | null): Promise<void> {
    this.#signIn = signIn;
    const typed = signIn?.server ?? this.#server?.typed;
    if (typed === undefined) return;
    const answer = await this.#options.discover(typed);
    if (answer.kind === 'failed') return;
    const { webSocketUrl, apiBaseUrl } = answer.server;
    this.#adopt({ typed, webSocketUrl, apiBaseUrl });
  }

  allow(request: AllowRequest): AllowServerOutcome {
    const before = new Set(this.connect());
    const { webSocketUrl, apiBaseUrl, signIn } = request;
    const next: KnownServer = { typed: signIn.server, webSocketUrl, apiBaseUrl };
    this.#adopt(next);
    if (originsOf(next).every((origin) => before.has(origin))) return { kind: 'ready' };
    this.#signIn = signIn;
    this.#reloadWanted = true;
    this.#reloadWhenIdle();
    return { kind: 'reloading' };
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

  #reloadWhenIdle(): void {
    if (!this.#reloadWanted || this.#busy) return;
    this.#reloadWanted = false;
    this.#options.reload();
  }

  #adopt(server: KnownServer): void {
    this.#server = server;
    this.#options.remember(server);
  }
}

function originsOf(server: KnownServer): readonly string[] {
  const urls = [server.webSocketUrl, ...(server.apiBaseUrl === null ? [] : [server.apiBaseUrl])];
  // URL.origin is "null" for ws: and wss: in some engines.
  const origins = urls
    .filter((url) => URL.canParse(url))
    .map((url) => new URL(url))
    .map((url) => `${url.protocol}//${url.host}`);
  return [...new Set(origins)];
}
