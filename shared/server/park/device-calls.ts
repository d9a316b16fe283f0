import type { UserId } from '../../domain/ids.ts';
import type { TwoPartyCall } from '../calls/two-party-call.ts';
import { isDeviceLeg, type DeviceLeg } from './park-by-refer.ts';

export interface DeviceCall {
  readonly pair: TwoPartyCall;
  readonly leg: DeviceLeg;
}

/**
 * The call that a device means when it dials a park code: its most recently held one, else its only active one
 * (WIRE.md §3). Calls on the user's other devices are never taken.
 */
export function callToPark(
  calls: Iterable<TwoPartyCall>,
  device: { readonly userId: UserId; readonly deviceId: string },
): DeviceCall | undefined {
  const mine = [...calls].flatMap((pair) => legsOf(pair, device));
  const held = mine
    .filter(({ leg }) => leg.heldSince !== undefined)
    .toSorted((a, b) => (b.leg.heldSince ?? 0) - (a.leg.heldSince ?? 0));
  if (held.length > 0) return held[0];
  return mine.length === 1 ? mine[0] : undefined;
}

function legsOf(
  pair: TwoPartyCall,
  { userId, deviceId }: { readonly userId: UserId; readonly deviceId: string },
): readonly DeviceCall[] {
  if (pair.state.kind !== 'talking') return [];
  return [pair.a, pair.b].flatMap((leg) => {
    if (!isDeviceLeg(leg) || leg.state.kind !== 'confirmed') return [];
    const { party } = leg;
    return party.user.id === userId && party.deviceId === deviceId ? [{ pair, leg }] : [];
  });
}
