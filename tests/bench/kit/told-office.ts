import type { Page } from '@playwright/test';
import { FAR_APART, ListTraffic } from './list-traffic.ts';
import type { StageWindow, ToldList } from './frame-watch.ts';

/** The lists of all accounts of one phone, in the gallery's page. */
export class ToldOffice {
  readonly #accounts: readonly {
    readonly account: ToldList['account'];
    readonly traffic: ListTraffic;
  }[];

  private constructor(rows: number, accounts: readonly ToldList['account'][]) {
    this.#accounts = accounts.map((account, n) => ({
      account,
      traffic: new ListTraffic(rows / accounts.length, n * FAR_APART),
    }));
  }

  /** Signed in, with empty lists that are known. */
  static async open(page: Page, how: { url: string; rows: number; accounts: 1 | 2 }) {
    await page.goto(`${how.url}?scene=idle`);
    await page.getByTestId('park-list').waitFor();
    if (how.accounts === 2)
      await page.evaluate(() => {
        (window as unknown as StageWindow).stage.addAccount([]);
      });
    const office = new ToldOffice(how.rows, how.accounts === 1 ? ['first'] : ['first', 'second']);
    // Empty lists have been told already: the versions go on from there.
    office.full();
    return office;
  }

  /** The whole lists as they are now. */
  full(): readonly ToldList[] {
    return this.#accounts.map(({ account, traffic }) => ({ account, body: traffic.full() }));
  }

  /** The next changes, by turns one of each account, of which one will be told every `everyMs` from now on. */
  take(count: number, everyMs: number): readonly ToldList[] {
    const each = this.#accounts.map(({ account, traffic }) => ({
      account,
      bodies: traffic.take(count / this.#accounts.length, everyMs * this.#accounts.length),
    }));
    return Array.from({ length: count }, (_, n) => {
      const { account, bodies } = each[n % each.length] ?? { account: 'first', bodies: [] };
      return { account, body: bodies[Math.floor(n / each.length)] ?? '' };
    });
  }
}
