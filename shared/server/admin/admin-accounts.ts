import { adminNameSchema, passwordProblem } from '../../config/admin/sessions.ts';
import { assertNever } from '../../domain/assert-never.ts';
import type { Clock } from '../../domain/clock.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { AdminScope, AdminStore, StoredAdmin } from '../store/admin-store.ts';
import { hashPassword } from './password-hash.ts';

/** Why an admin was not added, changed or removed. */
export type AccountRefusal =
  | { readonly kind: 'bad-admin-name' }
  | { readonly kind: 'admin-exists'; readonly name: string }
  | { readonly kind: 'bad-password'; readonly problem: string }
  | { readonly kind: 'no-such-admin' }
  /** Nobody could administer the server any more. */
  | { readonly kind: 'last-admin' };

/** The refusal as a sentence for whoever asked. */
export function describeAccountRefusal(refusal: AccountRefusal): string {
  switch (refusal.kind) {
    case 'bad-admin-name':
      return 'A name of an admin is 1 to 64 letters, digits and . _ - @, a letter or digit first.';
    case 'admin-exists':
      return `There is an admin named ${refusal.name} already.`;
    case 'bad-password':
      return refusal.problem;
    case 'no-such-admin':
      return 'There is no such admin.';
    case 'last-admin':
      return 'This is the last system admin; nobody could administer the server any more.';
    default:
      return assertNever(refusal);
  }
}

export interface NewAccount {
  readonly name: string;
  readonly password: string;
  readonly scope: AdminScope;
}

/** Who may administer what. Whoever is changed signs in anew. */
export class AdminAccounts {
  readonly #store: AdminStore;
  readonly #clock: Clock;

  constructor(store: AdminStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  all(): readonly StoredAdmin[] {
    return this.#store.all();
  }

  async add(input: NewAccount): Promise<Result<StoredAdmin, AccountRefusal>> {
    const problem = passwordProblem(input.password);
    if (problem !== null) return err({ kind: 'bad-password', problem });
    if (!adminNameSchema.safeParse(input.name).success) return err({ kind: 'bad-admin-name' });
    const name = input.name.trim();
    if (this.#store.byName(name) !== undefined) return err({ kind: 'admin-exists', name });
    const passwordHash = await hashPassword(input.password);
    // Somebody else may have taken the name while the password was hashed.
    if (this.#store.byName(name) !== undefined) return err({ kind: 'admin-exists', name });
    const createdAt = this.#clock.now();
    return ok(this.#store.add({ name, scope: input.scope, passwordHash, createdAt }));
  }

  /** What is left out stays. @param keepSession hash of the token of a session that goes on */
  async change(
    id: string,
    change: Partial<NewAccount>,
    keepSession?: string,
  ): Promise<Result<StoredAdmin, AccountRefusal>> {
    const problem = change.password === undefined ? null : passwordProblem(change.password);
    if (problem !== null) return err({ kind: 'bad-password', problem });
    const hash = change.password === undefined ? undefined : await hashPassword(change.password);
    const admin = this.#store.byId(id);
    if (admin === undefined) return err({ kind: 'no-such-admin' });
    const changed: StoredAdmin = {
      ...admin,
      name: change.name?.trim() ?? admin.name,
      scope: change.scope ?? admin.scope,
      passwordHash: hash ?? admin.passwordHash,
    };
    if (!adminNameSchema.safeParse(changed.name).success) return err({ kind: 'bad-admin-name' });
    const other = this.#store.byName(changed.name);
    if (other !== undefined && other.id !== id) {
      return err({ kind: 'admin-exists', name: changed.name });
    }
    if (changed.scope.kind !== 'system' && this.#isLast(admin)) return err({ kind: 'last-admin' });
    this.#store.replace(changed);
    this.#store.endSessionsOf(id, keepSession);
    return ok(changed);
  }

  /** @returns who it was */
  remove(id: string): Result<StoredAdmin, AccountRefusal> {
    const admin = this.#store.byId(id);
    if (admin === undefined) return err({ kind: 'no-such-admin' });
    if (this.#isLast(admin)) return err({ kind: 'last-admin' });
    this.#store.remove(id);
    return ok(admin);
  }

  #isLast(admin: StoredAdmin): boolean {
    const system = this.#store.all().filter(({ scope }) => scope.kind === 'system');
    return admin.scope.kind === 'system' && system.length === 1;
  }
}
