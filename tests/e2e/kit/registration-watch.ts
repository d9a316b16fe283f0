import { expect, type Page } from '@playwright/test';

/** Nobody waits longer for a phone that comes back; later than this is late. */
const GIVE_UP_MS = 20_000;

interface WatchedWindow {
  parklineRegisteredAt?: number;
}

/** Notes when the phone of a page is registered anew, by the page's own clock, so that no time is lost in asking. */
export class RegistrationWatch {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  static async on(page: Page): Promise<RegistrationWatch> {
    await page.evaluate(() => {
      const state = () =>
        document.querySelector('[data-testid="line-state"]')?.getAttribute('data-line');
      let was = state();
      new MutationObserver(() => {
        const is = state();
        if (is === 'registered' && was !== is)
          (window as WatchedWindow).parklineRegisteredAt = Date.now();
        was = is;
      }).observe(document.body, {
        attributes: true,
        subtree: true,
        attributeFilter: ['data-line'],
      });
    });
    return new RegistrationWatch(page);
  }

  /** When the phone was last registered anew, ms since 1970; 0: not since the watch began. */
  last(): Promise<number> {
    return this.#page.evaluate(() => (window as WatchedWindow).parklineRegisteredAt ?? 0);
  }

  /** Waits for a registration after the one at `before`. @returns when it was, ms since 1970 */
  async after(before: number): Promise<number> {
    await expect
      .poll(() => this.last(), {
        message: 'registered again',
        timeout: GIVE_UP_MS,
        intervals: [100],
      })
      .toBeGreaterThan(before);
    return this.last();
  }
}
