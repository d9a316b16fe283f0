import type { DesktopBridge, SignIn } from '../../../shared/bridge/contract.ts';
import type { Discovery } from '../../../shared/bridge/server-description.ts';
import type { Clock } from '../../../shared/domain/clock.ts';
import { parseServer, webSocketUrl, type ServerAddress } from '../../../shared/phone/account.ts';
import { profileOf, usualWebSocket, type PbxChoice } from '../../../shared/phone/pbx-profile.ts';
import type { SignInDraft } from '../../../shared/phone/sign-in-link.ts';
import { isOlder, type SignInProblem } from '../../../shared/phone/sign-in-problem.ts';
import { discover } from '../../sip/discovery.ts';
import type { PhoneLine } from '../../sip/phone-line.ts';
import type { Account, Endpoint } from './account.ts';

type FailedDiscovery = Extract<Discovery, { readonly kind: 'failed' }>;

/** What the form holds. The last two are under Advanced and make discovery unnecessary. */
export interface SignInForm {
  readonly server: string;
  readonly extension: string;
  readonly password: string;
  readonly webSocketUrl: string;
  readonly domain: string;
  /** Which telephone system it is; `null`: one that describes itself, as Parkline does. */
  readonly pbx: PbxChoice | null;
  /** Keep the password on this machine. */
  readonly remember: boolean;
}

export const emptyForm: SignInForm = {
  server: '',
  extension: '',
  password: '',
  webSocketUrl: '',
  domain: '',
  pbx: null,
  remember: false,
};

export type EndpointOutcome =
  | { readonly kind: 'found'; readonly endpoint: Endpoint }
  | { readonly kind: 'failed'; readonly problem: SignInProblem };

/** How long the server may take to answer REGISTER before we say that it does not talk SIP, ms. */
const REGISTER_LIMIT_MS = 8_000;

/** Where the line connects to: by hand, by a WebSocket URL, or by asking the server. */
export async function findEndpoint(
  form: SignInForm,
  world: { readonly desktop: DesktopBridge | null; readonly appVersion: string },
): Promise<EndpointOutcome> {
  const address = parseServer(form.server === '' ? form.webSocketUrl : form.server);
  if (!address.ok)
    return { kind: 'failed', problem: { kind: 'server-text', problem: address.error } };
  const manual = webSocketOf(form, address.value);
  if (manual !== null)
    return manualEndpoint(
      manual,
      form.domain.trim() === '' ? address.value.host : form.domain.trim(),
    );
  const discovery = await discover(form.server, world.desktop);
  if (discovery.kind === 'failed') return { kind: 'failed', problem: discoveryProblem(discovery) };
  const { server } = discovery;
  if (server.oldestAppVersion !== null && isOlder(world.appVersion, server.oldestAppVersion)) {
    return { kind: 'failed', problem: { kind: 'app-too-old', oldest: server.oldestAppVersion } };
  }
  return {
    kind: 'found',
    endpoint: { ...server, domain: form.domain.trim() === '' ? server.domain : form.domain.trim() },
  };
}

/** By hand, as the server was typed, or where this kind of PBX usually has it; `null`: the server is asked. */
function webSocketOf(form: SignInForm, address: ServerAddress): string | null {
  const typed = form.webSocketUrl.trim();
  if (typed !== '') return typed;
  const asServer = webSocketUrl(address);
  if (asServer !== null || form.pbx === null) return asServer;
  return usualWebSocket(profileOf(form.pbx), address);
}

function manualEndpoint(url: string, domain: string): EndpointOutcome {
  const parsed = parseServer(url);
  const target = parsed.ok ? webSocketUrl(parsed.value) : null;
  if (target === null)
    return {
      kind: 'failed',
      problem: { kind: 'server-text', problem: parsed.ok ? 'unknown-scheme' : parsed.error },
    };
  return {
    kind: 'found',
    endpoint: { webSocketUrl: target, domain, displayName: '', apiBaseUrl: null, demo: false },
  };
}

/** Why asking the server failed, as the form says it. */
export function discoveryProblem({ reason, certificate = null }: FailedDiscovery): SignInProblem {
  switch (reason) {
    case 'bad-address':
      return { kind: 'server-text', problem: 'bad-host' };
    case 'no-such-host':
      return { kind: 'no-such-server' };
    case 'refused':
    case 'network':
      return { kind: 'unreachable' };
    case 'timeout':
      return { kind: 'timeout' };
    case 'certificate':
      return { kind: 'certificate', report: certificate };
    case 'not-parkline':
      return { kind: 'not-a-phone-server' };
  }
}

/** Starts the line and waits for its first clear word. */
export function registerOnce(line: PhoneLine, clock: Clock): Promise<SignInProblem | null> {
  return new Promise((resolve) => {
    const settle = (problem: SignInProblem | null) => {
      limit.dispose();
      listening.dispose();
      resolve(problem);
    };
    const limit = clock.after(REGISTER_LIMIT_MS, () =>
      settle(
        line.state.kind === 'registering' ? { kind: 'not-a-phone-server' } : { kind: 'timeout' },
      ),
    );
    const listening = line.onEvent((event) => {
      if (event.kind !== 'state') return;
      if (event.state.kind === 'registered') settle(null);
      else if (event.state.kind === 'refused' || event.state.kind === 'offline')
        settle(event.state.problem);
    });
    line.start();
  });
}

/** `ext@domain` typed under Server fills the extension, too. */
export function extensionFrom(form: SignInForm): string {
  if (form.extension.trim() !== '') return form.extension.trim();
  const address = parseServer(form.server);
  return address.ok ? (address.value.extension ?? '') : '';
}

export function formOf(signIn: SignIn): SignInForm {
  const { server, extension, password, domain = '', webSocketUrl: url = '', pbx = null } = signIn;
  return { ...emptyForm, server, extension, password, domain, webSocketUrl: url, pbx };
}

/** What main keeps while the page is loaded anew, and gives back. */
export function signInOf(form: SignInForm, purpose: 'sign-in' | 'check'): SignIn {
  return {
    server: form.server === '' ? form.webSocketUrl : form.server,
    extension: extensionFrom(form),
    password: form.password,
    remember: form.remember,
    ...(form.domain === '' ? {} : { domain: form.domain }),
    ...(form.webSocketUrl === '' ? {} : { webSocketUrl: form.webSocketUrl }),
    ...(form.pbx === null ? {} : { pbx: form.pbx }),
    ...(purpose === 'check' ? { purpose } : {}),
  };
}

/** A known account, all but its password. One that described itself is asked again. */
export function formOfAccount(account: Account): SignInForm {
  const { server, extension, domain, pbx = null } = account;
  const typed = { ...emptyForm, server, extension };
  return account.apiBaseUrl === null
    ? { ...typed, domain, webSocketUrl: account.webSocketUrl, pbx }
    : typed;
}

export function formOfDraft(draft: SignInDraft): SignInForm {
  return { ...emptyForm, ...draft };
}
