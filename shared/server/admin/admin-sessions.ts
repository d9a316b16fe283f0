import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../domain/clock.ts';
import { addMs, type EpochMs } from '../../domain/ids.ts';
import { FailedAttempts } from '../auth/failed-attempts.ts';
import type { AdminStore, StoredAdmin } from '../store/admin-store.ts';
import { isPassingTrouble } from '../store/store-trouble.ts';
import { isPassword } from './password-hash.ts';

/** A session that nobody uses ends after this, in ms. */
export const IDLE_MS = 8 * 3_600_000;
/** A session ends after this, used or not, in ms. */
export const LONGEST_MS = 24 * 3_600_000;
/** Its last use is written down this often at most, in ms. */
const TOUCH_MS = 60_000;
/** Passwords that are looked at in one moment: each costs 32 MB. */
const MAX_AT_ONCE = 4;

const LIMITS = { perAccount: 5, perAddress: 30, windowMs: 300_000 };

/** A session as its holder sees it. */
export interface AdminSession {
  readonly admin: StoredAdmin;
  /** What the cookie is known by. */
  readonly tokenHash: string;
  /** Proves that a request comes from a page that could read the session. */
  readonly csrf: string;
  readonly expiresAt: EpochMs;
}

export type SignInOutcome =
  | { readonly kind: 'ok'; readonly admin: StoredAdmin }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'blocked'; readonly retryAfterSeconds: number };

/** Signs admins in and knows who is. Tokens are kept as hashes: neither the database nor a backup lets anybody in. */
export class AdminSessions {
  readonly #store: AdminStore;
  readonly #clock: Clock;
  readonly #attempts: FailedAttempts;
  #checking = 0;

  constructor(store: AdminStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#attempts = new FailedAttempts(clock, LIMITS);
  }

  /** Checks a password. Wrong ones slow down further guesses, from the same address above all. */
  async check(name: string, password: string, address: string): Promise<SignInOutcome> {
    const account = name.trim().toLowerCase();
    const wait = this.#attempts.retryAfterSeconds(address, account);
    if (wait > 0) return { kind: 'blocked', retryAfterSeconds: wait };
    if (this.#checking >= MAX_AT_ONCE) return { kind: 'blocked', retryAfterSeconds: 1 };
    this.#checking += 1;
    try {
      const admin = this.#store.byName(account);
      if ((await isPassword(password, admin?.passwordHash)) && admin !== undefined) {
        this.#attempts.succeeded(address, account);
        return { kind: 'ok', admin };
      }
    } finally {
      this.#checking -= 1;
    }
    this.#attempts.failed(address, account);
    return { kind: 'wrong' };
  }

  /** @returns the token for the cookie */
  begin(admin: StoredAdmin, address: string): string {
    const now = this.#clock.now();
    this.#store.pruneSessions({
      begunBefore: addMs(now, -LONGEST_MS),
      usedBefore: addMs(now, -IDLE_MS),
    });
    const token = randomBytes(32).toString('base64url');
    this.#store.addSession(hashOf(token), admin.id, { address, at: now });
    return token;
  }

  /** Whose session a token is; undefined when it is none, or over. Being asked counts as use. */
  of(token: string): AdminSession | undefined {
    const tokenHash = hashOf(token);
    const session = this.#store.session(tokenHash);
    const now = this.#clock.now();
    if (session === undefined) return undefined;
    const expiresAt = addMs(session.createdAt, LONGEST_MS);
    if (now >= expiresAt || now >= session.usedAt + IDLE_MS) {
      this.#store.endSession(tokenHash);
      return undefined;
    }
    const admin = this.#store.byId(session.adminId);
    if (admin === undefined) return undefined;
    if (now >= session.usedAt + TOUCH_MS) this.#used(tokenHash, now);
    return { admin, tokenHash, csrf: csrfOf(token), expiresAt };
  }

  /** Whether a session still holds, without counting as use: for streams that stay open. */
  holds(tokenHash: string): boolean {
    const session = this.#store.session(tokenHash);
    const now = this.#clock.now();
    return session !== undefined && now < session.createdAt + LONGEST_MS;
  }

  end(tokenHash: string): void {
    this.#store.endSession(tokenHash);
  }

  /** An admin may still look, and mend it, while the disk is full. */
  #used(tokenHash: string, now: EpochMs): void {
    try {
      this.#store.sessionUsed(tokenHash, now);
    } catch (error) {
      if (!isPassingTrouble(error)) throw error;
    }
  }
}

/** Whether two CSRF tokens are the same, in constant time. */
export function isSameToken(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function hashOf(token: string): string {
  return createHash('sha256').update(`session\n${token}`).digest('base64url');
}

/** Known to whoever knows the session's token, and to nobody else. */
function csrfOf(token: string): string {
  return createHash('sha256').update(`csrf\n${token}`).digest('base64url');
}
