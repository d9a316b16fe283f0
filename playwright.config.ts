import { defineConfig } from '@playwright/test';
import { installedChromium } from './tests/e2e/kit/chromium.ts';

/** For tests of dozens of screens each, which get what the others leave of the processor (build/tiers/e2e-tier.ts). */
const LEFT_OVER_MS = 240_000;

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
      ...installedChromium,
      chromiumSandbox: true,
      args: [
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        '--autoplay-policy=no-user-gesture-required',
      ],
    },
  },
  projects: [
    { name: 'screens', testDir: 'tests/e2e/screens', timeout: LEFT_OVER_MS },
    { name: 'browser', testDir: 'tests/e2e/browser' },
    { name: 'portal', testDir: 'tests/e2e/portal', timeout: LEFT_OVER_MS },
    { name: 'desktop', testDir: 'tests/e2e/desktop' },
    { name: 'scenarios', testDir: 'tests/e2e/scenarios' },
  ],
});
