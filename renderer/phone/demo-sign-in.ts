import { emptyForm, type SignInForm } from './model/sign-in.ts';

const FRAGMENT = /^#sign-in=([^:]+):(.+)$/;
const THIS_MACHINE = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * The sign-in that a demo on this machine puts into the page's own address, `#sign-in=<extension>:<password>`, each part
 * percent-encoded. A fragment is sent to nobody; anywhere but on loopback it is not read.
 */
export function demoSignIn(
  location: Pick<Location, 'hash' | 'host' | 'hostname'>,
): SignInForm | null {
  const parts = FRAGMENT.exec(location.hash);
  if (parts === null || !THIS_MACHINE.test(location.hostname)) return null;
  const [extension, password] = [decode(parts[1] ?? ''), decode(parts[2] ?? '')];
  if (extension === null || password === null) return null;
  return { ...emptyForm, server: location.host, extension, password };
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
