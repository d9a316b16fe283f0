import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import type { ParkServer } from '../../shared/server/park-server.ts';
import { cli, CliProcess } from './kit/cli.ts';
import {
  addUsers,
  loopbackConfig,
  portOf,
  removeDirectory,
  startServer,
  temporaryDirectory,
} from './kit/park-server.ts';
import { WirePhone } from './kit/wire-phone.ts';

let root: string;
let dataDir: string;
let server: ParkServer | undefined;

beforeEach(() => {
  root = temporaryDirectory();
  dataDir = join(root, 'data');
  server = undefined;
});

afterEach(async () => {
  await server?.close({ graceMs: 0 });
  removeDirectory(root);
});

function csv(...lines: readonly string[]): string {
  const path = join(root, 'users.csv');
  writeFileSync(path, lines.join('\r\n'));
  return path;
}

async function run(...args: readonly string[]) {
  return cli([...args, '--data', dataDir]);
}

async function extensions(): Promise<unknown> {
  return JSON.parse((await run('user', 'list', '--json')).out);
}

async function running(): Promise<ParkServer> {
  server = await startServer(loopbackConfig(dataDir));
  return server;
}

describe('user import', () => {
  it('takes a file with names, quotes and any order of columns', async () => {
    const file = csv('name,Extension,password', '"Smith, ""Bob""",101,a-1', 'Zoë,102,b:2', '');
    const imported = await run('user', 'import', file);
    expect(imported).toMatchObject({ status: 0, out: '2 added, 0 changed.' });
    expect(await extensions()).toEqual({
      tenant: 'default',
      users: [
        { extension: '101', displayName: 'Smith, "Bob"' },
        { extension: '102', displayName: 'Zoë' },
      ],
    });
  });

  it('names every bad line and imports nothing', async () => {
    const file = csv(
      'extension,password,name',
      '101,one,Bob',
      'one-o-two,two,Alice',
      '103,,Carol',
      '104,four',
      '101,five,Bob again',
    );
    const refused = await run('user', 'import', file);
    expect(refused.status).toBe(1);
    expect(refused.err.split('\n').slice(1)).toEqual([
      '  line 3: "one-o-two" is not an extension (1 to 15 digits)',
      '  line 4: the password is missing',
      '  line 5: 3 fields are needed, there are 2',
      '  line 6: extension 101 is on line 2 already',
    ]);
    expect(existsSync(dataDir)).toBe(false);
  });

  it('names the bad lines to programs too', async () => {
    const refused = await run('user', 'import', csv('extension,password,name', 'x,y,z'), '--json');
    expect(JSON.parse(refused.err)).toMatchObject({
      error: 'bad-lines',
      details: { lines: [{ line: 2 }] },
    });
  });

  it('says what the first line must be, and that a file is missing', async () => {
    const refused = await run('user', 'import', csv('101,secret,Bob'));
    expect(refused.err).toContain('the first line must be "extension,password,name"');
    const missing = await run('user', 'import', join(root, 'nowhere.csv'));
    expect(missing).toMatchObject({ status: 1 });
    expect(missing.err).toContain('cannot be read');
  });

  it('changes name and password of an extension that exists', async () => {
    await run('user', 'import', csv('extension,password,name', '101,old,Bob'));
    const again = await run('user', 'import', csv('extension,password,name', '101,new,Robert'));
    expect(again.out).toBe('0 added, 1 changed.');
    const phone = await WirePhone.udp(portOf(await running(), 'udp'));
    expect((await phone.register({ extension: '101', password: 'new' })).status).toBe(200);
    await phone.close();
  });
});

