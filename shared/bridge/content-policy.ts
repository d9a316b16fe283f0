/** What the page's policy depends on. */
export interface ContentPolicyOptions {
  /** Fresh for every answer; stands where the page was built with {@link NONCE_PLACEHOLDER}. */
  readonly nonce: string;
  /** Origins the phone may talk to, e.g. `wss://pbx.example` and `https://pbx.example`. Empty before an account is known. */
  readonly connect: readonly string[];
  /** Where the page may be framed. The portal and the phone are never framed. */
  readonly frameAncestors?: "'none'" | "'self'";
}

/** The renderer is built with this in place of a nonce; whoever serves the page replaces every occurrence. */
export const NONCE_PLACEHOLDER = '__CSP_NONCE__';

/** An origin as a policy may name it: scheme, host and port, and nothing that could end a directive. */
const ORIGIN = /^(?:https?|wss?):\/\/(?:\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/i;

/**
 * The Content-Security-Policy of the phone's page, sent as a header by Electron's `app://` handler and by the server.
 * Everything is off that is not listed; scripts, worklets and styles are files beside the page, React Aria's one style element
 * carries the nonce. Anything in `connect` that is not a plain origin is left out.
 */
export function contentSecurityPolicy(options: ContentPolicyOptions): string {
  const connect = options.connect.filter((origin) => ORIGIN.test(origin));
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${options.nonce}'`,
    `style-src 'self' 'nonce-${options.nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self'",
    "font-src 'self'",
    "media-src 'self' blob: mediastream:",
    "worker-src 'self'",
    "manifest-src 'self'",
    `connect-src ${["'self'", ...connect].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${options.frameAncestors ?? "'none'"}`,
    "object-src 'none'",
  ].join('; ');
}
