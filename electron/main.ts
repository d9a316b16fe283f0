import { join } from 'node:path';
import { app, Menu } from 'electron';
import { parseCommandLine } from './command-line.ts';
import { runCommandLine } from './control/command-client.ts';
import { controlPath } from './control/control-path.ts';
import { PhoneShell } from './phone-shell.ts';
import { registerAppScheme } from './security/app-scheme.ts';
import { guardContents } from './security/contents-guard.ts';
import { selfTest } from './self-test.ts';
import { hasTray } from './system/tray-presence.ts';

const options = parseCommandLine(process.argv.slice(1));
const profileFolder = (profile: string): string =>
  join(app.getPath('appData'), 'Parkline', 'profiles', profile);
const controlPathOf = (profile: string): string =>
  controlPath({
    platform: process.platform,
    profile,
    runtimeFolder: process.env['XDG_RUNTIME_DIR'],
    profileFolder: profileFolder(profile),
  });

app.enableSandbox();
registerAppScheme();
guardContents(app);
// One folder per profile holds everything, so two profiles share nothing, and the lock below is per profile.
app.setPath('userData', profileFolder(options.profile));
app.setAppUserModelId('org.parkline.phone');

if (options.command !== null) {
  void command(options.command);
} else if (app.requestSingleInstanceLock()) {
  void run();
} else {
  // The running phone of this profile has been told; it comes to the front.
  app.exit(0);
}

async function run(): Promise<void> {
  // macOS names the link that started the app before it is ready.
  let early: string | null = null;
  let openLink = (link: string): void => void (early = link);
  app.on('open-url', (event, url) => {
    event.preventDefault();
    openLink(url);
  });
  const [trayIsThere] = await Promise.all([hasTray(), app.whenReady()]);
  if (process.platform !== 'darwin') Menu.setApplicationMenu(null);
  const shell = new PhoneShell(
    { ...options, controlPath: controlPathOf(options.profile) },
    trayIsThere,
  );
  app.on('second-instance', (_event, argv) => {
    const again = parseCommandLine(argv.slice(1));
    if (again.link !== null) shell.openLink(again.link);
    // Started again at login, or by a script: what is hidden stays hidden.
    else if (!again.minimised) shell.show();
  });
  app.on('activate', () => shell.show());
  app.on('window-all-closed', () => undefined);
  app.on('before-quit', (event) => {
    if (!shell.mayQuit()) event.preventDefault();
  });
  await shell.start();
  openLink = (link) => shell.openLink(link);
  shell.openLink(early);
  if (options.selfTest) endSelfTest(shell);
}

function endSelfTest(shell: PhoneShell): void {
  const result = selfTest(shell.contents);
  process.stdout.write(`${JSON.stringify(result)}\n`);
  app.exit(result.ok ? 0 : 1);
}

/** `parkline-phone …`: asks the phone that runs, and ends before anything is opened. */
async function command(args: readonly string[]): Promise<void> {
  const code = await runCommandLine({
    args,
    pathOf: controlPathOf,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    now: () => Date.now(),
  });
  app.exit(code);
}
