/** The addresses media is bound to, as SDP names them, and which of them a leg uses. */
import { isIPv6 } from 'node:net';
import type { OpenLegOptions } from '../engine.ts';
import type { Address } from './udp-socket.ts';

export interface BoundAddress {
  readonly bind: string;
  readonly advertised: string;
  /** UDP port of all WebRTC legs. */
  readonly icePort: number;
}

/** The address that signalling uses (bound or as peers know it), else one of the same family as the peer, else the first. */
export function addressFor(
  addresses: readonly BoundAddress[],
  leg: Pick<OpenLegOptions, 'localAddress' | 'signallingAddress'>,
): BoundAddress {
  const { localAddress, signallingAddress } = leg;
  const hint = localAddress ?? signallingAddress;
  const exact = addresses.find(
    (one) => one.bind === localAddress || one.advertised === localAddress,
  );
  const related =
    hint === undefined ? undefined : addresses.find((one) => isIPv6(one.bind) === isIPv6(hint));
  const chosen = exact ?? related ?? addresses[0];
  if (!chosen) throw new Error('a media network without an address');
  return chosen;
}

/** Every bound address for ICE, the preferred one first. */
export function candidatesFrom(
  addresses: readonly BoundAddress[],
  first: BoundAddress,
): readonly Address[] {
  return [first, ...addresses.filter((one) => one !== first)].map(({ advertised, icePort }) => ({
    address: advertised,
    port: icePort,
  }));
}
