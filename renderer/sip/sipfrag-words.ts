import { parkResultOf, parseSipfrag } from '../../shared/sip/events/sipfrag.ts';
import type { FinalStatus } from '../../shared/phone/call-problem.ts';
import type { ParkReceipt } from '../../shared/phone/call.ts';
import { networkNumber, networkPhrase } from '../../shared/phone/network-text.ts';
import { parseReason } from './jssip-words.ts';

/** The body of a NOTIFY about a REFER, in the phone's words; `null` when it has no status line. */
export function readSipfrag(
  body: string,
): { readonly final: FinalStatus; readonly receipt: ParkReceipt | null } | null {
  const fragment = parseSipfrag(body);
  if (fragment === undefined) return null;
  const reason = fragment.headers.get('Reason');
  const reasonText = reason === undefined ? null : parseReason(reason).text;
  const park = parkResultOf(fragment);
  return {
    final: { status: fragment.status, phrase: networkPhrase(fragment.reason), reasonText },
    receipt:
      park === undefined
        ? null
        : {
            parkId: park.parkId,
            slot: networkNumber(park.slot),
            retrieveCode: networkNumber(park.retrieve),
          },
  };
}
