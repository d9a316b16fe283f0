/** A Replaces header (RFC 3891 §6.1), as the sender sees the dialog: its To tag is the tag of whoever receives the header. */
export interface Replaces {
  readonly callId: string;
  readonly toTag: string;
  readonly fromTag: string;
  readonly earlyOnly: boolean;
}

/** Reads one value; undefined when it is malformed. Inside a Refer-To it must be percent-decoded first. */
export function parseReplaces(value: string): Replaces | undefined {
  const [callId = '', ...fields] = value.split(';').map((part) => part.trim());
  const params = new Map<string, string>();
  for (const field of fields) {
    const equals = field.indexOf('=');
    const name = (equals < 0 ? field : field.slice(0, equals)).trim().toLowerCase();
    if (params.has(name)) return undefined;
    params.set(name, equals < 0 ? '' : field.slice(equals + 1).trim());
  }
  const toTag = params.get('to-tag');
  const fromTag = params.get('from-tag');
  if (callId === '' || /\s/.test(callId) || !toTag || !fromTag) return undefined;
  return { callId, toTag, fromTag, earlyOnly: params.has('early-only') };
}

/** The header's value. */
export function formatReplaces({ callId, toTag, fromTag, earlyOnly }: Replaces): string {
  return `${callId};to-tag=${toTag};from-tag=${fromTag}${earlyOnly ? ';early-only' : ''}`;
}
