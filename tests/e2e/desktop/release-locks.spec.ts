/** What people get cannot be turned into something else from outside: the rest of the security list, on the release packing. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { archiveNames, STRAY } from '../../../build/electron/archive-names.ts';
import { packedArchive, packedExecutable } from '../../../build/electron/pack-paths.ts';
import { desktopCommand } from './desktop.ts';
import { collectComplaints, launchRelease, phoneArguments, phoneEnvironment } from './phone-app.ts';
import type { ReleasedPhone } from './phone-app.ts';

const release = packedExecutable('release');

/** The release with `parkline-phone`'s usage as its only task: it ends by itself. */
function runBriefly(env: NodeJS.ProcessEnv, ...args: string[]): string {
  const result = spawnSync(release, [...args, '--ozone-platform=headless', '--command', '--help'], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: 20_000,
  });
  return `${result.stdout}${result.stderr}`;
}

test('it does not become a Node, nor take code or a debugger from outside', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parkline-locks-'));
  const marker = join(folder, 'marker');
  const intruder = join(folder, 'intruder.cjs');
  writeFileSync(intruder, `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '')`);
  expect(runBriefly({ ELECTRON_RUN_AS_NODE: '1' }, intruder)).toContain('Usage: parkline-phone');
  expect(runBriefly({ NODE_OPTIONS: `--require ${intruder}` })).toContain('Usage: parkline-phone');
  expect(existsSync(marker), 'nothing of it ran').toBe(false);
  const inspected = runBriefly({}, '--inspect=127.0.0.1:0', '--inspect-brk=127.0.0.1:0');
  expect(inspected).toContain('Usage: parkline-phone');
  expect(inspected).not.toContain('Debugger listening');
});

test.describe('while it runs', () => {
  let phone: ReleasedPhone;
  let complaints: readonly string[];
  let configFolder: string;

  test.beforeAll(async () => {
    configFolder = mkdtempSync(join(tmpdir(), 'parkline-locks-'));
    phone = await launchRelease({ configFolder });
    complaints = collectComplaints(phone.page);
  });
  test.afterAll(() => phone.close());

  test('no text becomes code, and no file of the machine is read', async () => {
    const seen = await phone.page.evaluate(async () => {
      // Later, by the page itself: what a debugger evaluates directly may make functions of text.
      const made = await new Promise<string>((resolve) => {
        setTimeout(() => {
          try {
            resolve(String(new Function('return 1')()));
          } catch (error) {
            resolve(error instanceof Error ? error.name : 'thrown');
          }
        }, 0);
      });
      const file = await fetch('file:///etc/hostname').then(
        () => 'read',
        () => 'refused',
      );
      return { made, file };
    });
    expect(seen).toEqual({ made: 'EvalError', file: 'refused' });
  });

  test('a profile has one phone: a second start ends, and the first comes to the front', async () => {
    const second = spawn(release, phoneArguments({}), {
      env: phoneEnvironment({}, configFolder),
      stdio: 'ignore',
    });
    const code = await new Promise((resolve) => second.once('exit', resolve));
    expect(code).toBe(0);
    await expect.poll(() => desktopCommand('wmctrl', '-l')).toContain('Parkline · test');
  });

  test('its command line is for its user alone', async () => {
    const socket = join(process.env['XDG_RUNTIME_DIR'] ?? '', 'parkline-phone-test.sock');
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    const { uid } = statSync(socket);
    expect(uid).toBe(process.getuid?.());
    const program = join(dirname(release), 'resources', 'bin', 'parkline-phone');
    const asked = spawnSync(program, ['--profile', 'test', 'status', '--json'], {
      encoding: 'utf8',
      env: { ...process.env, DISPLAY: undefined },
    });
    expect(JSON.parse(asked.stdout)).toMatchObject({ kind: 'done', registration: 'signed-out' });
    expect(asked.status).toBe(0);
    const nobody = spawnSync(program, ['--profile', 'other', 'list'], { encoding: 'utf8' });
    expect(nobody.status).toBe(3);
    expect(nobody.stderr).toContain('No phone runs here');
  });

  test('what it keeps is for its user alone, and its page has nothing to complain about', () => {
    const profile = join(configFolder, 'Parkline', 'profiles', 'test');
    expect(statSync(profile).mode & 0o077).toBe(0);
    expect(complaints.filter((line) => !line.includes('file:///etc/hostname'))).toEqual([]);
  });
});

test('the archive holds no source maps, no tests and nothing of the server', () => {
  const names = archiveNames(packedArchive('release'));
  expect(names).toContain('electron/main.cjs');
  expect(names.filter((name) => STRAY.test(name))).toEqual([]);
});
