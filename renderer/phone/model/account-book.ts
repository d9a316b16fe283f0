import { z } from 'zod';
import { accountSchema, type Account } from './account.ts';
import type { Keeper } from './keeper.ts';

const recordSchema = z.object({ last: z.string().nullable(), accounts: z.array(accountSchema) });
type AccountRecord = z.infer<typeof recordSchema>;

const NAME = 'accounts';
/** What is kept of each account beside its password, by the names of those who keep it. */
const KEPT_BY_ACCOUNT = ['settings', 'history', 'contacts'] as const;

/** The accounts that signed in on this machine, and which one was used last. Passwords are kept elsewhere. */
export class AccountBook {
  readonly #keeper: Keeper;

  constructor(keeper: Keeper) {
    this.#keeper = keeper;
  }

  /** In the order in which they were added. */
  get all(): readonly Account[] {
    return this.#record().accounts;
  }

  /** The one that comes up at start. */
  get last(): Account | null {
    const { last, accounts } = this.#record();
    return accounts.find(({ key }) => key === last) ?? null;
  }

  find(key: string): Account | null {
    return this.all.find((account) => account.key === key) ?? null;
  }

  /** Keeps it, in its old place if it was there, and as the one used last. */
  keep(account: Account): void {
    const { accounts } = this.#record();
    const known = accounts.some(({ key }) => key === account.key);
    const next = known
      ? accounts.map((each) => (each.key === account.key ? account : each))
      : [...accounts, account];
    this.#keeper.write(NAME, { last: account.key, accounts: next });
  }

  use(key: string): void {
    this.#keeper.write(NAME, { ...this.#record(), last: key });
  }

  /** Forgets it with everything that was kept under its key. */
  remove(key: string): void {
    const { last, accounts } = this.#record();
    const rest = accounts.filter((account) => account.key !== key);
    this.#keeper.write(NAME, { last: last === key ? null : last, accounts: rest });
    for (const name of KEPT_BY_ACCOUNT) this.#keeper.remove(`${name}:${key}`);
  }

  #record(): AccountRecord {
    return this.#keeper.read(NAME, recordSchema) ?? { last: null, accounts: [] };
  }
}
