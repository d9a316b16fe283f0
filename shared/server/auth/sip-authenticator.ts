import { deviceSettings } from '../../config/tenant-settings.ts';
import { assertNever } from '../../domain/assert-never.ts';
import type { TenantId, UserId } from '../../domain/ids.ts';
import { isSameTarget } from '../../sip/digest/same-target.ts';
import type { SipRequest } from '../../sip/message/message.ts';
import { parseUri, userOf } from '../../sip/message/uri.ts';
import type { Flow } from '../../sip/transaction/flow.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { Logger } from '../log.ts';
import type { AuthenticationResult, Authenticator, Caller } from '../ports/authenticator.ts';
import type { Tenant, User, UserDirectory } from '../ports/directory.ts';
import type { Binding } from '../ports/registrar.ts';
import type { Account } from '../provisioning/store-directory.ts';
import { deviceIdOf } from '../registrar/device-id.ts';
import type { RegistrationAuthenticator } from '../registrar/registration-authenticator.ts';
import type { DigestOutcome, DigestVerifier } from './digest-verifier.ts';

/** Counts attempts, for metrics. */
export type AuthCounter = (
  outcome: 'ok' | 'trusted-flow' | 'challenged' | 'wrong' | 'blocked',
) => void;

export interface SipAuthenticatorOptions {
  readonly directory: UserDirectory;
  readonly verifier: DigestVerifier;
  /** Live bindings made over a flow. A function, as the registrar itself needs this authenticator. */
  readonly bindingsOfFlow: (flow: Flow) => readonly Binding[];
  /** Whether one of a user's live bindings was made over a flow, which may carry very many users'. */
  readonly isBoundTo: (flow: Flow, userId: UserId) => boolean;
  /** Takes every From at its word. For experiments on loopback; the configuration refuses it elsewhere. */
  readonly insecureNoAuth: boolean;
  readonly log: Logger;
  readonly count?: AuthCounter;
  /** Told of every right answer. */
  readonly onProven?: (flow: Flow) => void;
}

const ANSWERED = { kind: 'answered' } as const;

/** Who is who over SIP (WIRE.md §10a). */
export class SipAuthenticator implements Authenticator, RegistrationAuthenticator {
  readonly #options: SipAuthenticatorOptions;

  constructor(options: SipAuthenticatorOptions) {
    this.#options = options;
  }

  authenticate(tx: ServerTransaction): AuthenticationResult {
    const trusted = this.#trustedByFlow(tx) ?? this.#trustedByConfiguration(tx);
    if (trusted !== undefined) {
      this.#count('trusted-flow');
      return { kind: 'ok', caller: trusted };
    }
    const tenant = this.#tenantToChallenge(tx.request);
    if (tenant === undefined) {
      tx.reply(403, { reason: 'Unknown domain' });
      return ANSWERED;
    }
    const proof = this.#digest(tx, tenant);
    return proof.kind === 'ok' ? { kind: 'ok', caller: this.#callerOf(tx, proof) } : ANSWERED;
  }

  authenticateRegistration(
    tx: ServerTransaction,
    tenant: Tenant,
  ): { readonly kind: 'ok'; readonly user: User } | { readonly kind: 'answered' } {
    if (this.#options.insecureNoAuth) return this.#registrationByName(tx, tenant.id);
    const proof = this.#digest(tx, tenant);
    if (proof.kind === 'answered') return ANSWERED;
    if (proof.account.kind === 'trunk' || proof.tenant.id !== tenant.id) {
      tx.reply(403, { reason: 'Not an extension' });
      return ANSWERED;
    }
    return { kind: 'ok', user: proof.account.user };
  }

  #registrationByName(tx: ServerTransaction, tenantId: TenantId) {
    const user = this.#options.directory.user(tenantId, userOf(tx.request.to.uri) ?? '');
    if (user !== undefined) return { kind: 'ok', user } as const;
    tx.reply(404, { reason: 'Unknown extension' });
    return ANSWERED;
  }

  /** A connection on which one user signed in speaks for that user; if several did, From says which of them. */
  #trustedByFlow(tx: ServerTransaction): Caller | undefined {
    const { flow, request } = tx;
    if (!flow.reliable) return undefined;
    const bindings = this.#options.bindingsOfFlow(flow);
    const users = new Set(bindings.map((binding) => binding.userId));
    const from = userOf(request.from.uri);
    const binding = bindings.find(
      ({ userId }) =>
        users.size === 1 || this.#options.directory.userById(userId)?.extension === from,
    );
    const user = binding && this.#options.directory.userById(binding.userId);
    const tenant = user && this.#options.directory.tenant(user.tenantId);
    if (binding === undefined || user === undefined || tenant === undefined) return undefined;
    return { kind: 'user', tenant, user, deviceId: binding.deviceId, flow };
  }

