import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../domain/clock.ts';
import { addMs, epochMs, userId, type EpochMs } from '../../domain/ids.ts';
import type { User, UserDirectory } from '../ports/directory.ts';
import type { Accounts } from '../provisioning/store-directory.ts';

/** How long a session lasts, in ms (WIRE.md §10b). */
const SESSION_MS = 12 * 3_600_000;

export interface Session {
  readonly token: string;
  readonly expiresAt: EpochMs;
}

export interface SessionTokensOptions {
  readonly directory: UserDirectory;
  readonly accounts: Accounts;
  readonly clock: Clock;
  /** Signs tokens; kept over restarts. */
  readonly key: Buffer;
  /** Where sign-outs are remembered, over restarts too. */
  readonly ended: EndedSessions;
}

/** Tokens that were ended before their time, until that time. They are known by their hash alone. */
export interface EndedSessions {
  has(tokenHash: string): boolean;
  /** @param now what expired before it is forgotten */
  add(tokenHash: string, expiresAt: EpochMs, now: EpochMs): void;
}

/**
 * Bearer tokens of signed-in extensions. A token needs no memory: it names user and end, signed together with the
 * user's stored secret, so that it dies with the user and with the password. Tokens ended early are remembered.
 */
export class SessionTokens {
  readonly #options: SessionTokensOptions;

  constructor(options: SessionTokensOptions) {
    this.#options = options;
  }

  issue(user: User): Session {
    const expiresAt = addMs(this.#options.clock.now(), SESSION_MS);
    const claim = `${user.id}.${expiresAt.toString(36)}.${randomBytes(9).toString('base64url')}`;
    return { token: `${claim}.${this.#sign(claim, user).toString('base64url')}`, expiresAt };
  }

  /** The user a token speaks for; undefined when it is none of ours, over, or ended. */
  userOf(token: string): User | undefined {
    const parts = /^([\w-]{1,64})\.([0-9a-z]{1,11})\.[\w-]{12}\.([\w-]{43})$/.exec(token);
    const [, id, end, signature] = parts ?? [];
    if (id === undefined || end === undefined || signature === undefined) return undefined;
    const user = this.#options.directory.userById(userId(id));
    if (user === undefined || this.#options.ended.has(hashOf(token))) return undefined;
    const expected = this.#sign(token.slice(0, -signature.length - 1), user);
    const given = Buffer.from(signature, 'base64url');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    return Number.parseInt(end, 36) > this.#options.clock.now() ? user : undefined;
  }

  /** Ends a session before its time. */
  end(token: string): void {
    if (this.userOf(token) === undefined) return;
    const { ended, clock } = this.#options;
    const expiresAt = epochMs(Number.parseInt(token.split('.')[1] ?? '0', 36));
    ended.add(hashOf(token), expiresAt, clock.now());
  }

  #sign(claim: string, user: User): Buffer {
    const account = this.#options.accounts.account(user.tenantId, user.extension);
    const { sha256 = '' } = account?.secret ?? {};
    return createHmac('sha256', this.#options.key).update(`${claim}\n${sha256}`).digest();
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
