import { expect, test, type Page } from '@playwright/test';
import { gatherComplaints, openScene, screenBrowser } from './gallery-page.ts';
import { openGallery, type GallerySite } from './gallery-site.ts';

test.use({ launchOptions: screenBrowser, viewport: { width: 380, height: 900 } });

let site: GallerySite;
test.beforeAll(async () => {
  site = await openGallery();
});
test.afterAll(() => site.close());

/** What the phone was told to dial, by park-id. */
const retrieved = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    window.stage.performed.flatMap((effect) =>
      effect.kind === 'dial' ? [effect.target.replace(/^.*park-id=/, '')] : [],
    ),
  );

const parkId = (page: Page, n: number) => page.evaluate((at) => window.stage.parkId(at), n);
const card = (page: Page, id: string) => page.locator(`li[data-park-id="${id}"]`);
const retrieveButton = (page: Page, id: string) => page.locator(`[data-retrieve="${id}"]`);

/** Everything that is given to a screen reader from now on. */
async function listen(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.evaluate(() => {
    const region = document.querySelector('[data-testid="announcer"]');
    if (region === null) throw new Error('no live region');
    const heard: string[] = [];
    Object.assign(window, { heard });
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) {
        for (const node of addedNodes) heard.push(node.textContent ?? '');
      }
    }).observe(region, { childList: true });
  });
  return () => page.evaluate(() => (window as unknown as { heard: string[] }).heard);
}

test('card 1 ends between pointer-down and click, 200 times: never another caller', async ({
  page,
}) => {
  await openScene(page, site.url, 'idle');
  const outcome = await page.evaluate(async () => {
    const { stage } = window;
    const wrong: string[] = [];
    let taken = 0;
    const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let round = 0; round < 200; round += 1) {
      const [first, second] = [stage.parkId(round * 2 + 1), stage.parkId(round * 2 + 2)];
      stage.subscribe();
      stage.full([
        { id: first, name: 'First', waited: 20 },
        { id: second, name: 'Second', waited: 10 },
      ]);
      await nextFrame();
      const button = document.querySelector(`[data-retrieve="${first}"]`);
      if (button === null) throw new Error('no button to press');
      button.scrollIntoView();
      const box = button.getBoundingClientRect();
      const at = { clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 };
      const press = { bubbles: true, cancelable: true, pointerId: 1, button: 0, ...at };
      button.dispatchEvent(new PointerEvent('pointerdown', press));
      stage.forget();
      // In turn: it ends, it vanishes from the list, or the first just goes on waiting.
      const kind = round % 3;
      if (kind === 0) stage.partial([{ id: first, ended: { reason: 'Retrieved by Carol' } }]);
      if (kind === 1) stage.full([{ id: second, name: 'Second', waited: 10 }]);
      await nextFrame();
      // The worst that a moving list can do: the next caller's button is under the pointer now.
      const next = document.querySelector(`[data-retrieve="${second}"]`);
      const under = kind === 2 ? document.elementFromPoint(at.clientX, at.clientY) : next;
      if (under === null) throw new Error('nothing under the pointer');
      under.dispatchEvent(new PointerEvent('pointerup', press));
      under.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1, ...at }));
      for (const effect of stage.performed) {
        if (effect.kind !== 'dial') continue;
        taken += 1;
        if (!effect.target.includes(first)) wrong.push(effect.target);
        const call = effect.call;
        const final = { status: 410, phrase: 'Gone', reasonText: null };
        stage.say({ kind: 'call', input: { kind: 'refused', call, final } });
      }
      stage.full([]);
    }
    return { wrong, taken };
  });
  expect(outcome.wrong).toEqual([]);
  // The negative control: presses on calls that went on waiting did take them.
  expect(outcome.taken).toBeGreaterThanOrEqual(60);
});

test('with a real pointer, a press whose call ends before it is let go takes nobody', async ({
  page,
}) => {
  await openScene(page, site.url, 'parked');
  const [first, second] = [await parkId(page, 1), await parkId(page, 2)];
  const box = await retrieveButton(page, first).boundingBox();
  if (box === null) throw new Error('no button');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.evaluate(
    (id) => window.stage.partial([{ id, ended: { reason: 'Retrieved by Carol', by: '103' } }]),
    first,
  );
  await expect(card(page, first)).toContainText('Retrieved by Carol');
  await page.mouse.up();
  expect(await retrieved(page)).toEqual([]);
  // And the next press takes the call it is on.
  await retrieveButton(page, second).click();
  expect(await retrieved(page)).toEqual([second]);
});

