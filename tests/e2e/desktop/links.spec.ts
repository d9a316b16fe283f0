/** Links of other programs, registered with the desktop as its own tools see it. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { eventsOf, publish } from './bridge-page.ts';
import type { BridgeWindow } from './bridge-page.ts';
import { launchPhone } from './phone-app.ts';
import { snapshotWith } from './snapshots.ts';

const run = promisify(execFile);

test('what is chosen in the settings, the desktop opens: a telephone link fills the dialler of the running phone', async () => {
  const data = mkdtempSync(join(tmpdir(), 'parkline-data-'));
  const phone = await launchPhone({ env: { XDG_DATA_HOME: data } });
  const env = {
    ...process.env,
    XDG_CONFIG_HOME: phone.configFolder,
    XDG_DATA_HOME: data,
    XDG_CURRENT_DESKTOP: '',
  };
  const desktop = async (...words: string[]): Promise<string> => {
    const [command = '', ...args] = words;
    return (await run(command, args, { env, timeout: 20_000 })).stdout.trim();
  };
  const choose = (calls: boolean, signIn: boolean) =>
    phone.page.evaluate(
      (choice) => (window as unknown as BridgeWindow).parkline.setLinkChoice(choice),
      { calls, signIn },
    );
  const opens = (scheme: string) =>
    desktop('xdg-mime', 'query', 'default', `x-scheme-handler/${scheme}`);
  expect(await opens('tel')).toBe('');
  await choose(true, false);
  expect([await opens('tel'), await opens('sip'), await opens('parkline')]).toEqual([
    'parkline-links-test.desktop',
    'parkline-links-test.desktop',
    '',
  ]);
  const events = await eventsOf(phone.page);
  await publish(phone.page, snapshotWith([]));
  await desktop('gio', 'open', 'tel:+33-8600-2678');
  await expect.poll(events).toContainEqual({ kind: 'prefill', target: '+3386002678' });
  await choose(false, false);
  expect(await opens('tel')).toBe('');
  await phone.close();
});
