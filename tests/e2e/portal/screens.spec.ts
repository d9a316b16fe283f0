/** Every page of the portal: to axe, in light and dark, on a narrow window and in every language. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { parkGroupSchema } from '../../../shared/config/admin/park-groups.ts';
import { ringGroupSchema } from '../../../shared/config/admin/ring-groups.ts';
import { writeWav } from '../../../shared/media/music/wav.ts';
import type { SipPhone } from '../../fakes/sip-phone.ts';
import { screenBrowser } from '../screens/gallery-page.ts';
import { layoutProblems } from '../screens/layout-problems.ts';
import { PortalScreen } from './portal-screen.ts';
import { PortalServer } from './portal-server.ts';

test.use({ launchOptions: screenBrowser, actionTimeout: 10_000 });
test.describe.configure({ mode: 'serial' });

/** A folder for pictures of every page, for people to look through; unset: none are taken. */
const PICTURES = process.env['PARKLINE_E2E_PICTURES'];

let server: PortalServer;
let admin: PortalScreen;
let pages: readonly string[];
let groupPage: string;

test.beforeAll(async ({ browser }) => {
  server = await PortalServer.start();
  const ada = await server.setUp('ada');
  const base = `/tenants/${server.tenantId}`;
  for (const [extension, displayName] of USERS) {
    await ada.ask('POST', `${base}/users`, { extension, displayName, password: 'pw' });
  }
  const ring = await ada.get(`${base}/ring-groups`, ringGroupSchema, {
    method: 'POST',
    body: { name: 'Service', members: ['103'], extension: '300' },
  });
  const destination = { kind: 'parker-then-ring-group', ringGroupId: ring.id, waitMs: 60_000 };
  const group = await ada.get(`${base}/park-groups`, parkGroupSchema, {
    method: 'POST',
    body: { name: 'Sales', members: ['101', '102', '103'], recall: { destination } },
  });
  const gone = await ada.get(`${base}/ring-groups`, ringGroupSchema, {
    method: 'POST',
    body: { name: 'Gone' },
  });
  const recall = { destination: { kind: 'ring-group', ringGroupId: gone.id } };
  await ada.ask('POST', `${base}/park-groups`, { name: 'Front desk', recall });
  await ada.ask('DELETE', `${base}/ring-groups/${gone.id}`);
  await ada.send('PUT', `${base}/music`, {
    body: new Uint8Array(writeWav({ rate: 8000, samples: new Int16Array(8000) })),
    headers: { 'Content-Type': 'audio/wav' },
  });
  await parkOne(await server.phone('101', 'pw'), await server.phone('104', 'pw'));
  groupPage = `t/${server.tenantId}/park-groups/${group.id}`;
  pages = [
    ...TENANT_PAGES.map((page) => `t/${server.tenantId}/${page}`),
    groupPage,
    `t/${server.tenantId}/ring-groups/${ring.id}`,
    ...SERVER_PAGES,
  ];
  admin = await PortalScreen.signedIn(browser, server, 'ada');
});
test.afterAll(async () => {
  await admin?.close();
  await server?.dispose();
});

const USERS = [
  ['101', 'Bob'],
  ['102', 'Alice Übermütig-Schmidt of the very long name'],
  ['103', 'Carol'],
  ['104', '<b>not bold</b>'],
] as const;

const TENANT_PAGES = [
  'live',
  'devices',
  'journal',
  'users',
  'users/new',
  'users/import',
  'users/101',
  'ring-groups',
  'park-groups',
  'park-groups/new',
  'park-settings',
  'feature-codes',
  'music',
];
const SERVER_PAGES = ['tenants', 'admins', 'audit', 'get-app', 'account'];

async function parkOne(bob: SipPhone, client: SipPhone): Promise<void> {
  const dialled = client.dial('101');
  const call = (await bob.nextCall()).answer();
  await dialled.answered();
  await call.refer('*58');
  await call.referResult();
  await call.hangUp();
}

async function show(path: string): Promise<Page> {
  const { page } = admin;
  await admin.show(path);
  await expect(page.locator('.loading')).toHaveCount(0);
  return page;
}

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  mkdirSync(PICTURES, { recursive: true });
  const safe = name.replaceAll(server.tenantId, '').replace(/[^a-z0-9-]+/gi, '_');
  await page.screenshot({ path: join(PICTURES, `${safe}.png`) });
}

for (const theme of ['light', 'dark'] as const) {
  test(`no page has an accessibility fault that axe finds: ${theme}`, async () => {
    const { page } = admin;
    await page.emulateMedia({ colorScheme: theme });
    const faults: string[] = [];
    const look = async (name: string) => {
      // What React Aria has just announced names an element that is gone by then.
      const axe = new AxeBuilder({ page }).exclude('[data-live-announcer]');
      axe.options({ resultTypes: ['violations'] });
      // In the dark only the colours are others.
      if (theme === 'dark') axe.withRules('color-contrast');
      const { violations } = await axe.analyze();
      faults.push(...violations.map(({ id, nodes }) => `${name}: ${id} ${nodes[0]?.html ?? ''}`));
      await picture(page, `${theme} ${name}`);
    };
    const dark = pages.filter((path) => /live|groups|tenants|users$/.test(path));
    for (const path of theme === 'light' ? pages : dark) {
      await show(path);
      await look(path);
    }
    await show(groupPage);
    await page.getByRole('tab', { name: 'Group members' }).click();
    await look('group members');
    await show(`t/${server.tenantId}/park-groups/new`);
    await page.getByRole('tab', { name: 'Group members' }).click();
    await admin.button('Add members').click();
    await expect(page.getByRole('option')).toHaveCount(1);
    await look('available members');
    await page.keyboard.press('Escape');
    await admin.button('Save').click();
    await admin.says('Group name', /needed/);
    await look('a refusal');
    expect(faults).toEqual([]);
  });
}

test('text from outside is text', async () => {
  const page = await show(`t/${server.tenantId}/users`);
  await expect(page.getByText('<b>not bold</b>')).toBeVisible();
  await expect(page.locator('.table b')).toHaveCount(0);
});

for (const [language, textPercent] of [
  ['en', 200],
  ['de', 100],
  ['ar', 100],
] as const) {
  test(`every page fits a window 360 px wide: ${language}, text at ${textPercent} %`, async () => {
    const { page } = admin;
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 360, height: 740 });
    await page.evaluate((chosen) => {
      const preferences = { theme: 'system', language: chosen };
      window.localStorage.setItem('parkline:portal', JSON.stringify(preferences));
    }, language);
    await page.reload();
    await page.evaluate((percent) => {
      document.documentElement.style.fontSize = `${percent}%`;
    }, textPercent);
    const faults: string[] = [];
    for (const path of pages) {
      await show(path);
      const problems = await page.evaluate(layoutProblems);
      faults.push(...problems.map((problem) => `${path}: ${problem}`));
      await picture(page, `${language} ${textPercent} ${path}`);
    }
    expect(faults).toEqual([]);
    await page.evaluate(() => window.localStorage.clear());
  });
}
