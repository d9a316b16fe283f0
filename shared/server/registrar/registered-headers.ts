import type { EpochMs } from '../../domain/ids.ts';
import type { SipRequest } from '../../sip/message/message.ts';
import type { ExtraHeaders } from '../../sip/transaction/transaction-user.ts';
import type { Entry } from './binding-book.ts';

export interface Registered {
  /** All live bindings of the user, whichever device asked (RFC 3261 §10.3 step 8). */
  readonly entries: readonly Entry[];
  readonly now: EpochMs;
  /** A binding of RFC 5626 was made: the device must keep its flow alive. */
  readonly outbound: boolean;
  readonly apiBaseUrl: string | undefined;
  /** How often the device must be heard on its connection, in seconds (RFC 5626 §5.4); undefined: that is seen another way. */
  readonly flowTimerS?: number | undefined;
}

/** The header fields of the 200 to a REGISTER. */
export function registeredHeaders(request: SipRequest, registered: Registered): ExtraHeaders {
  const { entries, now, outbound, apiBaseUrl, flowTimerS } = registered;
  const headers: (readonly [name: string, value: string])[] = entries.map((entry) => [
    'Contact',
    boundContact(entry, now),
  ]);
  headers.push(['Date', dateText(now)], ['Supported', 'path, outbound']);
  if (outbound && request.supported.includes('outbound')) headers.push(['Require', 'outbound']);
  if (request.supported.includes('path')) {
    for (const path of request.headers.all('Path')) headers.push(['Path', path]);
  }
  if (flowTimerS !== undefined) headers.push(['Flow-Timer', String(flowTimerS)]);
  if (apiBaseUrl !== undefined) headers.push(['X-Parkline-Api', apiBaseUrl]);
  return headers;
}

/** Of the latest second asked for: phones register by the hundred in one. */
let latest = { second: -1, text: '' };

/** RFC 3261 §20.17. */
function dateText(now: EpochMs): string {
  const second = Math.floor(now / 1000);
  if (second !== latest.second) latest = { second, text: new Date(now).toUTCString() };
  return latest.text;
}

function boundContact({ binding, contactText }: Entry, now: EpochMs): string {
  const secondsLeft = Math.ceil((binding.expiresAt - now) / 1000);
  return `${contactText};expires=${secondsLeft}`;
}
