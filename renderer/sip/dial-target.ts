import { URI } from 'jssip';

/**
 * The address of what is dialled: digits, a name, `name@host`, or a SIP URI; the codes' `*` and `#` are ordinary characters.
 * @returns `null` when it is none
 */
export function readDialTarget(target: string, domain: string): URI | null {
  const text = target.trim();
  if (text === '' || /\s/.test(text)) return null;
  if (!text.includes('@') && !/^sips?:/i.test(text)) return new URI('sip', text, domain);
  const parsed: unknown = URI.parse(/^sips?:/i.test(text) ? text : `sip:${text}`);
  return parsed instanceof URI && parsed.scheme === 'sip' ? parsed : null;
}
