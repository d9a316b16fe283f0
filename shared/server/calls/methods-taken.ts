import type { SipMessage } from '../../sip/message/message.ts';
import { headerTokens } from './header-tokens.ts';

/** What a phone said of a method in the message that introduced it; without any Allow it said nothing (RFC 3261 §20.5). */
export type Taken = 'yes' | 'no' | 'unsaid';

export function methodTaken({ headers }: Pick<SipMessage, 'headers'>, method: string): Taken {
  const allowed = headerTokens(headers, 'Allow');
  if (allowed.length === 0) return 'unsaid';
  return allowed.includes(method.toLowerCase()) ? 'yes' : 'no';
}
