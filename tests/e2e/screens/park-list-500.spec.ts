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

const ACCOUNTS = { 'many-parked': 1, 'two-accounts-many': 2 } as const;
const ROUNDS = 20;
/** Three frames of a 60 Hz screen, which a clock rounded to 0.1 ms calls 50.1. */
const LIMIT_MS = 50.2;

for (const scene of ['many-parked', 'two-accounts-many'] as const) {
  test(`a park list of 500 calls scrolls and updates without a frame over 50 ms: ${scene}`, async ({
    page,
  }) => {
    await openScene(page, site.url, scene);
    await page.locator('li[data-park-id]').nth(499).waitFor({ state: 'attached' });
    const worst: number[] = [];
    // A slow frame of ours comes in every round; one of a busy machine does not.
    for (let round = 0; round < ROUNDS; round += 1) {
      worst.push(await page.evaluate(scrollAndUpdate, { round, accounts: ACCOUNTS[scene] }));
      if ((worst.at(-1) ?? 0) <= LIMIT_MS) break;
    }
    console.log(`longest frame, ${scene}: ${Math.min(...worst).toFixed(1)} ms`);
    expect(Math.min(...worst)).toBeLessThanOrEqual(LIMIT_MS);
  });
}

test('500 calls of two accounts stand in one order, each under its account, and change each by itself', async ({
  page,
}) => {
  await openScene(page, site.url, 'two-accounts-many');
  const cards = page.locator('li[data-park-id]');
  await cards.nth(499).waitFor({ state: 'attached' });
  await expect(page.getByTestId('park-list').locator('.count')).toHaveText('500');
  const labels = () =>
    cards.evaluateAll((all) => all.map((card) => card.getAttribute('aria-label') ?? ''));
  // By turns, as they were parked.
  const wanted = Array.from({ length: 250 }, (_, n) => [
    `Example Ltd, Office caller ${n + 1}, `,
    `Home office, Home caller ${n + 1}, `,
  ]).flat();
  const before = await labels();
  expect(before.filter((label, n) => !label.startsWith(wanted[n] ?? '?'))).toEqual([]);

  await page.evaluate(() => {
    const { stage } = window;
    stage.partial([{ id: stage.parkId(7), name: 'Office caller 4', waited: 993, note: 'work' }]);
    stage.partialOther([
      { id: stage.parkId(8), name: 'Home caller 4', waited: 992, note: 'home' },
      { id: stage.parkId(500), name: 'Home caller 250', ended: { reason: 'Retrieved by Carol' } },
    ]);
  });
  await expect(page.getByTestId('park-list').locator('.count')).toHaveText('499');
  const after = await labels();
  const changed = after.flatMap((label, n) => (label === before[n] ? [] : [n + 1]));
  expect(changed, 'nothing else').toEqual([7, 8, 500]);
  expect(after[6]).toMatch(/^Example Ltd, Office caller 4, .*work/);
  expect(after[7]).toMatch(/^Home office, Home caller 4, .*home/);
});

/** Runs in the page: scrolls in every frame, updates a call in every fifteenth. Gives the longest frame, ms. */
async function scrollAndUpdate(how: {
  readonly round: number;
  readonly accounts: number;
}): Promise<number> {
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
      const changed = [
        { id: window.stage.parkId(frames), note: `round ${how.round}, frame ${frames}` },
      ];
      // Every other call is the second account's.
      const isOther = how.accounts === 2 && frames % 2 === 0;
      if (frames % 15 === 0 && isOther) window.stage.partialOther(changed);
      else if (frames % 15 === 0) window.stage.partial(changed);
      if (frames < 75) requestAnimationFrame(frame);
      else resolve();
    };
    requestAnimationFrame(frame);
  });
  return longest;
}
