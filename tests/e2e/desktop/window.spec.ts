import { expect, test } from '@playwright/test';
import { isSandboxedProcess } from '../../../electron/self-test-status.ts';
import { launchPhone, processStatus } from './phone-app.ts';

test('the packed app opens its window on a real desktop', async () => {
  const phone = await launchPhone({ profile: '101' });
  await expect(phone.page).toHaveURL('app://parkline/index.html');
  const window = await phone.app.evaluate(({ BrowserWindow }) => {
    const [first] = BrowserWindow.getAllWindows();
    return { title: first?.getTitle(), visible: first?.isVisible(), sandbox: true };
  });
  expect(window).toMatchObject({ title: 'Parkline · 101', visible: true });
  await phone.close();
});

test('every page runs in a sandboxed process', async () => {
  const phone = await launchPhone();
  const pids = await phone.app.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((contents) => contents.getOSProcessId()),
  );
  expect(pids.length).toBeGreaterThan(0);
  for (const pid of pids) expect(isSandboxedProcess(processStatus(pid))).toBe(true);
  await phone.close();
});
