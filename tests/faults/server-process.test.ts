import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createServer } from 'node:net';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newestSchemaVersion } from '../../shared/server/store/migrations.ts';
import { cli, CliProcess, serveProcess } from '../interop/kit/cli.ts';
import { eventually } from '../interop/kit/eventually.ts';
import { removeDirectory, temporaryDirectory } from '../interop/kit/park-server.ts';
import { WirePhone } from '../interop/kit/wire-phone.ts';

const JOURNAL_WRITER = fileURLToPath(new URL('journal-writer.ts', import.meta.url));

let root: string;
let dataDir: string;
let processes: CliProcess[];

beforeEach(() => {
  root = temporaryDirectory();
  dataDir = join(root, 'data');
  processes = [];
});

afterEach(async () => {
  for (const { child } of processes) child.kill('SIGKILL');
  await Promise.all(processes.map(({ ended }) => ended));
  removeDirectory(root);
});

async function serve(extra: readonly string[] = []) {
  const started = await serveProcess(dataDir, extra);
  processes.push(started.server);
  return started;
}

/** `serve` that is expected to give up. */
async function refusal(args: readonly string[]): Promise<string> {
  const server = new CliProcess(['serve', '--data', dataDir, ...args]);
  processes.push(server);
  expect(await server.ended).toEqual({ code: 1, signal: null });
  return server.err;
}

function database(): Sqlite.Database {
  return new Sqlite(join(dataDir, 'parkline.db'));
}

describe('a log that cannot be written', () => {
  it.skipIf(!existsSync('/dev/full'))(
    'neither keeps a server from starting nor from stopping, nor holds anything up',
    { timeout: 60_000 },
    async () => {
      const full = openSync('/dev/full', 'w');
      const doors = ['--listen', 'udp:127.0.0.1:0', '--log-level', 'debug', '--json'];
      const server = new CliProcess(['serve', '--data', dataDir, ...doors], full);
      closeSync(full);
      processes.push(server);
      const [, udp = ''] = await server.says(/"udp:127\.0\.0\.1:(\d+)"/);
      await cli(['user', 'add', '101', '--password', 'secret', '--data', dataDir]);
      const phone = await WirePhone.udp(Number(udp));
      for (let round = 0; round < 3; round += 1) {
        const signedIn = await phone.register({ extension: '101', password: 'secret' });
        expect(signedIn.status).toBe(200);
      }
      server.kill('SIGTERM');
      expect(await server.ended).toEqual({ code: 0, signal: null });
      await phone.close();
    },
  );
});

