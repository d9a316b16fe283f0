import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';

interface WatchedWindow {
  parklinePointers?: string[];
}

/** Somebody who has no mouse. */
export class KeyboardUser {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Notes every use of a pointer from now on. */
  async watchPointers(): Promise<void> {
    await this.#page.evaluate(() => {
      const seen: string[] = [];
      (window as WatchedWindow).parklinePointers = seen;
      for (const kind of ['pointerdown', 'mousedown', 'touchstart']) {
        window.addEventListener(kind, ({ type }) => seen.push(type), { capture: true });
      }
    });
  }

  async usedNoPointer(): Promise<void> {
    const seen = await this.#page.evaluate(() => (window as WatchedWindow).parklinePointers);
    expect(seen).toEqual([]);
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.#page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    await this.#page.keyboard.type(text);
  }

  /** Tabs on until the focus is on what is named so. @param within so many presses at most */
  async tabTo(name: string | RegExp, within = 40): Promise<void> {
    const passed: string[] = [];
    for (let step = 0; step < within; step += 1) {
      const here = await this.focusedName();
      if (typeof name === 'string' ? here === name : name.test(here)) return;
      passed.push(here);
      await this.press('Tab');
    }
    throw new Error(`no way to "${String(name)}" by Tab; passed ${passed.join(' | ')}`);
  }

  /** What a screen reader would call the focused element; empty when the focus is nowhere. */
  focusedName(): Promise<string> {
    return this.#page.evaluate(() => {
      const nameBy = (ids: string): string =>
        ids
          .split(/\s+/)
          .map((id) => document.getElementById(id)?.textContent ?? '')
          .join(' ');
      const element = document.activeElement;
      if (element === null || element === document.body) return '';
      const labelled = element.getAttribute('aria-labelledby');
      const label =
        element.getAttribute('aria-label') ??
        (labelled === null ? null : nameBy(labelled)) ??
        (element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : null) ??
        element.textContent;
      return (label ?? '').trim();
    });
  }
}
