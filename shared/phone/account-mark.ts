/** How an account is told apart from the others, always in words; the colour is an addition. */
export interface AccountMark {
  readonly text: string;
  /** One of `ACCOUNT_COLOURS`, 1 to 6. */
  readonly colour: AccountColour;
}

export const ACCOUNT_COLOURS = [1, 2, 3, 4, 5, 6] as const;
export type AccountColour = (typeof ACCOUNT_COLOURS)[number];

/** The longest name that a user may give an account, in characters. */
export const LONGEST_LABEL = 40;

/** What of an account its mark is made of. */
export interface MarkedAccount {
  readonly key: string;
  readonly extension: string;
  readonly domain: string;
  /** The server's name for people; `''` when it has none. */
  readonly serverName: string;
  /** What the user calls it; absent or `''`: what its server is called. */
  readonly label?: string | undefined;
  readonly colour?: AccountColour | undefined;
}

/**
 * The marks of these accounts, by key. No two read alike: where names are the same the extension is added, and where that does not
 * help the whole address stands.
 */
export function accountMarks(accounts: readonly MarkedAccount[]): ReadonlyMap<string, AccountMark> {
  const plain = accounts.map(plainName);
  const longer = accounts.map((account) => `${plainName(account)} · ${account.extension}`);
  return new Map(
    accounts.map((account, index) => {
      const { key, colour = ACCOUNT_COLOURS[index % ACCOUNT_COLOURS.length] ?? 1 } = account;
      const choices = [plain, longer].map((names) => ({ names, name: names[index] ?? key }));
      const text = choices.find(({ names, name }) => isOnly(names, name))?.name ?? key;
      return [key, { text, colour }];
    }),
  );
}

/** The first colour that none of these has; the least used one when all are taken. */
export function freeColour(accounts: readonly Pick<MarkedAccount, 'colour'>[]): AccountColour {
  const uses = (colour: AccountColour) =>
    accounts.filter((account) => account.colour === colour).length;
  return ACCOUNT_COLOURS.reduce((best, colour) => (uses(colour) < uses(best) ? colour : best));
}

function plainName({ label = '', serverName, domain }: MarkedAccount): string {
  return label.trim() || serverName.trim() || domain;
}

const isOnly = (names: readonly string[], name: string): boolean =>
  names.filter((each) => each.toLocaleLowerCase() === name.toLocaleLowerCase()).length === 1;
