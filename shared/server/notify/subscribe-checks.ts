import { DIALOG_INFO } from '../../sip/events/dialog-info.ts';
import { parseEvent, sameEvent } from '../../sip/events/event-header.ts';
import { accepts } from '../../sip/message/media-type.ts';
import type { SipRequest } from '../../sip/message/message.ts';
import type { ExtraHeaders } from '../../sip/transaction/transaction-user.ts';
import { ALLOW_EVENTS } from '../calls/call-kit.ts';

export interface EventRefusal {
  readonly status: 403 | 406 | 489;
  readonly headers: ExtraHeaders;
}

/** Why what a SUBSCRIBE asks for cannot be told in the way it asks for, whoever asks (WIRE.md §5). */
export function refusalOfEvent({ headers }: SipRequest): EventRefusal | undefined {
  const event = parseEvent(headers.get('Event') ?? '')?.name;
  // A subscription to `refer` is made by REFER and by nothing else (RFC 3515).
  if (event === 'refer') return { status: 403, headers: [] };
  if (event !== 'dialog') return { status: 489, headers: [['Allow-Events', ALLOW_EVENTS]] };
  // No Accept means the package's default, dialog-info (RFC 4235 §3.3).
  if (!headers.has('Accept') || accepts(headers.all('Accept'), DIALOG_INFO)) return undefined;
  return { status: 406, headers: [['Accept', DIALOG_INFO]] };
}

/** Both name the same event and id (RFC 6665 §8.2.1). */
export function sameSubscription(one: SipRequest, other: SipRequest): boolean {
  const [a, b] = [one, other].map(({ headers }) => parseEvent(headers.get('Event') ?? ''));
  return a !== undefined && b !== undefined && sameEvent(a, b);
}