test('an ended card stays three seconds, and nothing above a hovered card moves', async ({
  page,
}) => {
  // Two panes: the list needs no scrolling.
  await page.setViewportSize({ width: 1000, height: 900 });
  await openScene(page, site.url, 'parked');
  const [first, second] = [await parkId(page, 1), await parkId(page, 2)];
  await retrieveButton(page, second).hover();
  const before = await card(page, second).boundingBox();
  await page.evaluate(
    (id) => window.stage.partial([{ id, ended: { reason: 'Caller hung up' } }]),
    first,
  );
  await expect(card(page, first)).toContainText('Caller hung up');
  await page.waitForTimeout(2_500);
  await expect(card(page, first)).toBeVisible();
  await expect(card(page, first)).toHaveCount(0, { timeout: 2_000 });
  const after = await card(page, second).boundingBox();
  expect(Math.abs((after?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(2);
  await page.mouse.move(5, 5);
  await expect
    .poll(async () => (await card(page, second).boundingBox())?.y ?? 0)
    .toBeLessThan((before?.y ?? 0) - 20);
});

test('the focus of an ended card goes to a named element, never to nowhere', async ({ page }) => {
  await openScene(page, site.url, 'parked');
  const ids = [await parkId(page, 1), await parkId(page, 2), await parkId(page, 3)];
  await retrieveButton(page, ids[0] ?? '').focus();
  const focused = () =>
    page.evaluate(() => {
      const active = document.activeElement;
      return {
        name: active?.getAttribute('aria-label') ?? active?.textContent ?? '',
        park: active?.getAttribute('data-park-id') ?? null,
        body: active === document.body,
      };
    });
  await page.evaluate(
    (id) => window.stage.partial([{ id, ended: { reason: 'Caller hung up' } }]),
    ids[0] ?? '',
  );
  await expect.poll(async () => (await focused()).park).toBe(ids[0]);
  expect((await focused()).name).toContain('Client');
  // Three seconds later the card is gone: while it had the focus its place was kept.
  await expect.poll(async () => (await focused()).park, { timeout: 6_000 }).toBe(ids[1]);
  await page.evaluate(() => window.stage.full([]));
  await expect.poll(async () => (await focused()).body, { timeout: 6_000 }).toBe(false);
  await expect
    .poll(async () => (await focused()).name, { timeout: 6_000 })
    .toContain('Parked calls');
});

test('arrival and end are announced exactly once', async ({ page }) => {
  await openScene(page, site.url, 'idle');
  const heard = await listen(page);
  const id = await parkId(page, 1);
  const sketch = { id, slot: '101', parkerName: 'Carol', waited: 0 };
  await page.evaluate((one) => {
    window.stage.partial([one]);
    window.stage.partial([{ ...one, note: 'a note' }]);
    window.stage.full([{ ...one, note: 'a note' }]);
  }, sketch);
  await page.evaluate((one) => {
    const ended = { ...one, ended: { reason: 'Caller hung up' } };
    window.stage.partial([ended]);
    window.stage.full([ended]);
  }, sketch);
  await page.waitForTimeout(500);
  expect(await heard()).toEqual([
    'Parked call: Client, 003386002678, on 101, by Carol',
    'Client: Caller hung up',
  ]);
});

test('a call that I parked is not announced as one that waits for me', async ({ page }) => {
  await openScene(page, site.url, 'idle');
  const heard = await listen(page);
  await page.evaluate((id) => window.stage.partial([{ id, parker: '101' }]), await parkId(page, 1));
  await page.waitForTimeout(300);
  expect(await heard()).toEqual([]);
});

test('Alt and a digit retrieve by the card’s number, which it keeps for life', async ({ page }) => {
  await openScene(page, site.url, 'parked');
  const [first, second, third] = [
    await parkId(page, 1),
    await parkId(page, 2),
    await parkId(page, 3),
  ];
  await page.evaluate(
    (id) => window.stage.partial([{ id, ended: { reason: 'Caller hung up' } }]),
    first,
  );
  await expect(card(page, first)).toHaveCount(0, { timeout: 6_000 });
  await expect(card(page, second).locator('kbd')).toHaveText('2');
  await page.keyboard.press('Alt+3');
  expect(await retrieved(page)).toEqual([third]);
});

test('bare digits retrieve only while the list has the focus', async ({ page }) => {
  await openScene(page, site.url, 'parked');
  await page.getByLabel('Number, name or code').focus();
  await page.keyboard.press('2');
  expect(await retrieved(page)).toEqual([]);
  await expect(page.getByLabel('Number, name or code')).toHaveValue('2');
  await card(page, await parkId(page, 1)).focus();
  await page.keyboard.press('2');
  expect(await retrieved(page)).toEqual([await parkId(page, 2)]);
});

test('while one retrieve is pending, further presses are ignored', async ({ page }) => {
  await openScene(page, site.url, 'parked');
  const [first, second] = [await parkId(page, 1), await parkId(page, 2)];
  await retrieveButton(page, first).click();
  await retrieveButton(page, second).click({ force: true });
  await page.keyboard.press('Alt+3');
  expect(await retrieved(page)).toEqual([first]);
});

test('a list that is not live is greyed, keeps its cards and says when it was synced', async ({
  page,
}) => {
  await openScene(page, site.url, 'parked-unknown');
  const list = page.getByTestId('park-list');
  await expect(list).toHaveAttribute('data-mood', 'unknown');
  await expect(list.locator('li[data-park-id]')).toHaveCount(3);
  await expect(list).toContainText(/Last synced \d\d:\d\d:\d\d/);
  await expect(list).not.toContainText('No parked calls');
});

test('the main job by keyboard alone: answer, park on a colleague with a note, retrieve', async ({
  page,
}) => {
  const complaints = gatherComplaints(page);
  await openScene(page, site.url, 'idle');
  const call = await page.evaluate(() =>
    window.stage.ring({ name: 'Client', number: '003386002678' }),
  );
  await page.keyboard.press('Alt+A');
  await expect(page.locator('article.active')).toHaveAttribute('data-state', 'active');

  await tabTo(page, 'More ways to park');
  await page.keyboard.press('Enter');
  await tabTo(page, 'Note (optional)');
  await page.keyboard.type('wants invoice 4711');
  await tabTo(page, 'On a colleague');
  await page.keyboard.type('ali');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const referred = await page.evaluate(() =>
    window.stage.performed.find((effect) => effect.kind === 'refer'),
  );
  expect(referred).toEqual({
    kind: 'refer',
    call,
    target: { kind: 'park', code: '*68102', note: 'wants invoice 4711' },
  });
  await page.evaluate((id) => {
    const receipt = { parkId: null, slot: '102', retrieveCode: '*88102' };
    window.stage.say({ kind: 'call', input: { kind: 'refer-succeeded', call: id, receipt } });
    window.stage.partial([{ id: window.stage.parkId(9), slot: '101', parker: '103' }]);
  }, call);
  await expect(page.getByText('Parked on 102, retrieve with *88102').first()).toBeVisible();

  await page.keyboard.press('Alt+L');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  expect(await retrieved(page)).toEqual([await parkId(page, 9)]);
  expect(complaints).toEqual([]);
});

test('the keys are shown on “?”, outside text fields', async ({ page }) => {
  await openScene(page, site.url, 'idle');
  await page.getByLabel('Number, name or code').focus();
  await page.keyboard.press('Shift+?');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.getByRole('tab', { name: 'History' }).focus();
  await page.keyboard.press('Shift+?');
  await expect(page.getByRole('dialog', { name: 'Keys and codes' })).toBeVisible();
});

test('retrieving while talking asks first only when the user wants to be asked', async ({
  page,
}) => {
  await openScene(page, site.url, 'talking', { ask: 'yes' });
  await page.keyboard.press('Alt+1');
  const question = page.getByRole('alertdialog', { name: 'Hold the present call?' });
  await expect(question).toBeVisible();
  expect(await retrieved(page)).toEqual([]);
  await question.getByRole('button', { name: 'Hold and retrieve' }).click();
  await expect.poll(() => retrieved(page)).toEqual([await parkId(page, 1)]);
});

/** Tab until the element of that name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    const reached = await page.evaluate((wanted) => {
      const active = document.activeElement;
      const labels = active instanceof HTMLInputElement ? [...(active.labels ?? [])] : [];
      const names = [
        active?.getAttribute('aria-label'),
        ...labels.map((label) => label.textContent),
      ];
      return names.includes(wanted);
    }, name);
    if (reached) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`“${name}” cannot be reached by Tab`);
}
