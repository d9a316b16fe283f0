import type { CertificateReport } from '../bridge/server-certificate.ts';
import type { ServerTextProblem } from './account.ts';

/** Why signing in did not work: closed, each with one plain sentence in the user's language. */
export type SignInProblem =
  | { readonly kind: 'server-text'; readonly problem: ServerTextProblem }
  | { readonly kind: 'no-such-server' }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'timeout' }
  | {
      readonly kind: 'certificate';
      /** Absent where nobody could look at it. */
      readonly report?: CertificateReport | null;
    }
  /** Something answers there, but it is neither a Parkline nor a SIP server. */
  | { readonly kind: 'not-a-phone-server' }
  | { readonly kind: 'unknown-extension' }
  | { readonly kind: 'wrong-password' }
  | { readonly kind: 'not-allowed' }
  /** The server serves the current and the previous minor version of the app. */
  | { readonly kind: 'app-too-old'; readonly oldest: string }
  | { readonly kind: 'server-error'; readonly status: number }
  /** The account is signed in and talking: another sign-in would end that. */
  | { readonly kind: 'in-a-call' };

/** How far a REGISTER got. */
export type RegisterFailure =
  | {
      readonly kind: 'response';
      readonly status: number;
      /** Whether credentials had been sent: a first 401 is only the challenge. */
      readonly withCredentials: boolean;
    }
  | { readonly kind: 'timeout' }
  /** The WebSocket did not open, or was closed. */
  | { readonly kind: 'no-connection' }
  /** It opened, but without the `sip` subprotocol (RFC 7118 §4). */
  | { readonly kind: 'no-subprotocol' };

export function registerProblem(failure: RegisterFailure): SignInProblem {
  switch (failure.kind) {
    case 'timeout':
      return { kind: 'timeout' };
    case 'no-connection':
      return { kind: 'unreachable' };
    case 'no-subprotocol':
      return { kind: 'not-a-phone-server' };
    case 'response':
      return responseProblem(failure);
  }
}

function responseProblem({
  status,
  withCredentials,
}: Extract<RegisterFailure, { kind: 'response' }>): SignInProblem {
  switch (status) {
    case 401:
    case 407:
      return withCredentials ? { kind: 'wrong-password' } : { kind: 'server-error', status };
    case 403:
      return withCredentials ? { kind: 'wrong-password' } : { kind: 'not-allowed' };
    case 404:
      return { kind: 'unknown-extension' };
    case 408:
      return { kind: 'timeout' };
    case 405:
    case 501:
      return { kind: 'not-a-phone-server' };
    default:
      return { kind: 'server-error', status };
  }
}

/** True when trying again by itself may help: the network, not the user, is at fault. */
export function isTransient(problem: SignInProblem): boolean {
  switch (problem.kind) {
    case 'unreachable':
    case 'timeout':
    case 'no-such-server':
      return true;
    case 'server-error':
      return problem.status >= 500;
    default:
      return false;
  }
}

/** Whether version `mine` is older than `oldest`; both `major.minor.patch`, more and other text is ignored. */
export function isOlder(mine: string, oldest: string): boolean {
  const [a, b] = [numbers(mine), numbers(oldest)];
  for (let place = 0; place < 3; place += 1) {
    const difference = (a[place] ?? 0) - (b[place] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function numbers(version: string): readonly number[] {
  return (version.match(/[0-9]+/g) ?? []).slice(0, 3).map(Number);
}
