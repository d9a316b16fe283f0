/**
 * Pictures of every screen, to look through: `node tests/e2e/screens/picture-book.ts FOLDER [WORD …]`; with words, of the screens
 * whose names contain one of them.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import type { Page } from '@playwright/test';
import { SCENES, type SceneName } from './gallery/scenes.ts';
import {
  openScene,
  openSmallWindow,
  screenBrowser,
  SMALL_WINDOW_SCENES,
  type SceneOptions,
} from './gallery-page.ts';
import { openGallery } from './gallery-site.ts';

interface Edition {
  readonly name: string;
  readonly options: SceneOptions;
  readonly forcedColors?: 'active';
}

const EDITIONS: readonly Edition[] = [
  { name: 'light', options: {} },
  { name: 'dark', options: { theme: 'dark' } },
  { name: 'forced-colours', options: {}, forcedColors: 'active' },
  { name: 'de', options: { language: 'de' } },
  { name: 'ar', options: { language: 'ar' } },
  { name: 'ar-dark-200', options: { language: 'ar', theme: 'dark', textPercent: 200 } },
  { name: 'pseudo', options: { language: 'en-XA' } },
  { name: 'large', options: { textPercent: 200 } },
];

/** What scrolls inside the page stands whole on the picture. */
async function unroll(page: Page): Promise<void> {
  await page.addStyleTag({
    content: '.shell, .main-scroll { block-size: auto !important; overflow: visible !important; }',
  });
}

async function draw(folder: string, words: readonly string[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const site = await openGallery();
  const browser = await chromium.launch(screenBrowser);
  const wanted = (name: string): boolean =>
    words.length === 0 || words.some((word) => name.includes(word));
  const scenes = (Object.keys(SCENES) as SceneName[]).filter(
    (scene) => scene !== 'many-parked' && wanted(scene),
  );
  for (const { name, options, forcedColors = 'none' } of EDITIONS) {
    const context = await browser.newContext({
      viewport: { width: 400, height: 720 },
      colorScheme: options.theme ?? 'light',
      forcedColors,
      bypassCSP: true,
    });
    for (const scene of scenes) {
      const page = await context.newPage();
      await openScene(page, site.url, scene, options);
      await unroll(page);
      await page.screenshot({ path: join(folder, `${scene}.${name}.png`), fullPage: true });
      await page.close();
    }
    for (const alerts of SMALL_WINDOW_SCENES.filter((each) => wanted(`small-window-${each}`))) {
      const page = await context.newPage();
      await page.setViewportSize({ width: 340, height: 120 });
      await openSmallWindow(page, site.url, alerts, options);
      const path = join(folder, `small-window-${alerts}.${name}.png`);
      await page.screenshot({ path, fullPage: true });
      await page.close();
    }
    await context.close();
  }
  await browser.close();
  await site.close();
}

const [folder, ...words] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: picture-book.ts FOLDER [WORD …]');
  process.exitCode = 2;
} else {
  await draw(folder, words);
}
