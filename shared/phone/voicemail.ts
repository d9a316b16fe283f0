/** What the voicemail lamp shows: a message summary (RFC 3842), read from `application/simple-message-summary`. */
export interface MessageSummary {
  /** The box asks for attention. */
  readonly waiting: boolean;
  /** Voice messages; `null` when only the lamp is told. */
  readonly fresh: number | null;
  readonly old: number | null;
  /** What to dial to hear them: the user part of Message-Account; `null` when it is not told. */
  readonly account: string | null;
}

const LONGEST_BODY = 4_000;
const MOST_MESSAGES = 9_999;

/** @returns `null` for anything that is no message summary */
export function readMessageSummary(body: string): MessageSummary | null {
  const lines = body.slice(0, LONGEST_BODY).split(/\r?\n/);
  const field = (name: string): string | null => {
    const prefix = `${name}:`;
    const line = lines.find((each) => each.toLowerCase().startsWith(prefix));
    return line === undefined ? null : line.slice(prefix.length).trim();
  };
  const waiting = field('messages-waiting')?.toLowerCase();
  if (waiting !== 'yes' && waiting !== 'no') return null;
  const counts = /^(\d{1,9})\s*\/\s*(\d{1,9})/.exec(field('voice-message') ?? '');
  const count = (text: string | undefined) =>
    text === undefined ? null : Math.min(Number(text), MOST_MESSAGES);
  return {
    waiting: waiting === 'yes',
    fresh: count(counts?.[1]),
    old: count(counts?.[2]),
    account: userOf(field('message-account')),
  };
}

/** `sip:*97@pbx.test` and `*97` both mean `*97`. */
function userOf(account: string | null): string | null {
  const user = /^<?(?:sips?:)?([^@;>\s]{1,64})/i.exec(account ?? '')?.[1];
  return user === undefined || user === '' ? null : user;
}
