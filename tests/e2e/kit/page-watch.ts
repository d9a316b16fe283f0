import type { Page } from '@playwright/test';

/** What Chromium itself logs of servers that do not answer as they should; it is theirs, not the page's. */
const OF_THE_NETWORK = /^(?:WebSocket connection to|Failed to load resource|Access to fetch at)/;

/** Complaints that are the page's own. */
export const ownComplaints = (complaints: readonly string[]): readonly string[] =>
  complaints.filter((complaint) => !OF_THE_NETWORK.test(complaint));

interface DrawnWindow {
  parklineDrawn?: Promise<number>;
}

/** Presses a key and waits until the page has drawn what came of it. @returns how long that took, ms */
export async function pressAndSee(page: Page, key: string): Promise<number> {
  // Keys take another way into the page than this does: it must listen before one is pressed.
  await page.evaluate(() => {
    (window as DrawnWindow).parklineDrawn = new Promise((resolve) => {
      const listen = (event: KeyboardEvent) => {
        document.removeEventListener('keydown', listen, true);
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - event.timeStamp)));
      };
      document.addEventListener('keydown', listen, true);
    });
  });
  await page.keyboard.press(key);
  return page.evaluate(() => (window as DrawnWindow).parklineDrawn ?? Number.NaN);
}
