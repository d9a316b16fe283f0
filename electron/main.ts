import { join } from 'node:path';
import { app, Menu } from 'electron';
import { parseCommandLine } from './command-line.ts';
import { PhoneShell } from './phone-shell.ts';
import { registerAppScheme } from './security/app-scheme.ts';
import { guardContents } from './security/contents-guard.ts';
import { selfTest } from './self-test.ts';
import { hasTray } from './system/tray-presence.ts';

const options = parseCommandLine(process.argv.slice(1));

app.enableSandbox();
registerAppScheme();
guardContents(app);
// One folder per profile holds everything, so two profiles share nothing, and the lock below is per profile.
app.setPath('userData', join(app.getPath('appData'), 'Parkline', 'profiles', options.profile));
app.setAppUserModelId('org.parkline.phone');

if (app.requestSingleInstanceLock()) {
  void run();
} else {
  // The running phone of this profile has been told; it comes to the front.
  app.exit(0);
}

async function run(): Promise<void> {
  const [trayIsThere] = await Promise.all([hasTray(), app.whenReady()]);
  if (process.platform !== 'darwin') Menu.setApplicationMenu(null);
  const shell = new PhoneShell(options, trayIsThere);
  app.on('second-instance', (_event, argv) => {
    const again = parseCommandLine(argv.slice(1));
    if (again.link === null) shell.show();
    else shell.openLink(again.link);
  });
  app.on('open-url', (event, url) => {
    event.preventDefault();
    shell.openLink(url);
  });
  app.on('activate', () => shell.show());
  app.on('window-all-closed', () => undefined);
  app.on('before-quit', (event) => {
    if (!shell.mayQuit()) event.preventDefault();
  });
  await shell.start();
  if (options.selfTest) endSelfTest(shell);
}

function endSelfTest(shell: PhoneShell): void {
  const result = selfTest(shell.contents);
  process.stdout.write(`${JSON.stringify(result)}\n`);
  app.exit(result.ok ? 0 : 1);
}
