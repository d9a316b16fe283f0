import type { Discovery } from '../../shared/bridge/server-description.ts';
import type { DesktopBridge } from '../../shared/bridge/contract.ts';
import { serverDescriptionSchema } from '../../shared/bridge/schemas.ts';
import { discoveryUrls, parseServer } from '../../shared/phone/account.ts';

const TIMEOUT_MS = 6_000;

/** Asks a server what it is. On the desktop the main process asks: it is outside the page's policy and can tell reasons apart. */
export function discover(server: string, desktop: DesktopBridge | null): Promise<Discovery> {
  return desktop === null ? discoverFromPage(server) : desktop.discover(server);
}

async function discoverFromPage(server: string): Promise<Discovery> {
  const address = parseServer(server);
  if (!address.ok) return { kind: 'failed', reason: 'bad-address', detail: address.error };
  let last: Discovery = { kind: 'failed', reason: 'network', detail: '' };
  for (const url of discoveryUrls(address.value)) {
    last = await ask(url);
    if (last.kind === 'found') return last;
  }
  return last;
}

async function ask(url: string): Promise<Discovery> {
  try {
    const response = await fetch(url, {
      credentials: 'omit',
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok)
      return { kind: 'failed', reason: 'not-parkline', detail: `${url}: ${response.status}` };
    const parsed = serverDescriptionSchema.safeParse(await response.json());
    if (!parsed.success)
      return { kind: 'failed', reason: 'not-parkline', detail: `${url}: ${parsed.error.message}` };
    return { kind: 'found', server: parsed.data };
  } catch (cause) {
    return { kind: 'failed', reason: reasonOf(cause), detail: `${url}: ${String(cause)}` };
  }
}

/** A page is not told why a connection failed, only that it did. */
function reasonOf(cause: unknown): 'timeout' | 'not-parkline' | 'network' {
  if (cause instanceof DOMException && cause.name === 'TimeoutError') return 'timeout';
  return cause instanceof SyntaxError ? 'not-parkline' : 'network';
}
