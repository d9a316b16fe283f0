import { net } from 'electron';
import type { Discovery } from '../../shared/bridge/server-description.ts';
import type { ServerTrust } from '../security/server-trust.ts';
import { discoverServer } from './discovery.ts';
import { fetchWithTrust } from './pinned-fetch.ts';

/** Asks servers what they are, with the system's proxy and certificates, and with those that the user trusts. */
export function electronDiscovery(trust: ServerTrust): (server: string) => Promise<Discovery> {
  const fetchText = fetchWithTrust(
    (url, { signal, redirect }) =>
      net.fetch(url, { signal, redirect, bypassCustomProtocolHandlers: true, credentials: 'omit' }),
    trust,
  );
  return (server) => discoverServer(server, { fetchText, trust });
}
