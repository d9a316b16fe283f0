import type { SipRequest } from '../../sip/message/message.ts';
import type { Binding } from '../ports/registrar.ts';
import type { Entry } from './binding-book.ts';

/** RFC 3261 §10.3 step 7: with the same Call-ID only a higher CSeq changes a binding. */
export function isOutOfOrder(entry: Entry, request: SipRequest): boolean {
  return entry.callId === request.callId && request.cseq.sequence <= entry.cseq;
}

/** A request can be sent to it now. */
export function isReachable(binding: Binding): boolean {
  return binding.flow !== undefined && !binding.flow.closed;
}

export function newestFirst(entries: readonly Entry[]): readonly Binding[] {
  return newestEntriesFirst(entries).map(({ binding }) => binding);
}

export function newestEntriesFirst(entries: readonly Entry[]): readonly Entry[] {
  if (entries.length < 2) return entries;
  // The later one of two in the same millisecond comes first.
  return entries.toReversed().sort((a, b) => b.binding.registeredAt - a.binding.registeredAt);
}
