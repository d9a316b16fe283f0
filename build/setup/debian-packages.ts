import { existsSync } from 'node:fs';
import { runCommand } from '../process/run-command.ts';

/** What the tests use of Debian; a list inside the list means "the first of these that this release has". */
export const debianPackages: readonly (string | readonly string[])[] = [
  // A browser, and through it every library that Electron needs.
  'chromium',
  ['libgtk-3-0', 'libgtk-3-0t64'],
  ['libasound2', 'libasound2t64'],
  'libnss3',
  'libgbm1',
  'libsecret-1-0',
  // A desktop to test on.
  'xvfb',
  'openbox',
  'dunst',
  'gnome-keyring',
  'dbus',
  'dbus-x11',
  'libnotify-bin',
  'pulseaudio',
  'pulseaudio-utils',
  'xdotool',
  'wmctrl',
  'x11-utils',
  'xdg-utils',
  'libglib2.0-bin',
  'fonts-noto-core',
  'fonts-noto-cjk',
  // A network of a test's own, which loses what it is told to lose.
  'nftables',
  'iproute2',
  // Voices, and independent SIP peers.
  'espeak-ng',
  'sox',
  'sip-tester',
  'baresip-core',
  'linphone-cli',
  'kamailio',
  'kamailio-websocket-modules',
  'kamailio-presence-modules',
];

/** What became of the packages: what is still missing, and how a person would mend it. */
export interface PackageState {
  readonly missing: readonly string[];
  readonly mend: string | null;
}

const hasApt = (): boolean => process.platform === 'linux' && existsSync('/usr/bin/apt-get');
const isRoot = (): boolean => process.getuid?.() === 0;

/** Installs what is missing where that is allowed (root, Debian); elsewhere only says what is missing. */
export async function ensureDebianPackages(say: (line: string) => void): Promise<PackageState> {
  if (!hasApt()) return { missing: [], mend: null };
  const missing = await missingPackages();
  if (missing.length === 0) return { missing: [], mend: null };
  if (!isRoot()) {
    return { missing, mend: `sudo apt-get install --no-install-recommends ${missing.join(' ')}` };
  }
  say(`Installing Debian packages: ${missing.join(' ')} …`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const updated = await runCommand('apt-get', ['update', '-qq'], { env });
  const names = await availableNames(missing);
  const installed = await runCommand(
    'apt-get',
    ['install', '-y', '-qq', '--no-install-recommends', ...names],
    { env },
  );
  if (installed.code !== 0) say(updated.output + installed.output);
  const still = await missingPackages();
  return { missing: still, mend: still.length === 0 ? null : `apt-get install ${still.join(' ')}` };
}

async function missingPackages(): Promise<string[]> {
  const names = debianPackages.flat();
  const answer = await runCommand('dpkg-query', [
    '-W',
    '-f=${Package} ${db:Status-Status}\n',
    ...names,
  ]);
  return missingFrom(debianPackages, answer.output);
}

/** Reads `dpkg-query`'s list; of alternatives one is enough, and the first stands for all when none is there. */
export function missingFrom(wanted: typeof debianPackages, dpkgList: string): string[] {
  const lines = dpkgList.split('\n').map((line) => line.split(' '));
  const installed = new Set(
    lines.filter(([, state]) => state === 'installed').map(([name]) => name),
  );
  return wanted.flatMap((entry) => {
    const names = typeof entry === 'string' ? [entry] : entry;
    return names.some((name) => installed.has(name)) ? [] : names.slice(0, 1);
  });
}

/** Puts the name that this release really has in place of the first of its alternatives. */
async function availableNames(missing: readonly string[]): Promise<string[]> {
  const names: string[] = [];
  for (const name of missing) {
    const others = debianPackages.find(
      (entry) => typeof entry !== 'string' && entry.includes(name),
    );
    const alternatives = typeof others === 'object' ? others : [name];
    names.push((await firstAvailable(alternatives)) ?? name);
  }
  return names;
}

async function firstAvailable(names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const answer = await runCommand('apt-cache', ['policy', name]);
    if (/Candidate: (?!\(none\))\S/.test(answer.output)) return name;
  }
  return undefined;
}
