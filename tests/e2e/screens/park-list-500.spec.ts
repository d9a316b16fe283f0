import { expect, test } from '@playwright/test';
import { openScene, screenBrowser } from './gallery-page.ts';
import { openGallery, type GallerySite } from './gallery-site.ts';

// Tracing takes pictures of the page and would be measured, too.
test.use({
  launchOptions: screenBrowser,
  viewport: { width: 380, height: 900 },
  trace: 'off',
  screenshot: 'off',
});

let site: GallerySite;
test.beforeAll(async () => {
  site = await openGallery();
});
test.afterAll(() => site.close());

const ROUNDS = 20;
/** Three frames of a 60 Hz screen, which a clock rounded to 0.1 ms calls 50.1. */
const LIMIT_MS = 50.2;

test('a park list of 500 calls scrolls and updates without a frame over 50 ms', async ({
  page,
}) => {
  test.setTimeout(120_000);
  await openScene(page, site.url, 'many-parked');
  await page.locator('li[data-park-id]').nth(499).waitFor({ state: 'attached' });
  const worst: number[] = [];
  // A slow frame of ours comes in every round; one of a busy machine does not.
  for (let round = 0; round < ROUNDS; round += 1) {
    worst.push(await page.evaluate(scrollAndUpdate, round));
    if ((worst.at(-1) ?? 0) <= LIMIT_MS) break;
  }
  console.log(`longest frame with 500 parked calls: ${Math.min(...worst).toFixed(1)} ms`);
  expect(Math.min(...worst)).toBeLessThanOrEqual(LIMIT_MS);
});

/** Runs in the page: scrolls in every frame, updates a call in every fifteenth. Gives the longest frame, ms. */
async function scrollAndUpdate(round: number): Promise<number> {
  const list = document.querySelector('.cards');
  if (list === null) throw new Error('no list');
  list.scrollTop = 0;
  let longest = 0;
  await new Promise<void>((resolve) => {
    let [frames, last] = [0, 0];
    const frame = (now: number) => {
      if (last > 0) longest = Math.max(longest, now - last);
      last = now;
      frames += 1;
      list.scrollTop += 400;
      const note = `round ${round}, frame ${frames}`;
      if (frames % 15 === 0) window.stage.partial([{ id: window.stage.parkId(frames), note }]);
      if (frames < 75) requestAnimationFrame(frame);
      else resolve();
    };
    requestAnimationFrame(frame);
  });
  return longest;
}
