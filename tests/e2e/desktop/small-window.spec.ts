/** The small window: seen by its own page, placed by the real desktop, and never given the focus. */
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import type { DesktopEvent } from '../../../shared/bridge/contract.ts';
import type { PhoneAlert } from '../../../shared/bridge/snapshot.ts';
import { eventsOf, publish } from './bridge-page.ts';
import { activeWindowTitle, clickAt, desktopCommand, OtherProgram } from './desktop.ts';
import { launchPhone } from './phone-app.ts';
import type { DrivenPhone } from './phone-app.ts';
import { clientParked, snapshotWith } from './snapshots.ts';

const parked: PhoneAlert = {
  kind: 'parked',
  parkId: clientParked.parkId,
  title: 'Client – Parked on 102',
  body: '003386002678',
};
const incoming: PhoneAlert = {
  kind: 'incoming',
  callId: 'call-1',
  title: 'Carol is calling',
  body: '103',
  recall: false,
};
const recalled: PhoneAlert = {
  kind: 'incoming',
  callId: 'call-2',
  title: 'Recall: Client, parked on 102',
  body: '',
  recall: true,
};

const show = (phone: DrivenPhone, ...alerts: PhoneAlert[]): Promise<void> =>
  publish(phone.page, snapshotWith([], { alerts }));

async function smallWindowOf(phone: DrivenPhone): Promise<Page> {
  const isSmall = (page: Page): boolean => page.url().includes('/small-window/');
  return phone.app.windows().find(isSmall) ?? phone.app.waitForEvent('window', isSmall);
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly visible: boolean;
  readonly focused: boolean;
}

const place = (phone: DrivenPhone): Promise<Place | null> =>
  phone.app.evaluate(({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows().find((each) =>
      each.webContents.getURL().includes('/small-window/'),
    );
    if (window === undefined) return null;
    const { x, y } = window.getContentBounds();
    return { x, y, visible: window.isVisible(), focused: window.isFocused() };
  });

const isVisible = async (phone: DrivenPhone): Promise<boolean> =>
  (await place(phone))?.visible ?? false;

/** Presses a button of the small window with the desktop's own pointer. */
async function press(phone: DrivenPhone, page: Page, name: string): Promise<void> {
  const button = page.getByRole('button', { name });
  const box = await button.boundingBox();
  const at = await place(phone);
  if (box === null || at === null) throw new Error(`no button ${name} on the screen`);
  await clickAt(at.x + box.x + box.width / 2, at.y + box.y + box.height / 2);
}

test.describe('while somebody types elsewhere', () => {
  let phone: DrivenPhone;
  let other: OtherProgram;
  let allEvents: () => Promise<readonly DesktopEvent[]>;
  /** What main tells the page from now on. */
  const newEvents = async (): Promise<() => Promise<readonly DesktopEvent[]>> => {
    const before = (await allEvents()).length;
    return async () => (await allEvents()).slice(before);
  };

  test.beforeAll(async () => {
    phone = await launchPhone({ args: ['--minimised'] });
    allEvents = await eventsOf(phone.page);
    other = await OtherProgram.open('Letter');
  });
  test.afterAll(async () => {
    await other.close();
    await phone.close();
  });
  test.beforeEach(async () => {
    await show(phone);
    await other.focus();
  });

  test('a call that comes in shows itself, and what is typed stays where it is typed', async () => {
    await show(phone, incoming);
    await expect.poll(() => isVisible(phone)).toBe(true);
    const page = await smallWindowOf(phone);
    await expect(page.getByText('Carol is calling')).toBeVisible();
    expect(await activeWindowTitle()).toContain('Letter');
    expect((await place(phone))?.focused).toBe(false);
    expect(
      await desktopCommand('wmctrl', '-l'),
      'the phone’s own window stays hidden',
    ).not.toContain('Parkline · test');
  });

  test('one press answers, a recall too, and the focus is still elsewhere', async () => {
    const events = await newEvents();
    await show(phone, recalled);
    const page = await smallWindowOf(phone);
    await expect(page.getByText(recalled.title)).toBeVisible();
    await expect.poll(() => isVisible(phone)).toBe(true);
    await press(phone, page, 'Answer');
    await expect.poll(events).toEqual([{ kind: 'answer', callId: 'call-2' }]);
    expect(await activeWindowTitle()).toContain('Letter');
    await expect.poll(() => isVisible(phone), 'what was pressed is gone').toBe(false);
  });

  test('one press declines, and one retrieves exactly the call that was shown', async () => {
    const events = await newEvents();
    await show(phone, incoming, parked);
    const page = await smallWindowOf(phone);
    await expect(page.getByText(parked.title)).toBeVisible();
    await expect.poll(() => isVisible(phone)).toBe(true);
    await press(phone, page, 'Retrieve');
    await expect
      .poll(events)
      .toEqual([{ kind: 'retrieve', parkId: clientParked.parkId, source: 'window' }]);
    await press(phone, page, 'Decline');
    await expect.poll(events).toContainEqual({ kind: 'decline', callId: 'call-1' });
    expect(await activeWindowTitle()).toContain('Letter');
  });

  test('Not now takes the line away and nothing else; it does not come back by itself', async () => {
    const events = await newEvents();
    await show(phone, parked);
    const page = await smallWindowOf(phone);
    await expect(page.getByText(parked.title)).toBeVisible();
    await expect.poll(() => isVisible(phone)).toBe(true);
    await press(phone, page, 'Hide');
    await expect.poll(() => isVisible(phone)).toBe(false);
    await show(phone, parked);
    await page.waitForTimeout(300);
    expect(await isVisible(phone)).toBe(false);
    expect(await events()).toEqual([]);
  });

  test('names from the network are text, in any language and at any length', async () => {
    await show(phone, { ...incoming, callId: 'x', title: `<b>x</b> ${'שלום'.repeat(60)}` });
    const page = await smallWindowOf(phone);
    await expect(page.locator('.alert-title')).toContainText('<b>x</b>');
    expect(await page.locator('.alert-title b').count()).toBe(0);
    const fits = await page.evaluate(
      () => document.documentElement.scrollWidth <= document.documentElement.clientWidth,
    );
    expect(fits).toBe(true);
  });

  test('its page may press, and reaches nothing of the phone', async () => {
    await show(phone, incoming);
    const page = await smallWindowOf(phone);
    const seen = await page.evaluate(async () => {
      const bridge: unknown = Reflect.get(window, 'parklineAlerts');
      const press = (argument: unknown): Promise<string> =>
        Promise.resolve(
          (Reflect.get(Object(bridge), 'press') as (value: unknown) => Promise<unknown>)(argument),
        ).then(
          () => 'accepted',
          () => 'refused',
        );
      return {
        phone: typeof Reflect.get(window, 'parkline'),
        node: typeof Reflect.get(window, 'require'),
        names: Object.keys(Object(bridge)).sort(),
        wrong: await press({ action: 'quit', id: 'x' }),
      };
    });
    expect(seen).toEqual({
      phone: 'undefined',
      node: 'undefined',
      names: ['onChange', 'press', 'resize', 'snapshot'],
      wrong: 'refused',
    });
  });
});

test('with the phone itself in front there is no second window', async () => {
  const phone = await launchPhone();
  await expect.poll(activeWindowTitle).toBe('Parkline · test');
  await show(phone, incoming);
  await phone.page.waitForTimeout(400);
  expect(await isVisible(phone)).toBe(false);
  await phone.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  await expect.poll(() => isVisible(phone)).toBe(true);
  await phone.close();
});
