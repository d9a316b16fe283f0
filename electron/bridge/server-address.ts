/** Where `/.well-known/parkline` may be, best first. */
export type AddressReading =
  | { readonly kind: 'candidates'; readonly origins: readonly string[] }
  | { readonly kind: 'bad-address' };

const IPV4_PRIVATE = /^(?:127|10)\.|^192\.168\.|^169\.254\.|^172\.(?:1[6-9]|2\d|3[01])\./;
const IPV6_PRIVATE = /^\[(?:::1|f[cd][0-9a-f]{2}:.*|fe80:.*)\]$/i;

/** Loopback, private and link-local addresses, and names that only mean this machine. */
export function isPrivateHost(hostname: string): boolean {
  if (hostname === 'localhost' || hostname.endsWith('.localhost')) return true;
  if (/^\d+\.\d+\.\d+\.\d+$/.test(hostname)) return IPV4_PRIVATE.test(hostname);
  return IPV6_PRIVATE.test(hostname);
}

/**
 * Reads what a person typed as "server" (WIRE.md §10b): `host[:port]`, a web or WebSocket URL, or `extension@domain`. Plain HTTP
 * is tried only on private addresses, after HTTPS, unless the URL itself says which.
 */
export function originsOfServer(text: string): AddressReading {
  const typed = text.trim().replace(/^sips?:/i, '');
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed);
  const bare = hasScheme ? typed : (typed.split('@').at(-1) ?? '');
  const candidate = hasScheme ? bare : `https://${bare}`;
  if (bare === '' || /\s/.test(bare) || !URL.canParse(candidate)) return { kind: 'bad-address' };
  const url = new URL(candidate);
  const scheme = { 'ws:': 'http:', 'wss:': 'https:' }[url.protocol] ?? url.protocol;
  if ((scheme !== 'https:' && scheme !== 'http:') || url.hostname === '') {
    return { kind: 'bad-address' };
  }
  const isPrivate = isPrivateHost(url.hostname);
  if (hasScheme) {
    const refused = scheme === 'http:' && !isPrivate;
    return refused
      ? { kind: 'bad-address' }
      : { kind: 'candidates', origins: [`${scheme}//${url.host}`] };
  }
  // Port 443 goes without saying in an https URL, but not in an http one.
  const typedPort = /:(\d+)$/.exec(bare)?.[1];
  const host = typedPort === undefined ? url.hostname : `${url.hostname}:${typedPort}`;
  const origins = [`https://${url.host}`, ...(isPrivate ? [`http://${host}`] : [])];
  return { kind: 'candidates', origins };
}
