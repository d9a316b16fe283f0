import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

/** Debian's Chromium where there is one; else the one that Playwright installs. */
const systemChromium = '/usr/bin/chromium';
const executablePath = existsSync(systemChromium) ? { executablePath: systemChromium } : {};

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: process.env['PARKLINE_E2E_OUTPUT'] ?? 'test-results/e2e',
  // One at a time: sound is real time, and two cores are all there is.
  workers: 1,
  // Sound and desktops are real time, on a machine that others share. Who needs the second try is named at the end, with the reason.
  retries: process.env['CI'] === 'true' ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env['CI'] === 'true',
  reporter: [
    ['list'],
    ['json', { outputFile: process.env['PARKLINE_E2E_REPORT'] ?? 'test-results/reports/e2e.json' }],
  ],
  use: {
    // Pages that a test intercepts must come from where it intercepts them; one test is about the worker.
    serviceWorkers: 'block',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...executablePath,
      chromiumSandbox: true,
      args: [
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        '--autoplay-policy=no-user-gesture-required',
      ],
    },
  },
  projects: [
    { name: 'screens', testDir: 'tests/e2e/screens' },
    { name: 'browser', testDir: 'tests/e2e/browser' },
    { name: 'portal', testDir: 'tests/e2e/portal' },
    { name: 'desktop', testDir: 'tests/e2e/desktop' },
    { name: 'scenarios', testDir: 'tests/e2e/scenarios' },
  ],
});
