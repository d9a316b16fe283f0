import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Service, untilReady } from './service.ts';

const SCREEN = '1600x1000x24';
const KEYRING_PASSWORD = 'keyring of the test session';

/** Starts an X server on a display number of its own choice; gives the display, e.g. `:7`. */
export async function startDisplay(): Promise<{
  readonly service: Service;
  readonly display: string;
}> {
  const service = new Service(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', SCREEN, '-nolisten', 'tcp'],
    {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    },
  );
  let answer = '';
  const pipe = service.child.stdio[3] as Readable;
  pipe.on('data', (piece: Buffer) => (answer += piece.toString('utf8')));
  const number = await untilReady(service, async () => /^(\d+)\n/.exec(answer)?.[1] ?? null);
  return { service, display: `:${number}` };
}

/** A window manager, so that focus and minimising mean something. */
export async function startWindowManager(): Promise<Service> {
  const service = new Service('openbox', ['--sm-disable']);
  await untilReady(service, () =>
    succeeds('xprop', ['-root', '_NET_SUPPORTING_WM_CHECK'], /window id/),
  );
  return service;
}

/** Notifications; `dunstctl` clicks them. Nothing times out by itself. */
export async function startNotifications(folder: string): Promise<Service> {
  const config = join(folder, 'dunstrc');
  await writeFile(
    config,
    [
      '[global]',
      'notification_limit = 20',
      'idle_threshold = 0',
      'show_indicators = no',
      'stack_duplicates = false',
      'sticky_history = yes',
      '[urgency_low]',
      'timeout = 0',
      '[urgency_normal]',
      'timeout = 0',
      '[urgency_critical]',
      'timeout = 0',
      '',
    ].join('\n'),
  );
  const service = new Service('dunst', ['-conf', config]);
  await untilReady(service, () => ownsName('org.freedesktop.Notifications'));
  return service;
}

/** An unlocked key store behind org.freedesktop.secrets. */
export async function startKeyring(): Promise<Service> {
  const service = new Service(
    'gnome-keyring-daemon',
    ['--unlock', '--foreground', '--components=secrets'],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  service.child.stdin?.end(KEYRING_PASSWORD);
  await untilReady(service, () => ownsName('org.freedesktop.secrets'));
  return service;
}

/** Sound without hardware: one silent default sink; tests add their own and listen to the monitors. */
export async function startSound(folder: string, runtime: string): Promise<Service> {
  const script = join(folder, 'session.pa');
  await writeFile(
    script,
    [
      'load-module module-native-protocol-unix',
      'load-module module-null-sink sink_name=nobody sink_properties=device.description=Nobody',
      'set-default-sink nobody',
      '',
    ].join('\n'),
  );
  const config = join(folder, 'daemon.conf');
  // What Chromium and WebRTC use: nothing is resampled on its way to a test's ear.
  await writeFile(config, 'default-sample-rate = 48000\nalternate-sample-rate = 48000\n');
  const env = { ...process.env, PULSE_CONFIG: config };
  const service = new Service(
    'pulseaudio',
    ['--daemonize=no', '--exit-idle-time=-1', '--disallow-exit=yes', '-n', '-F', script],
    { env },
  );
  const socket = join(runtime, 'pulse', 'native');
  await untilReady(service, async () =>
    existsSync(socket) ? succeeds('pactl', ['info'], /Server Name/) : null,
  );
  return service;
}

/** The tray: whoever shows icons registers with it, and tests read them there. */
export async function startTrayWatcher(): Promise<Service> {
  const program = fileURLToPath(new URL('./status-notifier-watcher.ts', import.meta.url));
  const service = new Service(process.execPath, [program]);
  await untilReady(service, () => ownsName('org.kde.StatusNotifierWatcher'));
  return service;
}

const ownsName = (name: string): Promise<true | null> =>
  succeeds(
    'dbus-send',
    [
      '--session',
      '--print-reply',
      '--dest=org.freedesktop.DBus',
      '/org/freedesktop/DBus',
      'org.freedesktop.DBus.NameHasOwner',
      `string:${name}`,
    ],
    /boolean true/,
  );

function succeeds(command: string, args: readonly string[], pattern: RegExp): Promise<true | null> {
  return new Promise((resolve) => {
    execFile(command, [...args], { timeout: 2000 }, (error, stdout) => {
      resolve(error === null && pattern.test(stdout) ? true : null);
    });
  });
}
