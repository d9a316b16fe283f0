import type { Page } from '@playwright/test';
import type { DesktopBridge, DesktopEvent } from '../../../shared/bridge/contract.ts';
import type { PhoneSnapshot } from '../../../shared/bridge/snapshot.ts';

/** The page's window as the preload script leaves it, and the events a test has seen. */
export interface BridgeWindow {
  readonly parkline: DesktopBridge;
  seenByTest: DesktopEvent[];
}

/** Gives main a snapshot as the phone would. */
export const publish = (page: Page, snapshot: PhoneSnapshot): Promise<void> =>
  page.evaluate((value) => (window as unknown as BridgeWindow).parkline.publish(value), snapshot);

/** Starts collecting what main tells the page; the returned function gives what has come so far. */
export async function eventsOf(page: Page): Promise<() => Promise<readonly DesktopEvent[]>> {
  await page.evaluate(() => {
    const target = window as unknown as BridgeWindow;
    target.seenByTest = [];
    target.parkline.onEvent((event) => target.seenByTest.push(event));
  });
  return () => page.evaluate(() => (window as unknown as BridgeWindow).seenByTest);
}
