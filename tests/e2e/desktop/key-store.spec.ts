import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import type { StoreOutcome } from '../../../shared/bridge/contract.ts';
import type { BridgeWindow } from './bridge-page.ts';
import { launchPhone } from './phone-app.ts';

const ACCOUNT = '102@parkline.test';
const PASSWORD = 'correct horse battery staple';

const store = (page: Page, allowPlainText: boolean): Promise<StoreOutcome> =>
  page.evaluate((request) => (window as unknown as BridgeWindow).parkline.storePassword(request), {
    accountKey: ACCOUNT,
    password: PASSWORD,
    allowPlainText,
  });

const read = (page: Page): Promise<string | null> =>
  page.evaluate((key) => (window as unknown as BridgeWindow).parkline.readPassword(key), ACCOUNT);

const stored = (configFolder: string): string =>
  readFileSync(join(configFolder, 'Parkline', 'profiles', 'test', 'secrets.json'), 'utf8');

test('a password is sealed by the desktop’s key store and is there after a restart', async () => {
  const first = await launchPhone();
  const state = await first.page.evaluate(() =>
    (window as unknown as BridgeWindow).parkline.secretStore(),
  );
  expect(state).toEqual({ kind: 'available', backend: 'GNOME Keyring' });
  expect(await store(first.page, false)).toEqual({ kind: 'stored' });
  expect(stored(first.configFolder)).not.toContain(PASSWORD);
  await first.close();

  const second = await launchPhone({ configFolder: first.configFolder });
  expect(await read(second.page)).toBe(PASSWORD);
  await second.close();
});

test('without a key store nothing is written in plain text unless the user says so', async () => {
  const phone = await launchPhone({ passwordStore: 'basic' });
  expect(await store(phone.page, false)).toEqual({ kind: 'refused', reason: 'no-key-store' });
  expect(await read(phone.page)).toBeNull();
  expect(() => stored(phone.configFolder)).toThrow();
  expect(await store(phone.page, true)).toEqual({ kind: 'stored' });
  expect(await read(phone.page)).toBe(PASSWORD);
  await phone.close();
});
