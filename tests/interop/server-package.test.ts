import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeDebianPackage } from '../../build/server/debian-package.ts';
import {
  makeServerPackage,
  packTarball,
  type ServerPackage,
} from '../../build/server/server-package.ts';
import { runCommand } from '../../build/process/run-command.ts';
import { until } from '../fakes/sip-phone.ts';
import { removeDirectory, temporaryDirectory } from './kit/park-server.ts';

/** Compiling, packing and unpacking a Node take their time on a busy machine. */
const PATIENCE_MS = 240_000;
const isDebianRoot = existsSync('/usr/bin/dpkg') && process.getuid?.() === 0;

let root: string;
let made: ServerPackage;
let running: ChildProcess | undefined;

beforeAll(async () => {
  root = temporaryDirectory();
  made = await makeServerPackage(() => undefined);
}, PATIENCE_MS);
afterEach(() => void running?.kill('SIGTERM'));
afterAll(() => removeDirectory(root));

/** Starts a server program and waits until it says where its HTTP is. */
async function start(command: string, args: readonly string[], cwd: string): Promise<string> {
  let said = '';
  running = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  running.stdout?.on('data', (piece) => (said += String(piece)));
  running.stderr?.on('data', (piece) => (said += String(piece)));
  const url = () => /browser app (http:\/\/127\.0\.0\.1:\d+)\//.exec(said)?.[1];
  await until(`the server is up; it said: ${said}`, () => url() !== undefined, 30_000);
  return url() ?? '';
}

async function check(url: string): Promise<void> {
  expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ready' });
  for (const page of ['/', '/portal/']) {
    expect(await (await fetch(url + page)).text()).toContain('<!doctype html>');
  }
}

describe('the server as an npm package', () => {
  it(
    'is installed from its tarball, and serves the browser app',
    async () => {
      const home = join(root, 'npm');
      mkdirSync(home);
      writeFileSync(join(home, 'package.json'), '{}');
      const tarball = await packTarball(made);
      const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
      const installed = await runCommand('npm', ['install', ...flags, tarball], { cwd: home });
      expect(installed.code, installed.output).toBe(0);
      const program = join(home, 'node_modules', '.bin', 'parkline');
      const listen = ['--listen', 'udp:127.0.0.1:0', '--http', '127.0.0.1:0'];
      await check(await start(process.execPath, [program, 'serve', ...listen], home));
    },
    PATIENCE_MS,
  );

  it('carries no tests, no sources and no absolute path', async () => {
    const listed = await runCommand('npm', ['pack', '--dry-run', '--json'], { cwd: made.path });
    const [packed] = JSON.parse(listed.output.slice(listed.output.indexOf('[')));
    const names: string[] = packed.files.map(({ path }: { path: string }) => path);
    expect(names).toContain('shared/server/cli.js');
    expect(names).toContain('dist/renderer/index.html');
    expect(names.filter((name) => /\.test\.|(?<!\.d)\.ts$|^tests\//.test(name))).toEqual([]);
    const program = readFileSync(join(made.path, 'shared/server/park-server.js'), 'utf8');
    expect(program).not.toContain(process.cwd());
  });
});

describe.runIf(isDebianRoot)('the server as a Debian package', () => {
  it(
    'is installed, run as its own user from its unit, asked by its command, and purged',
    async () => {
      const file = await makeDebianPackage(made);
      try {
        const installed = await runCommand('dpkg', ['--install', file]);
        expect(installed.code, installed.output).toBe(0);
        const unit = '/usr/lib/systemd/system/parkline.service';
        const verified = await runCommand('systemd-analyze', ['verify', unit]);
        expect(verified.output).toBe('');
        const [, line = ''] = /^ExecStart=(.*)$/m.exec(readFileSync(unit, 'utf8')) ?? [];
        writeFileSync('/etc/parkline/server.json', loopbackConfig());
        const added = await runCommand('parkline', [
          'user',
          'add',
          '101',
          '--password',
          'secret-1',
        ]);
        expect(added.output).toContain('Extension 101 was added');
        const url = await start('runuser', ['-u', 'parkline', '--', ...line.split(' ')], '/');
        await check(url);
        const doctor = await runCommand('parkline', ['doctor']);
        expect(doctor.output).toMatch(/^ok {3}server: runs as process/m);
        expect(doctor.code).toBe(0);
      } finally {
        running?.kill('SIGTERM');
        const purged = await runCommand('dpkg', ['--purge', 'parkline-server']);
        expect(purged.code, purged.output).toBe(0);
      }
      expect(existsSync('/var/lib/parkline')).toBe(false);
    },
    PATIENCE_MS,
  );
});

/** What the package ships, on free ports. */
function loopbackConfig(): string {
  const shipped = JSON.parse(readFileSync('/etc/parkline/server.json', 'utf8'));
  for (const { address } of [...shipped.listen, shipped.http]) expect(address).toBe('127.0.0.1');
  const free = (each: object) => ({ ...each, port: 0 });
  const config = { ...shipped, listen: shipped.listen.map(free), http: free(shipped.http) };
  return JSON.stringify(config);
}
