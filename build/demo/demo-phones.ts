import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoServer, DemoUser } from './demo-server.ts';

export interface PhoneLaunch {
  readonly executable: string;
  readonly server: DemoServer;
  readonly dataFolder: string;
}

/** Extensions that get a window each; the first is the one whose keys and links count. */
const WITH_A_WINDOW = ['101', '102'];

/** Opens the demo's phones, each already signed in. */
export function openDemoPhones(launch: PhoneLaunch): readonly ChildProcess[] {
  const users = launch.server.users.filter(({ extension }) => WITH_A_WINDOW.includes(extension));
  return users.map((user, index) => openPhone(launch, user, index > 0));
}

function openPhone(launch: PhoneLaunch, user: DemoUser, secondary: boolean): ChildProcess {
  const { extension, password } = user;
  // The app reads this once and removes it; nobody else may read it meanwhile.
  const signInFile = join(launch.dataFolder, `sign-in-${extension}.json`);
  const signIn = { server: launch.server.url, extension, password };
  writeFileSync(signInFile, JSON.stringify(signIn), { mode: 0o600 });
  const log = openSync(join(launch.dataFolder, `phone-${extension}.log`), 'w', 0o600);
  const more = secondary ? ['--secondary', '--microphone=tone'] : [];
  return spawn(launch.executable, ['--profile', extension, '--sign-in-file', signInFile, ...more], {
    stdio: ['ignore', log, log],
  });
}
