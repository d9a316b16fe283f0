import { parseParkId, type ParkId } from '../../domain/ids.ts';
import type { Replaces } from '../../sip/message/replaces.ts';

/** Host part of published call-ids; the part before it is the ParkId (WIRE.md §5). */
const PUBLISHED_HOST = '@park';

/** Tags of the published dialog: a parked call has one, and it is not the real one. */
const TAGS = { localTag: 'pl', remoteTag: 'pr' } as const;

/** The dialog that lamps are shown for a parked call. */
export function publishedDialog(parkId: ParkId): {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
} {
  return { callId: parkId + PUBLISHED_HOST, ...TAGS };
}

/** What a Replaces says of published dialogs. */
export type PublishedReplaces =
  /** It names no dialog of that kind. */
  | { readonly kind: 'other' }
  /** It names one that cannot exist. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'parked'; readonly parkId: ParkId };

/** Reads a Replaces that may name a parked call: both orders of the tags count, `early-only` makes no difference (WIRE.md §4). */
export function readPublishedReplaces({ callId, toTag, fromTag }: Replaces): PublishedReplaces {
  if (!callId.endsWith(PUBLISHED_HOST)) return { kind: 'other' };
  const parkId = parseParkId(callId.slice(0, -PUBLISHED_HOST.length));
  const tags = [toTag, fromTag];
  const named = tags.includes(TAGS.localTag) && tags.includes(TAGS.remoteTag);
  return parkId === null || !named ? { kind: 'nothing' } : { kind: 'parked', parkId };
}