describe('users', () => {
  it('are added with a password from standard input, or with one made up and printed once', async () => {
    const args = ['user', 'add', '101', '--password-stdin', '--name', 'Bob', '--data', dataDir];
    expect(await cli(args, 'typed\n')).toMatchObject({
      status: 0,
      out: 'Extension 101 was added.',
    });
    const made = await run('user', 'add', '102', '--json');
    const { password } = z.object({ password: z.string() }).parse(JSON.parse(made.out));
    const phone = await WirePhone.udp(portOf(await running(), 'udp'));
    expect((await phone.register({ extension: '101', password: 'typed' })).status).toBe(200);
    expect((await phone.register({ extension: '102', password })).status).toBe(200);
    await phone.close();
  });

  it('are refused with a sentence', async () => {
    await run('user', 'add', '101', '--password', 'x');
    const sentences = [
      [
        ['user', 'add', '101', '--password', 'x'],
        'Extension 101 exists already in tenant default.',
      ],
      [
        ['user', 'add', 'bob', '--password', 'x'],
        '"bob" is not an extension: 1 to 15 digits are needed.',
      ],
      [['user', 'add', '105', '--password', ''], 'The password is missing.'],
      [['user', 'remove', '999'], 'There is no extension 999 in tenant default.'],
      [
        ['user', 'passwd', '999', '--password', 'x'],
        'There is no extension 999 in tenant default.',
      ],
      [['user', 'list', '--tenant', 'acme'], 'There is no tenant acme; there is: default.'],
    ] as const;
    for (const [args, sentence] of sentences) {
      expect(await run(...args)).toMatchObject({ status: 1, err: sentence });
    }
  });

  it('change in a running server at once', async () => {
    const { registrar, directory } = await running();
    expect((await run('user', 'add', '101', '--password', 'x')).status).toBe(0);
    const phone = await WirePhone.udp(portOf(await current(), 'udp'));
    expect((await phone.register({ extension: '101', password: 'x' })).status).toBe(200);
    expect((await run('user', 'passwd', '101', '--password', 'y')).status).toBe(0);
    expect(registrar.all()).toEqual([]);
    expect((await phone.register({ extension: '101', password: 'y' })).status).toBe(200);
    expect((await run('user', 'remove', '101')).status).toBe(0);
    expect(registrar.all()).toEqual([]);
    expect(directory.tenants().flatMap(({ id }) => directory.users(id))).toEqual([]);
    await phone.close();
  });

  it('never have their password in the database', async () => {
    await run('user', 'add', '101', '--password', 'my-very-own-secret');
    const { readFileSync } = await import('node:fs');
    const bytes = readFileSync(join(dataDir, 'parkline.db'), 'latin1');
    expect(bytes).toContain('101');
    expect(bytes).not.toContain('my-very-own-secret');
    expect(statSync(dataDir).mode & 0o077).toBe(0);
  });
});

async function current(): Promise<ParkServer> {
  if (server === undefined) throw new Error('no server');
  return server;
}

describe('a running server', () => {
  it('tells who is signed in and what is parked', async () => {
    addUsers(await running(), '101');
    const phone = await WirePhone.udp(portOf(await current(), 'udp'));
    await phone.register({ extension: '101', password: 'secret-101' });
    expect(JSON.parse((await run('registrations', '--json')).out)).toMatchObject([
      { tenant: 'default', extension: '101', reachable: true, transport: 'udp' },
    ]);
    expect((await run('park', 'list')).out).toBe('No call is parked.');
    expect((await run('doctor')).status).toBe(0);
    await phone.close();
  });

  it('keeps the token for that to its owner', async () => {
    await running();
    expect(statSync(join(dataDir, 'control.json')).mode & 0o777).toBe(0o600);
    const { url } = JSON.parse(
      (await import('node:fs')).readFileSync(join(dataDir, 'control.json'), 'utf8'),
    );
    expect((await fetch(`${url}/status`)).status).toBe(403);
    const headers = { Authorization: 'Bearer guess' };
    expect((await fetch(`${url}/status`, { headers })).status).toBe(403);
  });

  it('is not confused with one that has gone', async () => {
    await run('user', 'add', '100');
    for (const command of [['park', 'list'], ['registrations']]) {
      const refused = await run(...command);
      expect(refused.status).toBe(1);
      expect(refused.err).toMatch(/^No Parkline server is running on /);
    }
    const stale = { url: 'http://127.0.0.1:9', token: 'x'.repeat(43), pid: 1 };
    writeFileSync(join(dataDir, 'control.json'), JSON.stringify(stale));
    expect((await run('registrations')).err).toMatch(/^No Parkline server is running on /);
    expect((await run('user', 'add', '101')).status).toBe(0);
  });
});

