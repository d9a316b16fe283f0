import type { SignIn } from '../../../shared/bridge/contract.ts';

const MARK = '#sign-in=';

/** Hosts that are this machine, whoever asks: a link to one cannot have come from elsewhere and sign somebody in to elsewhere. */
const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);

/**
 * The sign-in that the demo puts behind `#` of its own address, `#sign-in=<extension>:<password>`, both percent-encoded; that part
 * never leaves the browser. `null` anywhere but on loopback, so that no link can sign a person in to a server of somebody's choice.
 */
export function signInOfLink(address: string): SignIn | null {
  const url = new URL(address);
  if (!isLoopback(url.hostname) || !url.hash.startsWith(MARK)) return null;
  const [extension, password, ...more] = url.hash.slice(MARK.length).split(':').map(decode);
  if (!extension || !password || more.length > 0) return null;
  return { server: url.origin, extension, password };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