describe('kill -9', () => {
  it('loses no user and no registration, at whatever moment', { timeout: 60_000 }, async () => {
    for (let round = 0; round < 3; round += 1) {
      await cli(['user', 'add', `10${round}`, '--password', 'secret', '--data', dataDir]);
      const { server, udpPort } = await serve();
      const phone = await WirePhone.udp(udpPort);
      expect((await phone.register({ extension: `10${round}`, password: 'secret' })).status).toBe(
        200,
      );
      // Bindings are written behind by half a second at most.
      await new Promise((resolve) => setTimeout(resolve, 700));
      const writer = hammer(phone);
      await new Promise((resolve) => setTimeout(resolve, 50 + round * 37));
      server.kill('SIGKILL');
      await server.ended;
      writer.stop();
      await phone.close();
      const db = database();
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(db.prepare('SELECT count(*) FROM users').pluck().get()).toBe(round + 1);
      expect(db.prepare('SELECT count(*) FROM bindings').pluck().get()).toBe(round + 1);
      db.close();
    }
  });

  it('loses no journal line that was written when it came', async () => {
    const writer = spawn(process.execPath, [JOURNAL_WRITER, dataDir], { stdio: 'pipe' });
    let said = '';
    const closed = once(writer, 'close');
    await new Promise<void>((resolve) => {
      writer.stdout.on('data', (data) => {
        said += String(data);
        if (said.length > 1500) resolve();
      });
    });
    writer.kill('SIGKILL');
    await closed;
    const written = Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1));
    const db = database();
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    const kept = Number(db.prepare('SELECT count(*) FROM journal').pluck().get());
    expect(written).toBeGreaterThan(100);
    expect(kept).toBeGreaterThanOrEqual(written);
    db.close();
  });

  it('leaves what was parked in the journal as lost', async () => {
    const first = await serve();
    first.server.kill('SIGKILL');
    await first.server.ended;
    const db = database();
    const tenant = String(db.prepare('SELECT id FROM tenants').pluck().get());
    const record = {
      tenantId: tenant,
      parkId: 'abcdefghijklmnopqrstuvwxyz',
      slot: '102',
      parker: '101',
      caller: { name: 'Client', number: '003386002678', anonymous: false },
      state: 'recalling',
      version: 3,
      parkedAt: Date.now() - 1000,
      parkerUserId: 'bob',
      parkerDeviceId: 'instance:1',
      dialog: {},
      leg: {},
    };
    db.prepare('INSERT INTO parked_calls VALUES (?, ?, ?, ?)').run(
      record.parkId,
      tenant,
      record.parkedAt,
      JSON.stringify(record),
    );
    db.close();

    await serve();
    const after = database();
    expect(after.prepare('SELECT count(*) FROM parked_calls').pluck().get()).toBe(0);
    expect(after.prepare('SELECT park_id, kind, slot, caller_number FROM journal').all()).toEqual([
      { park_id: record.parkId, kind: 'lost', slot: '102', caller_number: '003386002678' },
    ]);
    after.close();
  });

  it('frees the data directory for the next server', async () => {
    const first = await serve();
    expect(await refusal(['--listen', 'udp:127.0.0.1:0', '--http', '127.0.0.1:0'])).toMatch(
      /Another Parkline server is running on the data directory/,
    );
    first.server.kill('SIGKILL');
    await first.server.ended;
    await serve();
  });
});

/** Keeps the server writing: one REGISTER after another, answers unread. */
function hammer(phone: WirePhone): { stop(): void } {
  const timer = setInterval(() => {
    void phone.register({ extension: '100', password: 'secret' }).catch(() => undefined);
  }, 2);
  return { stop: () => clearInterval(timer) };
}

/** Ends the thread of the media loop on SIGUSR2. */
const FRAGILE_LOOP = `
  import threads from 'node:worker_threads';
  import { syncBuiltinESMExports } from 'node:module';
  threads.Worker = class extends threads.Worker {
    constructor(url, options) {
      super(url, options);
      if (String(url).includes('loop-worker')) process.on('SIGUSR2', () => void this.terminate());
    }
  };
  syncBuiltinESMExports();`;

describe('a media thread that ends', () => {
  it('ends the server, which can be started again: nobody goes on with calls without sound', async () => {
    const preload = `data:text/javascript,${encodeURIComponent(FRAGILE_LOOP)}`;
    vi.stubEnv('NODE_OPTIONS', `--import=${preload}`);
    const { server } = await serve();
    vi.unstubAllEnvs();
    server.kill('SIGUSR2');
    expect(await server.ended).toEqual({ code: 1, signal: null });
    expect(server.err).toContain('the media loop ended');
    await serve();
  });
});

describe('SIGTERM', () => {
  it('in the very moment in which the server says that it is ready ends it cleanly', async () => {
    const { server } = await serve();
    server.kill('SIGTERM');
    expect(await server.ended).toEqual({ code: 0, signal: null });
  });

  it('while the server starts ends it cleanly, once it is up', async () => {
    const doors = ['--listen', 'udp:127.0.0.1:0', '--http', '127.0.0.1:0'];
    const server = new CliProcess(['serve', '--data', dataDir, ...doors]);
    processes.push(server);
    await eventually(() => existsSync(join(dataDir, 'parkline.db')), 20_000);
    server.kill('SIGTERM');
    expect(await server.ended).toEqual({ code: 0, signal: null });
  });

  it('ends the server cleanly: exit status 0, no control file, nothing left in the log', async () => {
    const { server, http } = await serve();
    expect((await fetch(`${http}/healthz`)).status).toBe(200);
    server.kill('SIGTERM');
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect(() => readFileSync(join(dataDir, 'control.json'))).toThrow();
    const db = database();
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
  });
});