describe('where there is no data', () => {
  const sentence = () => `There is no Parkline data at ${dataDir}: `;

  it.each([
    ['user list'],
    ['user remove 101'],
    ['user passwd 101'],
    ['tenant list'],
    ['tenant domains acme acme.test'],
    ['park list'],
    ['registrations'],
    ['demo call 101'],
  ])('"%s" says so and makes nothing', async (command) => {
    const refused = await run(...command.split(' '));
    expect(refused).toMatchObject({ status: 1, out: '' });
    expect(refused.err).toBe(
      `${sentence()}look whether --data is right, or make some with parkline user add or parkline serve.`,
    );
    expect(existsSync(dataDir)).toBe(false);
  });

  it('the doctor says so and looks no further', async () => {
    const { status, out } = await run('doctor');
    expect(status).toBe(1);
    expect(out.split('\n').slice(1)).toEqual([
      expect.stringMatching(/^FAIL data: There is no Parkline data at /),
    ]);
    expect(existsSync(dataDir)).toBe(false);
  });

  it('nothing is put into a directory of something else', async () => {
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'letter.txt'), 'Dear Bob');
    expect((await run('user', 'list')).err).toContain(sentence());
    expect(readdirSync(dataDir)).toEqual(['letter.txt']);
  });

  it('programs are told by a word', async () => {
    for (const command of [['user', 'list'], ['registrations']]) {
      expect(JSON.parse((await run(...command, '--json')).err)).toMatchObject({ error: 'no-data' });
    }
  });

  it('the commands that begin with it make it, with the directories above', async () => {
    const deep = join(root, 'a', 'b', 'c');
    expect(await cli(['tenant', 'add', 'acme', '--data', deep])).toMatchObject({ status: 0 });
    expect(statSync(join(root, 'a')).mode & 0o077).toBe(0);
    expect((await cli(['tenant', 'list', '--data', deep])).out).toContain('acme');
  });

  // Only Linux has directories that are there and answer "no such directory" to whoever makes one in them.
  it.runIf(process.platform === 'linux').each([['/proc/x'], ['/proc/x/y']])(
    'and none can be made, as at %s, it is refused',
    async (place) => {
      const tool = new CliProcess(['user', 'add', '101', '--data', place]);
      onTestFinished(() => tool.kill('SIGKILL'));
      expect(await tool.ended).toMatchObject({ code: 1 });
      expect(tool.err.trim()).toBe(
        `The data directory ${place} cannot be used: no directory can be made there.`,
      );
    },
  );
});

describe('tenants', () => {
  it('are added, listed and given domains, and a running server takes them over', async () => {
    const { directory } = await running();
    const needy = await run('tenant', 'add', 'globex', '--domain', 'globex.test');
    expect(needy.status).toBe(1);
    expect(needy.err).toContain('parkline tenant domains NAME DOMAIN');
    expect((await run('tenant', 'domains', 'default', 'acme.test')).out).toBe(
      'Tenant default has the domains acme.test.',
    );
    expect((await run('tenant', 'add', 'globex', '--domain', 'globex.test')).out).toBe(
      'Tenant globex was added.',
    );
    expect(directory.tenantByHost('globex.test')?.name).toBe('globex');
    expect((await run('user', 'add', '101')).err).toContain('say which with --tenant');
    await run('user', 'add', '101', '--tenant', 'globex');
    expect(JSON.parse((await run('tenant', 'list', '--json')).out)).toEqual([
      { name: 'default', domains: ['acme.test'], extensions: 0 },
      { name: 'globex', domains: ['globex.test'], extensions: 1 },
    ]);
  });

  it('are all served by a server that is told no name', async () => {
    await run('tenant', 'add', 'acme', '--domain', 'acme.test');
    await run('tenant', 'add', 'globex', '--domain', 'globex.test');
    const { directory } = await running();
    expect(directory.tenants().map(({ name }) => name)).toEqual(['acme', 'globex']);
  });
});

