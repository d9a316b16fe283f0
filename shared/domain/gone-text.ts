/**
 * Why a parked call can no longer be retrieved, as the server says it in the `Reason` header of a 410 or 480
 * (RFC 3326 `text`) and as the phone reads it back. Names are network text.
 */
export type GoneReason =
  | { readonly kind: 'retrieved'; readonly by: string }
  | { readonly kind: 'returned'; readonly to: string }
  | { readonly kind: 'caller-gone' }
  | { readonly kind: 'forwarded' }
  | { readonly kind: 'lost' };

const retrievedPrefix = 'Retrieved by ';
const returnedPrefix = 'Went back to ';
const callerGone = 'Caller hung up';
const forwarded = 'Went to the ring group';
const lost = 'Server was restarted';

export function goneText(reason: GoneReason): string {
  switch (reason.kind) {
    case 'retrieved':
      return retrievedPrefix + reason.by;
    case 'returned':
      return returnedPrefix + reason.to;
    case 'caller-gone':
      return callerGone;
    case 'forwarded':
      return forwarded;
    case 'lost':
      return lost;
  }
}

/** Reads what `goneText` wrote; `null` for the words of another server. */
export function parseGoneText(text: string): GoneReason | null {
  if (text.startsWith(retrievedPrefix)) {
    return { kind: 'retrieved', by: text.slice(retrievedPrefix.length) };
  }
  if (text.startsWith(returnedPrefix)) {
    return { kind: 'returned', to: text.slice(returnedPrefix.length) };
  }
  if (text === callerGone) return { kind: 'caller-gone' };
  if (text === forwarded) return { kind: 'forwarded' };
  return text === lost ? { kind: 'lost' } : null;
}
