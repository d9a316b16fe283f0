/**
 * Draws the PNG files of this folder from `renderer/theme/icon.svg`: run by hand after a change, with a Chromium at hand.
 * `node build/icons/render.ts [/path/to/chromium]`
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { chromium } from '@playwright/test';
import type { Page } from '@playwright/test';
import { inProject } from '../project-root.ts';

const SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
const TRAY_SIZE = 32;
/** What the tray's icon can say: nothing parked, one to nine, more, or that the list is not known. */
const TRAY_MARKS = ['', '1', '2', '3', '4', '5', '6', '7', '8', '9', '9+', '?'];

const trayName = (mark: string): string =>
  ({ '': 'none', '9+': 'many', '?': 'unknown' })[mark] ?? mark;

function trayPicture(icon: string, mark: string): string {
  if (mark === '') return icon;
  const fill = mark === '?' ? '#6b7280' : '#d92d20';
  const badge = `<rect x="25" y="25" width="39" height="39" rx="15" fill="${fill}"/>
    <text x="44.5" y="56" text-anchor="middle" font-family="Noto Sans, sans-serif" font-weight="700"
      font-size="${mark.length > 1 ? 24 : 33}" fill="#ffffff">${mark}</text>`;
  return icon.replace('</svg>', `${badge}</svg>`);
}

async function draw(page: Page, svg: string, size: number): Promise<Buffer> {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`,
  );
  return page.screenshot({ omitBackground: true });
}

const executablePath = process.argv[2] ?? '/usr/bin/chromium';
const browser = await chromium.launch({
  executablePath,
  chromiumSandbox: process.getuid?.() !== 0,
});
const page = await browser.newPage();
const icon = await readFile(inProject('renderer', 'theme', 'icon.svg'), 'utf8');
await mkdir(inProject('build', 'icons', 'png'), { recursive: true });
await mkdir(inProject('build', 'icons', 'tray'), { recursive: true });
for (const size of SIZES) {
  await writeFile(
    inProject('build', 'icons', 'png', `${size}x${size}.png`),
    await draw(page, icon, size),
  );
}
await writeFile(inProject('build', 'icons', 'icon.png'), await draw(page, icon, 1024));
for (const mark of TRAY_MARKS) {
  for (const [scale, suffix] of [
    [1, ''],
    [2, '@2x'],
  ] as const) {
    const picture = await draw(page, trayPicture(icon, mark), TRAY_SIZE * scale);
    await writeFile(inProject('build', 'icons', 'tray', `${trayName(mark)}${suffix}.png`), picture);
  }
}
await browser.close();
