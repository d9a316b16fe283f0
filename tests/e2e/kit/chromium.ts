import { existsSync } from 'node:fs';
import type { LaunchOptions } from '@playwright/test';

const program = process.env['PARKLINE_CHROMIUM'] ?? '/usr/bin/chromium';

/** Debian's Chromium where there is one, else the one that Playwright installs; `PARKLINE_CHROMIUM` is a program that starts it in another way. */
export const installedChromium: Pick<LaunchOptions, 'executablePath'> = existsSync(program)
  ? { executablePath: program }
  : {};
