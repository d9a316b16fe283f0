import type { Opening } from './portal.ts';

const SET_UP = /^#setup=([A-Za-z0-9_-]{8,200})$/;
const SIGN_IN = /^#sign-in=([^:]+):(.+)$/;
const THIS_MACHINE = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * What the address asks for: `#setup=TOKEN`, printed by a server without admins, or on this machine alone
 * `#sign-in=NAME:PASSWORD`, printed by the demo, each part percent-encoded. `null` when the address is an ordinary one.
 */
export function openingOf({ hash, hostname }: Pick<Location, 'hash' | 'hostname'>): Opening | null {
  const token = SET_UP.exec(hash)?.[1];
  if (token !== undefined) return { setupToken: token, signIn: null };
  const parts = SIGN_IN.exec(hash);
  if (parts === null) return null;
  const [name, password] = [decode(parts[1]), decode(parts[2])];
  const local = THIS_MACHINE.test(hostname);
  const signIn = local && name !== null && password !== null ? { name, password } : null;
  return { setupToken: null, signIn };
}

function decode(text: string | undefined): string | null {
  try {
    return text === undefined ? null : decodeURIComponent(text);
  } catch {
    return null;
  }
}
