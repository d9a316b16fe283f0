import type { LaunchOptions, Page } from '@playwright/test';
import { installedChromium } from '../kit/chromium.ts';
import type { Stagehand } from './gallery/stagehand.ts';
import { SCENE_VIEWS, type SceneName } from './gallery/scenes.ts';

/** A browser for screens: no real microphone, and sound allowed. */
export const screenBrowser: LaunchOptions = {
  ...installedChromium,
  // Root has no sandbox.
  chromiumSandbox: process.getuid?.() !== 0,
  args: [
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    '--autoplay-policy=no-user-gesture-required',
  ],
};

declare global {
  interface Window {
    stage: Stagehand;
  }
}

export interface SceneOptions {
  readonly language?: string;
  readonly theme?: 'light' | 'dark';
  readonly textPercent?: number;
  readonly ask?: 'yes';
}

/** A scene of the desktop app shows what only that has. */
const onDesktop = (scene: SceneName): boolean => String(scene).startsWith('desktop-');

/** Opens one scene of the gallery and waits until it stands. */
export async function openScene(
  page: Page,
  at: string,
  scene: SceneName,
  options: SceneOptions = {},
): Promise<void> {
  const query = new URLSearchParams({ scene });
  const { language, theme, ask, textPercent = 100 } = options;
  if (language !== undefined) query.set('language', language);
  if (theme !== undefined) query.set('theme', theme);
  if (ask !== undefined) query.set('ask', ask);
  if (onDesktop(scene)) query.set('desktop', 'yes');
  if (language !== undefined) {
    // Before anybody has signed in, the language is the browser's.
    await page.addInitScript((wanted) => {
      Object.defineProperty(navigator, 'languages', { get: () => [wanted] });
    }, language);
  }
  await page.goto(`${at}?${query.toString()}`);
  await page.locator('.shell, .sign-in').waitFor();
  if (language !== undefined) {
    const lang = { de: 'de-DE', ar: 'ar-AE' }[language] ?? 'en-US';
    await page.locator(`html[lang="${lang}"]`).waitFor({ state: 'attached' });
  }
  const view = SCENE_VIEWS[scene];
  if (view !== undefined) await page.getByRole('tab').nth(view).click();
  await enlarge(page, textPercent);
}

/** Opens one state of the small window and waits until it stands. */
export async function openSmallWindow(
  page: Page,
  at: string,
  alerts: SmallWindowScene,
  { language = 'en', theme = 'light', textPercent = 100 }: SceneOptions = {},
): Promise<void> {
  const query = new URLSearchParams({ alerts, language, theme });
  await page.goto(`${at}small-window.html?${query.toString()}`);
  await page.locator('.alert').first().waitFor();
  await enlarge(page, textPercent);
}

export const SMALL_WINDOW_SCENES = ['incoming', 'recall', 'parked', 'several'] as const;
export type SmallWindowScene = (typeof SMALL_WINDOW_SCENES)[number];

async function enlarge(page: Page, percent: number): Promise<void> {
  if (percent === 100) return;
  await page.evaluate((to) => {
    document.documentElement.style.fontSize = `${to}%`;
  }, percent);
}

/** Console errors, policy violations and uncaught errors of a page, gathered as they come. */
export function gatherComplaints(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return complaints;
}
