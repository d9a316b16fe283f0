import { z } from 'zod';
import { freeColour } from '../../../shared/phone/account-mark.ts';
import { accountSchema, type Account } from './account.ts';
import type { Keeper } from './keeper.ts';

const recordSchema = z.object({ last: z.string().nullable(), accounts: z.array(accountSchema) });
type AccountRecord = z.infer<typeof recordSchema>;

const NAME = 'accounts';
/** What is kept of each account beside its password, by the names of those who keep it. */
const KEPT_BY_ACCOUNT = ['settings', 'history', 'contacts'] as const;

/** What a user may change of a known account without signing in anew. */
export type AccountEdit = Partial<Pick<Account, 'label' | 'colour'>>;

/**
 * The accounts of this machine, which of them are in use, and which one dials unless another is chosen. Passwords are kept
 * elsewhere.
 */
export class AccountBook {
  readonly #keeper: Keeper;

  constructor(keeper: Keeper) {
    this.#keeper = keeper;
  }

  /** In the order in which they were added. */
  get all(): readonly Account[] {
    return this.#record().accounts;
  }

  /** The one that dials; it is in use if any is. */
  get first(): Account | null {
    const { last, accounts } = this.#record();
    return accounts.find(({ key }) => key === last) ?? null;
  }

  /** Those that come up at start, the one that dials before the others. */
  get inUse(): readonly Account[] {
    const { last, accounts } = this.#record();
    const used = accounts.filter((account) => isUsed(account, last));
    return [...used.filter(({ key }) => key === last), ...used.filter(({ key }) => key !== last)];
  }

  find(key: string): Account | null {
    return this.all.find((account) => account.key === key) ?? null;
  }

  /** Keeps it, in its old place and by its old name if it was there, and in use. The first one dials. */
  keep(account: Account): void {
    const record = this.#record();
    const known = record.accounts.find(({ key }) => key === account.key);
    const kept: Account = {
      ...account,
      label: known?.label ?? account.label,
      colour: known?.colour ?? freeColour(record.accounts),
      used: true,
    };
    const accounts =
      known === undefined
        ? [...record.accounts, kept]
        : record.accounts.map((each) => (each.key === account.key ? kept : each));
    const first = record.accounts.find(({ key }) => key === record.last);
    const dials = first !== undefined && isUsed(first, record.last) ? record.last : account.key;
    this.#write({ last: dials, accounts: written({ ...record, accounts }) });
  }

  /** Dials from this one from now on. */
  dialFrom(key: string): void {
    const record = this.#record();
    this.#write({ last: key, accounts: written(record) });
  }

  /** Whether it comes up at start. When the one that dials leaves, another one in use dials. */
  use(key: string, used: boolean): void {
    const record = this.#record();
    const accounts = written(record).map((each) => (each.key === key ? { ...each, used } : each));
    const stays = accounts.find((each) => each.key === record.last)?.used === true;
    const next = accounts.find((each) => each.used === true)?.key ?? record.last;
    this.#write({ last: stays ? record.last : next, accounts });
  }

  edit(key: string, edit: AccountEdit): void {
    const record = this.#record();
    const accounts = record.accounts.map((each) =>
      each.key === key ? { ...each, ...edit } : each,
    );
    this.#write({ ...record, accounts });
  }

  /** Forgets it with everything that was kept under its key. */
  remove(key: string): void {
    this.use(key, false);
    const { last, accounts } = this.#record();
    const rest = accounts.filter((account) => account.key !== key);
    this.#write({ last: last === key ? null : last, accounts: rest });
    for (const name of KEPT_BY_ACCOUNT) this.#keeper.remove(`${name}:${key}`);
  }

  #record(): AccountRecord {
    return this.#keeper.read(NAME, recordSchema) ?? { last: null, accounts: [] };
  }

  #write(record: AccountRecord): void {
    this.#keeper.write(NAME, record);
  }
}

/** Records of a time when one account was in use, the one used last, say nothing about it. */
const isUsed = ({ key, used }: Account, last: string | null): boolean => used ?? key === last;

/** The same accounts, each saying whether it is in use. */
const written = ({ last, accounts }: AccountRecord): Account[] =>
  accounts.map((account) => ({ ...account, used: isUsed(account, last) }));
