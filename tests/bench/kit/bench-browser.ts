import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';
import type { Browser } from '@playwright/test';

const DEBIAN_CHROMIUM = '/usr/bin/chromium';

/** Debian's Chromium where there is one, else the one that Playwright installs. */
const executable = (): string | undefined =>
  existsSync(DEBIAN_CHROMIUM) ? DEBIAN_CHROMIUM : undefined;

/** Why nothing can be measured in a browser here; `null` when it can. */
export function browserUnavailable(): string | null {
  const there = executable() !== undefined || existsSync(chromium.executablePath());
  return there ? null : 'no Chromium: "npx playwright install chromium" fetches one';
}

/** A browser without a window. */
export function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  const executablePath = executable();
  return chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    chromiumSandbox: process.getuid?.() !== 0,
    args: [...args],
  });
}
