/** The desktop session ends during a call: the phone asks, says good-bye to the caller and the server, and is gone. */
import { expect, test } from '@playwright/test';
import { Outside } from '../kit/client.ts';
import { DesktopPhone } from '../kit/desktop-phone.ts';
import { TestServer } from '../kit/test-server.ts';

test('logging out during a call asks, hangs up with BYE and signs out', async () => {
  const server = await TestServer.start();
  const outside = await Outside.open();
  const phone = await DesktopPhone.signedIn(server, '102');
  const { page, main } = phone;
  const process = main.process();
  const call = await outside.call(server, '102');
  await phone.answer();
  const waited = await main.evaluate(({ powerMonitor }) => {
    const shutdown = { waits: false, preventDefault: () => void (shutdown.waits = true) };
    powerMonitor.emit('shutdown', shutdown);
    return shutdown.waits;
  });
  expect(waited, 'the desktop waits for the answer').toBe(true);
  const question = page.getByRole('alertdialog', { name: 'Log out during a call?' });
  await question.getByRole('button', { name: 'Stay' }).click();
  await phone.isTalking();
  await main.evaluate(({ powerMonitor }) =>
    powerMonitor.emit('shutdown', { preventDefault: () => undefined }),
  );
  const ended = main.waitForEvent('close');
  await question.getByRole('button', { name: 'End calls and log out' }).click();
  await ended;
  expect(process.exitCode).toBe(0);
  // By BYE, not by the silence that follows a phone that is gone.
  await expect.poll(() => call.ended, { timeout: 5_000 }).toBe(true);
  await expect.poll(() => server.running.registrar.size).toBe(0);
  await outside.close();
  await server.dispose();
});
