import { formatParams } from './params.ts';
import { Scanner } from './scanner.ts';
import { uriHeaders } from './uri.ts';
import type { SipUri } from './uri.ts';

/** RFC 3891 §3: names a dialog by its Call-ID and both tags, as the receiver of Replaces sees them. */
export interface Replaces {
  readonly callId: string;
  /** The receiver's own tag. */
  readonly toTag: string;
  readonly fromTag: string;
  readonly earlyOnly: boolean;
}

/** The value of a Replaces header field; undefined when malformed or a tag is missing. */
export function parseReplaces(text: string): Replaces | undefined {
  const scanner = new Scanner(text);
  const semicolon = text.indexOf(';');
  if (semicolon < 1) return undefined;
  scanner.position = semicolon;
  const params = scanner.params();
  const callId = text.slice(0, semicolon).trim();
  const toTag = params?.get('to-tag');
  const fromTag = params?.get('from-tag');
  if (
    params === undefined ||
    !scanner.done ||
    callId === '' ||
    /\s/.test(callId) ||
    !toTag ||
    !fromTag
  )
    return undefined;
  return { callId, toTag, fromTag, earlyOnly: params.has('early-only') };
}

export function formatReplaces({ callId, toTag, fromTag, earlyOnly }: Replaces): string {
  const params = new Map<string, string | null>([
    ['to-tag', toTag],
    ['from-tag', fromTag],
  ]);
  if (earlyOnly) params.set('early-only', null);
  return `${callId}${formatParams(params)}`;
}

/** The Replaces that a Refer-To carries behind its `?`, as in an attended transfer (RFC 3891 §2). */
export type ReferredReplaces =
  | { readonly kind: 'none' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'replaces'; readonly replaces: Replaces };

export function replacesOf(uri: SipUri): ReferredReplaces {
  const field = uriHeaders(uri).find(([name]) => name === 'replaces');
  if (field === undefined) return { kind: 'none' };
  const replaces = parseReplaces(field[1]);
  return replaces === undefined ? { kind: 'malformed' } : { kind: 'replaces', replaces };
}
