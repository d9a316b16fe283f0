import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { layoutProblems } from './layout-problems.ts';
import {
  gatherComplaints,
  openScene,
  openSmallWindow,
  screenBrowser,
  SMALL_WINDOW_SCENES,
} from './gallery-page.ts';
import { openGallery, type GallerySite } from './gallery-site.ts';
import { SCENES, type SceneName } from './gallery/scenes.ts';

test.use({ launchOptions: screenBrowser, viewport: { width: 360, height: 740 } });
let site: GallerySite;
test.beforeAll(async () => {
  site = await openGallery();
});
test.afterAll(() => site.close());

/** Five hundred cards take their time, and show nothing that a few do not. */
const HUGE: ReadonlySet<SceneName> = new Set(['many-parked', 'two-accounts-many']);
const scenes = (Object.keys(SCENES) as SceneName[]).filter((scene) => !HUGE.has(scene));

test('no screen has an accessibility fault that axe finds', async ({ page }) => {
  const complaints = gatherComplaints(page);
  const faults: string[] = [];
  for (const scene of scenes) {
    await openScene(page, site.url, scene);
    const { violations } = await new AxeBuilder({ page }).analyze();
    faults.push(...violations.map(({ id, nodes }) => `${scene}: ${id} ${nodes[0]?.html ?? ''}`));
  }
  expect(faults).toEqual([]);
  expect(complaints).toEqual([]);
});

test('every screen has contrast enough in the dark, too', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  const faults: string[] = [];
  for (const scene of scenes) {
    await openScene(page, site.url, scene, { theme: 'dark' });
    const { violations } = await new AxeBuilder({ page }).withRules('color-contrast').analyze();
    faults.push(...violations.map(({ id, nodes }) => `${scene}: ${id} ${nodes[0]?.html ?? ''}`));
  }
  expect(faults).toEqual([]);
});

const VIEWS = ['History', 'Contacts', 'Settings'] as const;
test('no view behind a tab has an accessibility fault that axe finds', async ({ page }) => {
  await openScene(page, site.url, 'people');
  const faults: string[] = [];
  for (const view of VIEWS) {
    await page.getByRole('tab', { name: view }).click();
    const { violations } = await new AxeBuilder({ page }).analyze();
    faults.push(...violations.map(({ id, nodes }) => `${view}: ${id} ${nodes[0]?.html ?? ''}`));
  }
  expect(faults).toEqual([]);
});

for (const [language, textPercent] of [
  ['de', 100],
  ['ar', 100],
  ['en-XA', 200],
] as const) {
  test(`contacts and history fit a page 360 px wide: ${language}, text at ${textPercent} %`, async ({
    page,
  }) => {
    await openScene(page, site.url, 'people', { language, textPercent });
    const faults: string[] = [];
    for (const view of [1, 2]) {
      await page.getByRole('tab').nth(view).click();
      faults.push(...(await page.evaluate(layoutProblems)));
    }
    expect(faults).toEqual([]);
  });
}

