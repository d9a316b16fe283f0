import { isIPv6 } from 'node:net';
import { isLoopback } from '../config/listen-address.ts';
import type { MediaAddressConfig } from '../config/media-config.ts';

/** How peers know a listener: what goes into Via and Contact, and into discovery. */
export type ShownAddress =
  /** By the address it is bound to. */
  | { readonly kind: 'as-bound' }
  | { readonly kind: 'as'; readonly address: string }
  /** A wildcard on a machine that has several addresses: each by itself. */
  | { readonly kind: 'each'; readonly pairs: readonly MediaAddressConfig[] }
  /** A wildcard, and nothing says how it is reached. */
  | { readonly kind: 'unknown' };

/** @param bound the address of a listener, as configured, @param pairs our addresses and how peers know them */
export function shownAddresses(bound: string, pairs: readonly MediaAddressConfig[]): ShownAddress {
  if (!isWildcard(bound)) {
    const advertise = pairs.find(({ bind }) => bind === bound)?.advertise;
    return advertise === undefined ? { kind: 'as-bound' } : { kind: 'as', address: advertise };
  }
  // Loopback is no way for others to reach a listener that was opened for them.
  const usable = pairs.filter(
    ({ bind, advertise }) =>
      isIPv6(bind) === isIPv6(bound) && (advertise !== undefined || !isLoopback(bind)),
  );
  const [only, ...others] = usable;
  if (only === undefined) return { kind: 'unknown' };
  if (others.length > 0) return { kind: 'each', pairs: usable };
  return { kind: 'as', address: only.advertise ?? only.bind };
}

/** All addresses of this machine at once. */
export function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}
