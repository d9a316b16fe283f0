import type { Clock } from '../../domain/clock.ts';
import type { Disposable } from '../../domain/disposable.ts';
import type { UserId } from '../../domain/ids.ts';
import { algorithmsOf, makeChallenges, type ChallengePolicy } from '../../sip/digest/challenge.ts';
import { parseCredentials, type Credentials } from '../../sip/digest/credentials.ts';
import type { DigestAlgorithm } from '../../sip/digest/hash-port.ts';
import { NonceCounts } from '../../sip/digest/nonce-counts.ts';
import { DEFAULT_NONCE_LIFETIME_MS, Nonces } from '../../sip/digest/nonces.ts';
import { verify } from '../../sip/digest/verify.ts';
import type { Tenant, UserDirectory } from '../ports/directory.ts';
import type { Account, Accounts } from '../provisioning/store-directory.ts';
import type { FailedAttempts } from './failed-attempts.ts';
import { nodeHash, nodeKeyedHash, randomText, rememberingTargets } from './node-hash.ts';

/** A request to be proven, over SIP or HTTP. */
export interface Claim {
  /** Authorization values, as they came. */
  readonly authorization: readonly string[];
  readonly method: string;
  /** Whether the `uri` inside the credentials fits this request. */
  readonly isTarget: (uri: string) => boolean;
  /** IP address it came from. */
  readonly address: string;
  /** Whether a user is signed in over the very connection: guesses made elsewhere do not block them. */
  readonly isSignedIn?: (userId: UserId) => boolean;
  /** Tenant to challenge for when the credentials name none. */
  readonly tenant: Tenant;
  readonly policy: ChallengePolicy;
}

export type DigestOutcome =
  | { readonly kind: 'ok'; readonly tenant: Tenant; readonly account: Account }
  /** Answer 401 with these WWW-Authenticate values, in their order. */
  | { readonly kind: 'challenge'; readonly challenges: readonly string[]; readonly wrong: boolean }
  | { readonly kind: 'blocked'; readonly retryAfterSeconds: number };

export interface DigestVerifierOptions {
  readonly directory: Pick<UserDirectory, 'tenants'>;
  readonly accounts: Accounts;
  readonly attempts: FailedAttempts;
  readonly clock: Clock;
  /** Signs nonces; kept over restarts, so that phones need not be asked again. */
  readonly nonceKey: Buffer;
}

/** Digest access authentication (RFC 7616, RFC 8760) for everything that has a password here. */
export class DigestVerifier implements Disposable {
  readonly #options: DigestVerifierOptions;
  readonly #nonces: Nonces;
  readonly #counts = new NonceCounts();
  readonly #hashTarget = rememberingTargets(nodeHash);
  /** While counts are remembered. */
  #aging: Disposable | undefined;

  constructor(options: DigestVerifierOptions) {
    this.#options = options;
    this.#nonces = new Nonces({
      keyedHash: nodeKeyedHash(options.nonceKey),
      now: () => options.clock.now(),
      randomText,
    });
  }

  /** The tenant is the one whose realm the credentials name: realms are unique and never change. */
  check(claim: Claim): DigestOutcome {
    const answer = this.#answerIn(claim);
    if (answer === undefined) return this.#challenge(claim.tenant, claim, 'first');
    const { credentials, tenant } = answer;
    const { attempts, accounts } = this.#options;
    const account = accounts.account(tenant.id, credentials.username);
    const known = account?.kind === 'user' && claim.isSignedIn?.(account.user.id) === true;
    const retryAfterSeconds = known
      ? 0
      : attempts.retryAfterSeconds(claim.address, credentials.username);
    if (retryAfterSeconds > 0) return { kind: 'blocked', retryAfterSeconds };
    const verdict = verify(credentials, {
      hash: nodeHash,
      hashTarget: this.#hashTarget,
      nonces: this.#nonces,
      counts: this.#counts,
      realm: tenant.realm,
      method: claim.method,
      algorithms: algorithmsOf(claim.policy),
      storedHa1: account && storedHa1(account, credentials.algorithm),
    });
    switch (verdict.kind) {
      case 'ok':
        if (account === undefined) return this.#challenge(tenant, claim, 'wrong');
        attempts.succeeded(claim.address, credentials.username);
        this.#aging ??= this.#ageLater();
        return { kind: 'ok', tenant, account };
      case 'stale':
        return this.#challenge(tenant, claim, 'stale');
      case 'refused':
        attempts.failed(claim.address, credentials.username);
        return this.#challenge(tenant, claim, 'wrong');
    }
  }

  dispose(): void {
    this.#aging?.dispose();
  }

  /** A quiet hour gives back what a busy one filled. */
  #ageLater(): Disposable {
    return this.#options.clock.after(DEFAULT_NONCE_LIFETIME_MS, () => {
      this.#counts.age();
      this.#aging = this.#counts.isEmpty ? undefined : this.#ageLater();
    });
  }

  /** The first usable answer; a request may carry answers for other realms too. */
  #answerIn(claim: Claim): { credentials: Credentials; tenant: Tenant } | undefined {
    for (const value of claim.authorization) {
      const reading = parseCredentials(value);
      if (reading.kind !== 'digest') continue;
      const { credentials } = reading;
      const tenant = this.#tenantOf(credentials.realm);
      if (tenant !== undefined && claim.isTarget(credentials.uri)) return { credentials, tenant };
    }
    return undefined;
  }

  #tenantOf(realm: string): Tenant | undefined {
    return this.#options.directory.tenants().find((tenant) => tenant.realm === realm);
  }

  #challenge(tenant: Tenant, claim: Claim, why: 'first' | 'stale' | 'wrong'): DigestOutcome {
    const challenges = makeChallenges({
      policy: claim.policy,
      realm: tenant.realm,
      nonce: this.#nonces.make(tenant.realm),
      stale: why === 'stale',
    });
    return { kind: 'challenge', challenges, wrong: why === 'wrong' };
  }
}

function storedHa1({ secret }: Account, algorithm: DigestAlgorithm): string {
  return algorithm === 'MD5' ? secret.md5 : secret.sha256;
}