test('the form of a contact and its files have no accessibility fault that axe finds', async ({
  page,
}) => {
  await openScene(page, site.url, 'people');
  await page.getByRole('tab', { name: 'Contacts' }).click();
  const faults: string[] = [];
  for (const opener of ['Add contact', 'Import and export contacts']) {
    await page.getByRole('button', { name: opener, exact: true }).click();
    await page.getByRole('dialog').waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    faults.push(...violations.map(({ id, nodes }) => `${opener}: ${id} ${nodes[0]?.html ?? ''}`));
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  expect(faults).toEqual([]);
});

test('no dialog has an accessibility fault that axe finds', async ({ page }) => {
  await openScene(page, site.url, 'talking');
  const faults: string[] = [];
  for (const opener of ['More ways to park', 'Transfer', 'Keys and codes']) {
    await page.getByRole('button', { name: opener, exact: true }).click();
    await page.getByRole('dialog').waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    faults.push(...violations.map(({ id, nodes }) => `${opener}: ${id} ${nodes[0]?.html ?? ''}`));
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  expect(faults).toEqual([]);
});

for (const [language, textPercent, theme] of [
  ['en', 100, 'light'],
  ['ar', 100, 'dark'],
  ['en-XA', 200, 'light'],
] as const) {
  test(`a call that comes in below an open sheet has no fault, and fits: ${language}, text at ${textPercent} %`, async ({
    page,
  }) => {
    await openScene(page, site.url, 'talking', { language, textPercent, theme });
    await page.locator('.tiles button').last().click();
    await page.getByRole('dialog').waitFor();
    await page.evaluate(() => window.stage.ring({ name: 'Dora Dorn', number: '+49301234567' }));
    const answer = page.getByTestId('calls-below-sheet').getByRole('button').last();
    await answer.scrollIntoViewIfNeeded();
    await expect(answer).toBeInViewport({ ratio: 1 });
    const field = page.getByRole('dialog').getByRole('textbox');
    await expect(field).toBeInViewport();
    await expect(field).toBeFocused();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html ?? ''}`)).toEqual([]);
    // Nobody sees the button with which screen readers close a sheet.
    const problems = await page.evaluate(layoutProblems);
    expect(problems.filter((each) => each !== 'small target: BUTTON ""')).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('call-panel').locator('.incoming')).toBeInViewport();
  });
}

test('a colleague on do-not-disturb or signed out is shown before a call is parked there', async ({
  page,
}) => {
  await openScene(page, site.url, 'talking');
  await page.getByRole('button', { name: 'More ways to park' }).click();
  const colleague = (name: RegExp) => page.getByRole('option', { name });
  await expect(colleague(/^Übermütig/)).toContainText('Do not disturb');
  await expect(colleague(/^Übermütig/).locator('.lamp')).toHaveCSS('background-image', /gradient/);
  await expect(colleague(/^Carol/)).toContainText('Signed out · Call parked');
});

const languages = ['en', 'de', 'ar', 'en-XA'] as const;
for (const language of languages) {
  for (const textPercent of [100, 200]) {
    test(`every screen fits a page 360 px wide: ${language}, text at ${textPercent} %`, async ({
      page,
    }) => {
      const faults: string[] = [];
      for (const scene of scenes) {
        await openScene(page, site.url, scene, { language, textPercent });
        const problems = await page.evaluate(layoutProblems);
        faults.push(...problems.map((problem) => `${scene}: ${problem}`));
      }
      expect(faults).toEqual([]);
    });
  }
}

for (const [language, textPercent] of [
  ['en', 100],
  ['de', 100],
  ['ar', 200],
  ['en-XA', 200],
] as const) {
  test(`the small window has no fault that axe finds, and fits: ${language}, text at ${textPercent} %`, async ({
    page,
  }) => {
    await page.setViewportSize({ width: 340, height: 400 });
    const faults: string[] = [];
    for (const scene of SMALL_WINDOW_SCENES) {
      const theme = textPercent === 100 ? 'light' : 'dark';
      await openSmallWindow(page, site.url, scene, { language, textPercent, theme });
      // It is no document with a heading, but lines that come and go.
      const axe = new AxeBuilder({ page }).disableRules('page-has-heading-one');
      const { violations } = await axe.analyze();
      faults.push(...violations.map(({ id, nodes }) => `${scene}: ${id} ${nodes[0]?.html ?? ''}`));
      const problems = await page.evaluate(layoutProblems);
      // Names of any length are cut after three lines, with an ellipsis.
      const wrong = problems.filter(
        (problem) => !problem.startsWith('cut:') || scene !== 'several',
      );
      faults.push(...wrong.map((problem) => `${scene}: ${problem}`));
    }
    expect(faults).toEqual([]);
  });
}

test('a file that signs nobody in is said to be none', async ({ page }) => {
  await openScene(page, site.url, 'sign-in');
  const file = (text: string) => ({
    name: 'office.parkline',
    mimeType: 'application/json',
    buffer: Buffer.from(text),
  });
  await page.locator('input[type="file"]').setInputFiles(file('{"holiday": "pictures"}'));
  await expect(page.getByRole('alert')).toHaveText('That is not a sign-in file.');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});

test('with forced colours what is chosen, on or measured still differs from what is not', async ({
  page,
}) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await openScene(page, site.url, 'desktop-settings');
  const colour = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => getComputedStyle(element).backgroundColor);
  const on = await colour('.on-off[data-selected] .on-off-track');
  expect(on).not.toBe(await colour('.on-off:not([data-selected]) .on-off-track'));
  expect(await colour('.tab[data-selected]')).not.toBe(await colour('.tab:not([data-selected])'));
  expect(await colour('.volume-fill')).toBe(on);
});

test('in the desktop window nothing is cut: the page never scrolls, the tabs and the dial pad are whole', async ({
  page,
}) => {
  // 400 × 720 with the window's frame.
  await page.setViewportSize({ width: 400, height: 690 });
  const faults: string[] = [];
  for (const scene of scenes) {
    await openScene(page, site.url, scene);
    const problem = await page.evaluate(() => {
      const { scrollHeight, clientHeight } = document.documentElement;
      if (document.querySelector('.shell') === null) return null;
      if (scrollHeight > clientHeight) return `page of ${scrollHeight} px in ${clientHeight}`;
      const tabs = document.querySelector('.tab-bar')?.getBoundingClientRect();
      return tabs === undefined || tabs.bottom > clientHeight ? 'tab bar cut' : null;
    });
    if (problem !== null) faults.push(`${scene}: ${problem}`);
  }
  expect(faults).toEqual([]);
  await openScene(page, site.url, 'idle');
  const call = await page.getByRole('button', { name: 'Call', exact: true }).boundingBox();
  const tabs = await page.getByRole('tablist').boundingBox();
  expect((call?.y ?? 999) + (call?.height ?? 0)).toBeLessThanOrEqual(tabs?.y ?? 0);
});

test('a layout check sees sideways scrolling, cut text and small targets when they are there', async ({
  page,
}) => {
  await openScene(page, site.url, 'parked');
  await page.evaluate(() => {
    const wide = document.createElement('div');
    wide.style.inlineSize = '500px';
    wide.textContent = 'wide';
    const cut = document.createElement('p');
    cut.style.cssText = 'overflow: hidden; inline-size: 20px; white-space: nowrap';
    cut.textContent = 'This is cut';
    const small = document.createElement('button');
    small.style.cssText = 'inline-size: 10px; block-size: 10px; padding: 0; min-block-size: 0';
    document.body.append(wide, cut, small);
  });
  const problems = (await page.evaluate(layoutProblems)).join('\n');
  expect(problems).toContain('sideways');
  expect(problems).toContain('cut: This is cut');
  expect(problems).toContain('small target');
});

test('text from the network is text: no markup of a name or note becomes an element', async ({
  page,
}) => {
  await openScene(page, site.url, 'parked-states');
  await expect(page.getByText('<b>not bold</b>')).toBeVisible();
  await expect(page.locator('.card img, .card b')).toHaveCount(0);
});