describe('a server that cannot start says why and changes nothing', () => {
  it('a port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const inUse =
      'the port is in use by another program. Stop that program or choose another port.';
    const http = await refusal(['--listen', 'udp:127.0.0.1:0', '--http', `127.0.0.1:${port}`]);
    expect(http).toContain(`Cannot listen on http:127.0.0.1:${port}: ${inUse}`);
    const ws = await refusal(['--listen', `ws:127.0.0.1:${port}`, '--http', '127.0.0.1:0']);
    expect(ws).toContain(`Cannot listen on ws:127.0.0.1:${port}: ${inUse}`);
    other.close();
  });

  it('a configuration that was written only in part', async () => {
    const file = join(root, 'config.json');
    writeFileSync(file, '{ "listen": [{ "transport": "udp", "addr');
    expect(await refusal(['--config', file])).toContain(`${file} is no whole JSON`);
  });

  it('a configuration with wrong members, each by its path', async () => {
    const file = join(root, 'config.json');
    const config = {
      listen: [{ transport: 'udp', address: '127.0.0.1', port: 70_000 }],
      tenantSettings: { recall: { timerMs: 10 }, colour: 'red' },
    };
    writeFileSync(file, JSON.stringify(config));
    const said = await refusal(['--config', file]);
    expect(said).toContain('listen[0].port: A port is 0 to 65535');
    expect(said).toContain('tenantSettings.recall.timerMs: At least one second');
    expect(said).toContain('colour');
  });

  it('a configuration that is not there, or no object', async () => {
    expect(await refusal(['--config', join(root, 'none.json')])).toContain('cannot be read');
    const file = join(root, 'list.json');
    writeFileSync(file, '[]');
    expect(await refusal(['--config', file])).toContain('must be a JSON object');
  });

  it('a database from a newer version', async () => {
    await cli(['user', 'add', '101', '--data', dataDir]);
    const db = database();
    db.pragma(`user_version = ${newestSchemaVersion + 6}`);
    db.close();
    const before = readFileSync(join(dataDir, 'parkline.db'));
    const said = await refusal([]);
    expect(said).toContain('was written by a newer version of Parkline');
    expect(said).toContain(
      `(schema ${newestSchemaVersion + 6}; this version knows up to ${newestSchemaVersion})`,
    );
    expect(readFileSync(join(dataDir, 'parkline.db')).equals(before)).toBe(true);
  });

  it('a file that is no database, or somebody else’s', async () => {
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'parkline.db'), 'this is a letter to my aunt '.repeat(100));
    expect(await refusal([])).toContain('is not a Parkline database');
    writeFileSync(join(dataDir, 'parkline.db'), '');
    const db = database();
    db.exec('CREATE TABLE songs (title TEXT)');
    db.close();
    expect(await refusal([])).toContain('is not a Parkline database');
  });

  it('settings in the database that were written only in part', async () => {
    await cli(['user', 'add', '101', '--data', dataDir]);
    const db = database();
    db.prepare('UPDATE tenant_settings SET json = ?').run('{"recall":{"timerMs":30');
    db.close();
    expect(await refusal([])).toContain(
      'The settings of tenant default in the database cannot be understood',
    );
  });

  it('a data directory that is a file', async () => {
    writeFileSync(dataDir, '');
    expect(await refusal([])).toContain('a file of that name is in the way');
  });

  it('an audio address that is not ours, and music that is none', async () => {
    expect(await refusal(['--media', 'bind=192.0.2.9'])).toContain('cannot be listened on');
    const file = join(root, 'config.json');
    const listen = [{ transport: 'udp', address: '127.0.0.1', port: 0 }];
    writeFileSync(file, JSON.stringify({ listen, media: { musicFile: file } }));
    expect(await refusal(['--config', file])).toContain(`the music file ${file} cannot be used`);
  });
});
