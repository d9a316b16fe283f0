/** What crashes or hangs comes back by itself, signed in, and says what happened; but it does not go on for ever. */
import { expect, test } from '@playwright/test';
import { CLIENT, Outside, SECOND_CLIENT } from '../kit/client.ts';
import type { ClientCall } from '../kit/client.ts';
import { DesktopPhone } from '../kit/desktop-phone.ts';
import { TestServer } from '../kit/test-server.ts';

test.describe.configure({ mode: 'serial' });

let server: TestServer;
let outside: Outside;
let phone: DesktopPhone;
let talking: ClientCall;

test.beforeAll(async () => {
  server = await TestServer.start();
  outside = await Outside.open();
  phone = await DesktopPhone.signedIn(server, '102');
});
test.afterAll(async () => {
  await phone?.close();
  await outside?.close();
  await server?.dispose();
});

/** The phone's window, past Playwright's page, which does not outlive a crash. */
const inPage = (script: string): Promise<unknown> =>
  phone.main.evaluate(({ webContents }, code) => {
    const page = webContents
      .getAllWebContents()
      .find((each) => each.getURL().startsWith('app://parkline/index.html'));
    if (page === undefined || page.isCrashed()) return null;
    // A page that hangs, or is just being loaded, answers nobody.
    const late = new Promise((done) => setTimeout(() => done(null), 1_000));
    return Promise.race([page.executeJavaScript(code), late]);
  }, script);

const screenText = (): Promise<string> => inPage('document.body.innerText').then(String);

const crash = (): Promise<void> =>
  phone.main.evaluate(({ webContents }) =>
    webContents
      .getAllWebContents()
      .find((each) => each.getURL().startsWith('app://parkline/index.html'))
      ?.forcefullyCrashRenderer(),
  );

/** Signed in, and the list is what the server has. */
async function isBack(): Promise<void> {
  const stands = `[
    document.querySelector('[data-testid=line-state]')?.dataset.line,
    document.querySelector('[data-testid=park-list]')?.dataset.mood,
    document.querySelectorAll('li[data-park-id]').length,
  ]`;
  await expect.poll(() => inPage(stands), { timeout: 30_000 }).toEqual(['registered', 'parked', 1]);
}

test('a window that crashes in a call comes back, names the call that ended, and knows what is parked', async () => {
  const parked = await outside.call(server, '102');
  await phone.answer();
  await phone.park();
  await phone.showsParked(CLIENT, { slot: '102', by: 'me' });
  talking = await outside.call(server, '102', { identity: SECOND_CLIENT, voice: 'second client' });
  await phone.answer();
  await crash();
  await isBack();
  await expect.poll(screenText).toContain('Parkline’s window had crashed and was started again.');
  await expect.poll(screenText).toContain('The call with Ms Second has ended.');
  await expect
    .poll(() => inPage(`document.querySelector('[data-testid=call-panel]') === null`))
    .toBe(true);
  expect(parked.ended).toBe(false);
});

test('when what draws crashes, calls and line are not touched, and the phone says so', async () => {
  const pid = await phone.main.evaluate(
    ({ app }) => app.getAppMetrics().find(({ type }) => type === 'GPU')?.pid ?? 0,
  );
  expect(pid).toBeGreaterThan(0);
  process.kill(pid, 'SIGKILL');
  await expect.poll(screenText).toContain('The display of the window had crashed');
  await isBack();
});

test('a window that hangs is started again, and says so', async () => {
  await inPage('setTimeout(() => { for (;;); }, 0); null');
  await expect
    .poll(screenText, { timeout: 40_000 })
    .toContain('Parkline’s window had stopped answering and was started again.');
  await isBack();
  // Nobody was left talking to a page that is gone.
  await talking.hasEnded();
});

test('one that crashes again and again is not started for ever: its user is asked', async () => {
  await phone.main.evaluate(({ dialog }) => {
    const world = globalThis as unknown as { asked: string[]; answer: () => void };
    world.asked = [];
    const ask = (options: { message: string }) => {
      world.asked.push(options.message);
      return new Promise((done) => {
        world.answer = () => done({ response: 0, checkboxChecked: false });
      });
    };
    Object.assign(dialog, { showMessageBox: ask });
  });
  const asked = () =>
    phone.main.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);
  for (let crashes = 0; crashes < 4 && (await asked()).length === 0; crashes += 1) {
    await crash();
    await expect
      .poll(async () => (await asked()).length > 0 || (await screenText()).includes('crashed'))
      .toBe(true);
  }
  expect(await asked()).toEqual([expect.stringContaining('has crashed several times in a row')]);
  expect(await inPage('1')).toBeNull();
  await phone.main.evaluate(() => (globalThis as unknown as { answer: () => void }).answer());
  await isBack();
});
