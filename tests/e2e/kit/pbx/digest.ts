import { createHash } from 'node:crypto';
import { headerOf, methodOf, type SipText } from './sip-text.ts';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** Whether a request answers a challenge as RFC 2617 §3.2.2 has it: MD5, `qop=auth`. */
export function answersChallenge(
  request: SipText,
  expected: { readonly realm: string; readonly nonce: string; readonly password: string },
): boolean {
  const header = headerOf(request, 'Authorization');
  if (!header.startsWith('Digest ')) return false;
  const given = (name: string): string =>
    new RegExp(`[ ,]${name}=(?:"([^"]*)"|([^,\\s]*))`, 'i').exec(header)?.slice(1).find(Boolean) ??
    '';
  const algorithm = given('algorithm');
  if (algorithm !== '' && algorithm.toUpperCase() !== 'MD5') return false;
  if (given('realm') !== expected.realm || given('nonce') !== expected.nonce) return false;
  const ha1 = md5(`${given('username')}:${expected.realm}:${expected.password}`);
  const ha2 = md5(`${methodOf(request)}:${given('uri')}`);
  const middle = `${given('nonce')}:${given('nc')}:${given('cnonce')}:${given('qop')}`;
  return given('qop') === 'auth' && given('response') === md5(`${ha1}:${middle}:${ha2}`);
}
