/**
 * Runs a command on a desktop of its own: session bus, X server, window manager, notifications, unlocked key store, sound and a
 * tray, with a home and a runtime folder that nobody else uses.
 *
 * `node tests/e2e/desktop/session/run-in-session.ts playwright test --project=desktop`
 *
 * Must not run as root: Electron and Chromium refuse their sandbox there.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exitCodeOf } from '../../../../build/process/run-command.ts';
import {
  startDisplay,
  startKeyring,
  startNotifications,
  startSound,
  startTrayWatcher,
  startWindowManager,
} from './desktop-services.ts';
import type { Service } from './service.ts';

const INSIDE = 'PARKLINE_DESKTOP_SESSION';

function enterSession(command: readonly string[]): number {
  const base = mkdtempSync(join(tmpdir(), 'parkline-session-'));
  const runtime = join(base, 'runtime');
  mkdirSync(join(base, 'home'), { mode: 0o700 });
  mkdirSync(runtime, { mode: 0o700 });
  const self = fileURLToPath(import.meta.url);
  const result = spawnSync('dbus-run-session', ['--', process.execPath, self, ...command], {
    stdio: 'inherit',
    env: sessionEnvironment(base, runtime),
  });
  rmSync(base, { recursive: true, force: true });
  return exitCodeOf(result.status, result.signal);
}

function sessionEnvironment(base: string, runtime: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    [INSIDE]: base,
    HOME: join(base, 'home'),
    XDG_RUNTIME_DIR: runtime,
    XDG_SESSION_TYPE: 'x11',
    XDG_CURRENT_DESKTOP: 'GNOME',
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    NO_AT_BRIDGE: '1',
  };
  for (const name of [
    'DISPLAY',
    'WAYLAND_DISPLAY',
    'DBUS_SESSION_BUS_ADDRESS',
    'XDG_CONFIG_HOME',
    'XDG_CACHE_HOME',
    'XDG_DATA_HOME',
    'PULSE_SERVER',
  ]) {
    delete env[name];
  }
  return env;
}

async function runInside(base: string, command: readonly string[]): Promise<number> {
  const services: Service[] = [];
  const keep = (service: Service): void => void services.push(service);
  try {
    const { service, display } = await startDisplay();
    keep(service);
    process.env['DISPLAY'] = display;
    // What the bus starts by itself must find the screen too.
    spawnSync('dbus-update-activation-environment', ['DISPLAY']);
    keep(await startWindowManager());
    keep(await startNotifications(base));
    keep(await startKeyring());
    keep(await startSound(base, join(base, 'runtime')));
    keep(await startTrayWatcher());
    return await runCommand(command);
  } finally {
    for (const service of services.reverse()) await service.stop();
  }
}

function runCommand([program = '', ...args]: readonly string[]): Promise<number> {
  const child = spawn(program, args, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => child.kill(signal));
  }
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(`${program}: ${error.message}`);
      resolve(127);
    });
    child.on('exit', (code, signal) => resolve(exitCodeOf(code, signal)));
  });
}

const command = process.argv.slice(2);
const inside = process.env[INSIDE];
if (process.getuid?.() === 0) {
  console.error(
    'A desktop session must run as an ordinary user: as root there is no sandbox to test.',
  );
  process.exitCode = 1;
} else {
  process.exitCode =
    inside === undefined ? enterSession(command) : await runInside(inside, command);
}
