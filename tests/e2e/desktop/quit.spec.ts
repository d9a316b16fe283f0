import { expect, test } from '@playwright/test';
import { eventsOf } from './bridge-page.ts';
import type { BridgeWindow } from './bridge-page.ts';
import { launchPhone } from './phone-app.ts';

test('quitting during a call asks first and goes on talking', async () => {
  const phone = await launchPhone();
  const events = await eventsOf(phone.page);
  await phone.page.evaluate(() => (window as unknown as BridgeWindow).parkline.setBusy(true));
  await phone.app.evaluate(({ app }) => app.quit());
  await expect.poll(events).toContainEqual({ kind: 'quit-requested', why: 'quit' });
  expect(phone.app.process().exitCode).toBeNull();
  await phone.close();
});

test('a confirmed quit lets the page say good-bye, then ends', async () => {
  const phone = await launchPhone();
  const main = phone.app.process();
  const ended = phone.app.waitForEvent('close');
  await phone.page.evaluate(() => {
    const { parkline } = window as unknown as BridgeWindow;
    parkline.onEvent((event) => {
      if (event.kind === 'quitting') void parkline.readyToQuit();
    });
    void parkline.confirmQuit();
  });
  await ended;
  expect(main.exitCode).toBe(0);
});

test('a page that never answers cannot keep the app from ending', async () => {
  const phone = await launchPhone();
  const startedAt = performance.now();
  const ended = phone.app.waitForEvent('close');
  await phone.app.evaluate(({ app }) => app.quit());
  await ended;
  expect(performance.now() - startedAt).toBeLessThan(5000);
});
