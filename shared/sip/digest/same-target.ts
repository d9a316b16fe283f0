import { parseUri } from '../message/uri.ts';
import type { SipUri } from '../message/uri.ts';
import { percentDecode } from '../message/percent.ts';

/**
 * Whether the `uri` of credentials names the request's target, so that an overheard answer is of no use for
 * another one (RFC 7616 §3.4.6). Ports and parameters may differ: phones leave them out of one of the two.
 */
export function isSameTarget(credentialsUri: string, requestUri: SipUri): boolean {
  const uri = parseUri(credentialsUri);
  if (uri === undefined) return false;
  return (
    percentDecode(uri.user ?? '') === percentDecode(requestUri.user ?? '') &&
    uri.host.toLowerCase() === requestUri.host.toLowerCase()
  );
}