  #trustedByConfiguration(tx: ServerTransaction): Caller | undefined {
    if (!this.#options.insecureNoAuth) return undefined;
    const { directory } = this.#options;
    const { request, flow } = tx;
    const tenant = this.#tenantToChallenge(request);
    const name = userOf(request.from.uri) ?? '';
    const user = tenant && directory.user(tenant.id, name);
    if (tenant === undefined) return undefined;
    if (user !== undefined) {
      return { kind: 'user', tenant, user, deviceId: this.#deviceOf(tx, user), flow };
    }
    const trunk = directory.trunks(tenant.id).find(({ username }) => username === name);
    return trunk && { kind: 'trunk', tenant, trunk, flow };
  }

  #callerOf(tx: ServerTransaction, { tenant, account }: Proof): Caller {
    const { flow } = tx;
    switch (account.kind) {
      case 'trunk':
        return { kind: 'trunk', tenant, trunk: account.trunk, flow };
      case 'user': {
        const { user } = account;
        return { kind: 'user', tenant, user, deviceId: this.#deviceOf(tx, user), flow };
      }
      default:
        return assertNever(account);
    }
  }

  /** The device that registered over this very flow, else what Contact and source say. */
  #deviceOf({ request, flow }: ServerTransaction, user: User): string {
    const here = this.#options.bindingsOfFlow(flow).filter(({ userId }) => userId === user.id);
    const [only, ...others] = here;
    return only !== undefined && others.length === 0
      ? only.deviceId
      : deviceIdOf(request.contact, flow);
  }

  #tenantToChallenge(request: SipRequest): Tenant | undefined {
    const { directory } = this.#options;
    return (
      directory.tenantByHost(request.from.uri.host) ?? directory.tenantByHost(request.uri.host)
    );
  }

  #digest(tx: ServerTransaction, tenant: Tenant): (Proof & { kind: 'ok' }) | typeof ANSWERED {
    const { request, flow } = tx;
    const outcome = this.#options.verifier.check({
      authorization: authorizationOf(request),
      method: request.method,
      isTarget: (uri) => fitsTarget(uri, request),
      address: flow.remote.address,
      isSignedIn: (userId) => this.#options.isBoundTo(flow, userId),
      tenant,
      policy: deviceSettings(tenant.settings, request.headers.get('User-Agent')).challenge,
    });
    if (outcome.kind === 'ok') {
      this.#count('ok');
      this.#options.onProven?.(flow);
      return outcome;
    }
    this.#refuse(tx, outcome);
    return ANSWERED;
  }

  #refuse(tx: ServerTransaction, outcome: Exclude<DigestOutcome, { kind: 'ok' }>): void {
    if (outcome.kind === 'blocked') {
      this.#count('blocked');
      const headers = [['Retry-After', String(outcome.retryAfterSeconds)]] as const;
      tx.reply(403, { reason: 'Too many failed attempts', headers });
      return;
    }
    this.#count(outcome.wrong ? 'wrong' : 'challenged');
    if (outcome.wrong) {
      const { remote, transport } = tx.flow;
      const fields = { address: remote.address, transport, method: tx.request.method };
      this.#options.log.warn(fields, 'wrong user name or password');
    }
    const headers = outcome.challenges.map((value) => ['WWW-Authenticate', value] as const);
    // A wrong answer is remembered: sent again, it must not count as another attempt.
    tx.reply(401, { headers, stateless: !outcome.wrong });
  }

  #count(outcome: Parameters<AuthCounter>[0]): void {
    this.#options.count?.(outcome);
  }
}

function authorizationOf({ headers }: SipRequest): readonly string[] {
  const own = headers.all('Authorization');
  const proxies = headers.all('Proxy-Authorization');
  return proxies.length === 0 ? own : [...own, ...proxies];
}

interface Proof {
  readonly tenant: Tenant;
  readonly account: Account;
}

/** Testers such as sipp put the server alone into the credentials' `uri`; the count of the nonce still forbids replays. */
function fitsTarget(uri: string, request: SipRequest): boolean {
  return !uri.includes('@') || parseUri(uri)?.user === undefined || isSameTarget(uri, request.uri);
}
