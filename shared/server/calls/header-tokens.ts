import type { SipMessage } from '../../sip/message/message.ts';

/** The tokens of a header that separates them by commas or (Privacy) semicolons, over all its lines, lower case. */
export function headerTokens(headers: SipMessage['headers'], name: string): readonly string[] {
  return headers
    .all(name)
    .flatMap((line) => line.split(/[,;]/))
    .map((token) => token.trim().toLowerCase())
    .filter((token) => token !== '');
}
