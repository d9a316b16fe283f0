import { makeNameAddr, type NameAddr } from '../message/name-addr.ts';
import type { SipUri } from '../message/uri.ts';

export interface RoutedRequest {
  /** The Request-URI. */
  readonly uri: SipUri;
  readonly routes: readonly NameAddr[];
}

/** Request-URI and Route for a target behind a route set (RFC 3261 §12.2.1.1). */
export function routed(target: SipUri, routeSet: readonly NameAddr[]): RoutedRequest {
  const [first, ...rest] = routeSet;
  if (first === undefined || first.uri.params.has('lr')) return { uri: target, routes: routeSet };
  // A strict router of RFC 2543 wants itself in the Request-URI and the target last in Route.
  const params = new Map(first.uri.params);
  params.delete('method');
  return {
    uri: { ...first.uri, params, headers: undefined },
    routes: [...rest, makeNameAddr(target)],
  };
}