describe('the command line', () => {
  it('explains itself', async () => {
    expect((await cli([])).out).toContain('parkline serve');
    expect((await cli(['serve', '--help'])).out).toContain('--insecure-no-auth');
    expect((await cli(['user'])).err).toContain('parkline user import');
    expect(await cli(['pork'])).toMatchObject({ status: 2 });
    expect((await cli(['user', 'add'])).status).toBe(2);
    expect((await cli(['serve', '--prot', '1'])).err).toContain("Unknown option '--prot'");
  });

  it.each([
    [['--listen', '127.0.0.1:5060'], 'it starts with udp:, tcp:, tls:, ws: or wss:'],
    [['--listen', 'udp:127.0.0.1'], 'the port is missing'],
    [['--listen', 'udp:127.0.0.1:99999'], 'the port is a number from 0 to 65535'],
    [['--http', '8080'], 'an address and a port are needed'],
    [['--media', 'bind'], 'it is written bind=IP or bind=IP,advertise=IP'],
    [['--media', 'advertise=10.0.0.5'], 'it is written bind=IP'],
    [['--media', 'bind=10.0.0.5,bind=10.0.0.6'], 'it is written bind=IP'],
    [['--log-level', 'loud'], '--log-level is one of'],
    [['--grace', 'long'], '--grace is a number of seconds'],
  ])('names what is wrong in %j', async (args, sentence) => {
    const refused = await run('serve', ...args);
    expect(refused.status).toBe(2);
    expect(refused.err).toContain(sentence);
  });

  it.each([
    [['--media', 'bind=127.0.0.1', '--media', 'bind=127.0.0.1'], 'One address is named twice'],
    [['--media', 'bind=0.0.0.0'], 'Media needs one address of this machine, not a wildcard'],
    [['--public-url', 'phones.example.org'], 'publicUrl: It is written https://HOST[:PORT]'],
    [['--media', 'bind=192.0.2.1'], 'the address in --media cannot be listened on'],
  ])('does not start with %j', async (args, sentence) => {
    const refused = await run('serve', '--listen', 'udp:127.0.0.1:0', ...args);
    expect(refused.status).toBe(1);
    expect(refused.err).toContain(sentence);
  });

  it('refuses to go without authentication where others can reach it', async () => {
    const refused = await run('serve', '--insecure-no-auth', '--listen', 'udp:192.0.2.1:5060');
    expect(refused.status).toBe(1);
    expect(refused.err).toContain('Without authentication the server listens on loopback only');
  });

  it.each([
    ['tls:127.0.0.1:0', 'tls needs a certificate: give --cert FILE and --key FILE'],
    ['udp:0.0.0.0:0', 'a wildcard address needs to know how phones reach it'],
    ['udp:192.0.2.1:0', 'this machine has no such address'],
  ])('says why it cannot listen on %s', async (listen, sentence) => {
    const refused = await run('serve', '--listen', listen, '--http', '127.0.0.1:0');
    expect(refused.status).toBe(1);
    expect(refused.err).toContain(sentence);
  });
});

it('makes the demo’s extensions once and keeps their passwords', async () => {
  const first = JSON.parse((await run('demo', 'setup', '--json')).out);
  const second = JSON.parse((await run('demo', 'setup', '--json')).out);
  expect(second).toEqual(first);
  expect(statSync(join(dataDir, 'demo.json')).mode & 0o777).toBe(0o600);
  server = await startServer(loopbackConfig(dataDir), { demo: true });
  const phone = await WirePhone.udp(portOf(server, 'udp'));
  for (const { extension, password } of first.users) {
    expect((await phone.register({ extension, password })).status).toBe(200);
  }
  const discovered = await fetch(`${server.httpUrl}/.well-known/parkline`);
  expect(await discovered.json()).toMatchObject({ demo: true });
  const { readFileSync } = await import('node:fs');
  const demo = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8'));
  expect(demo).toEqual({ server: server.httpUrl?.replace('http://', ''), ...first });
  await phone.close();
});
