import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { packedExecutable } from '../../../build/electron/pack-paths.ts';
import { eventsOf, publish } from './bridge-page.ts';
import type { BridgeWindow } from './bridge-page.ts';
import { launchPhone, phoneArguments, phoneEnvironment } from './phone-app.ts';
import type { PhoneOptions } from './phone-app.ts';
import { snapshotWith } from './snapshots.ts';

/** Starts the app a second time and waits for its end. */
function startAgain(
  options: PhoneOptions & { readonly configFolder: string },
): Promise<number | null> {
  const child = spawn(packedExecutable('release'), phoneArguments(options), {
    env: phoneEnvironment(options, options.configFolder),
    stdio: 'ignore',
  });
  return new Promise((resolve) => child.on('exit', resolve));
}

test('a second start of the same profile brings the running phone to the front and ends', async () => {
  const phone = await launchPhone({ profile: '101' });
  const events = await eventsOf(phone.page);
  const code = await startAgain({ profile: '101', configFolder: phone.configFolder });
  expect(code).toBe(0);
  await expect.poll(events).toEqual([{ kind: 'show' }]);
  await phone.close();
});

test('two profiles run side by side and share nothing', async () => {
  const first = await launchPhone({ profile: '101' });
  const second = await launchPhone({ profile: '102', configFolder: first.configFolder });
  await first.page.evaluate(() => localStorage.setItem('who', '101'));
  expect(await second.page.evaluate(() => localStorage.getItem('who'))).toBeNull();
  await first.close();
  await second.close();
});

test('a link fills the dialler of the running phone, and a feature code in it is ignored', async () => {
  const phone = await launchPhone({ profile: '101' });
  const events = await eventsOf(phone.page);
  // A link waits until somebody is signed in.
  await publish(phone.page, snapshotWith([]));
  const again = { profile: '101', configFolder: phone.configFolder };
  await startAgain({ ...again, args: ['tel:*68102'] });
  await startAgain({ ...again, args: ['tel:+33-8600-2678'] });
  await expect
    .poll(async () => (await events()).at(-1))
    .toEqual({ kind: 'prefill', target: '+3386002678' });
  expect((await events()).filter(({ kind }) => kind === 'prefill')).toHaveLength(1);
  await phone.close();
});

test('a prepared sign-in is handed over once, and its file is gone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parkline-sign-in-'));
  const file = join(folder, 'sign-in.json');
  const signIn = { server: '127.0.0.1:9', extension: '101', password: 'secret' };
  writeFileSync(file, JSON.stringify(signIn), { mode: 0o600 });
  const phone = await launchPhone({ args: ['--sign-in-file', file] });
  const take = (): Promise<unknown> =>
    phone.page.evaluate(() => (window as unknown as BridgeWindow).parkline.takeSignIn());
  const [first, second] = [await take(), await take()];
  // The page itself may have taken it already: once is all there is.
  expect([JSON.stringify(signIn), 'null']).toContain(JSON.stringify(first));
  expect(second).toBeNull();
  expect(existsSync(file)).toBe(false);
  await phone.close();
});
