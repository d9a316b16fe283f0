import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ParkServer } from '../../shared/server/park-server.ts';
import { certificateFinding } from '../../shared/server/cli/doctor-command.ts';
import { cli } from './kit/cli.ts';
import {
  loopbackConfig,
  removeDirectory,
  startServer,
  temporaryDirectory,
} from './kit/park-server.ts';

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

const run = (...args: readonly string[]) => cli([...args, '--data', dataDir]);
const addBob = () => run('user', 'add', '101', '--password', 'a-long-one', '--name', 'Bob');
const listOf = async (dir: string) =>
  JSON.parse((await cli(['user', 'list', '--json', '--data', dir])).out).users;

describe('a backup', () => {
  it('is taken while the server runs, and brought back elsewhere whole', async () => {
    await addBob();
    await run('cert', 'make', 'pbx.test');
    server = await startServer(loopbackConfig(dataDir));
    const file = join(root, 'one.backup');
    expect((await run('backup', file)).status).toBe(0);
    const elsewhere = join(root, 'elsewhere');
    const restored = await cli(['restore', file, '--data', elsewhere]);
    expect(restored).toMatchObject({ status: 0 });
    expect(await listOf(elsewhere)).toEqual([{ extension: '101', displayName: 'Bob' }]);
    const key = (dir: string) => readFileSync(join(dir, 'certificates', 'ca-key.pem'), 'utf8');
    expect(key(elsewhere)).toBe(key(dataDir));
    for (const path of [file, join(elsewhere, 'parkline.db')])
      expect(statSync(path).mode & 0o077).toBe(0);
  });

  it('overwrites nothing', async () => {
    await addBob();
    const file = join(root, 'one.backup');
    writeFileSync(file, 'mine');
    const refused = await run('backup', file);
    expect(refused.status).toBe(1);
    expect(refused.err).toContain('is there already');
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('is not brought back under a running server', async () => {
    await addBob();
    const file = join(root, 'one.backup');
    await run('backup', file);
    server = await startServer(loopbackConfig(dataDir));
    const refused = await run('restore', file, '--replace');
    expect(refused.status).toBe(1);
    expect(refused.err).toContain('running');
  });

  it('takes the place of other data only when told to, and keeps that data', async () => {
    await addBob();
    const file = join(root, 'one.backup');
    await run('backup', file);
    await run('user', 'remove', '101');
    await run('user', 'add', '102', '--password', 'a-long-one');
    expect((await run('restore', file)).err).toContain('--replace');
    expect(await listOf(dataDir)).toMatchObject([{ extension: '102' }]);
    const restored = JSON.parse((await run('restore', file, '--replace', '--json')).out);
    expect(await listOf(dataDir)).toMatchObject([{ extension: '101' }]);
    expect(existsSync(restored.kept)).toBe(true);
  });

  it('takes the place of a damaged database, which is kept as it is', async () => {
    await addBob();
    const file = join(root, 'one.backup');
    await run('backup', file);
    writeFileSync(join(dataDir, 'parkline.db'), 'spoilt');
    const { kept } = JSON.parse((await run('restore', file, '--replace', '--json')).out);
    expect(await listOf(dataDir)).toMatchObject([{ extension: '101' }]);
    expect(readFileSync(kept, 'utf8')).toBe('spoilt');
  });

  it('keeps the certificates that it replaces too: what is kept is a backup itself', async () => {
    await addBob();
    await run('cert', 'make', 'old.test');
    const file = join(root, 'one.backup');
    await run('backup', file);
    rmSync(join(dataDir, 'certificates'), { recursive: true });
    await run('cert', 'make', 'new.test');
    const authority = () => readFileSync(join(dataDir, 'certificates', 'ca-key.pem'), 'utf8');
    const replaced = authority();
    const { kept } = JSON.parse((await run('restore', file, '--replace', '--json')).out);
    expect(authority()).not.toBe(replaced);
    await run('restore', kept, '--replace');
    expect(authority()).toBe(replaced);
    expect((await run('backup', join(root, 'two.backup'))).status).toBe(0);
  });

  it.each([
    ['a file that is none', (file: string) => writeFileSync(file, 'no database'), 'not a Parkline'],
    ['half a backup', (file: string) => truncateSync(file, 20_000), 'damaged'],
    ['a file that is not there', () => undefined, 'no file'],
  ])('changes nothing when it is %s', async (what, spoil, message) => {
    await addBob();
    const file = join(root, 'one.backup');
    if (what === 'half a backup') await run('backup', file);
    spoil(file);
    const refused = await run('restore', file, '--replace');
    expect(refused.status).toBe(1);
    expect(refused.err).toContain(message);
    expect(await listOf(dataDir)).toMatchObject([{ extension: '101' }]);
  });
});

describe('cert make', () => {
  const inFolder = (name: string) => join(dataDir, 'certificates', name);
  const openssl = (...args: readonly string[]) =>
    execFileSync('openssl', args, { encoding: 'utf8' });

  it('makes an authority and a certificate that openssl finds in order for its names', async () => {
    expect((await run('cert', 'make', 'pbx.test', '192.0.2.7')).status).toBe(0);
    for (const name of [
      ['-verify_hostname', 'pbx.test'],
      ['-verify_ip', '192.0.2.7'],
    ]) {
      const verified = openssl(
        ...['verify', '-x509_strict', '-purpose', 'sslserver', ...name],
        ...['-CAfile', inFolder('ca.pem'), inFolder('server.pem')],
      );
      expect(verified).toContain('OK');
    }
    expect(() =>
      openssl(
        ...['verify', '-verify_hostname', 'other.test'],
        ...['-CAfile', inFolder('ca.pem'), inFolder('server.pem')],
      ),
    ).toThrow();
    for (const key of ['ca-key.pem', 'server-key.pem'])
      expect(statSync(inFolder(key)).mode & 0o077).toBe(0);
  });

  it('keeps the authority that everybody trusts when the certificate is renewed', async () => {
    await run('cert', 'make', 'pbx.test');
    const [authority, first] = [inFolder('ca.pem'), inFolder('server.pem')].map((path) =>
      readFileSync(path, 'utf8'),
    );
    const again = JSON.parse((await run('cert', 'make', 'pbx.test', '--json')).out);
    expect(again.newAuthority).toBe(false);
    expect(readFileSync(inFolder('ca.pem'), 'utf8')).toBe(authority);
    expect(readFileSync(inFolder('server.pem'), 'utf8')).not.toBe(first);
    expect(openssl('verify', '-CAfile', inFolder('ca.pem'), inFolder('server.pem'))).toContain(
      'OK',
    );
  });

  it('says which name is none, and that an authority’s key is another’s', async () => {
    expect(await run('cert', 'make', 'no name')).toMatchObject({ status: 2 });
    await run('cert', 'make', 'pbx.test');
    await cli(['cert', 'make', 'pbx.test', '--out', join(root, 'others')]);
    writeFileSync(inFolder('ca-key.pem'), readFileSync(join(root, 'others', 'ca-key.pem')));
    const refused = await run('cert', 'make', 'pbx.test');
    expect(refused.status).toBe(1);
    expect(refused.err).toContain('does not belong');
  });
});

describe('doctor', () => {
  it('looks at the certificate in use, also where this machine does not trust it', async () => {
    await addBob();
    await run('cert', 'make', 'localhost', '127.0.0.1');
    const config = loopbackConfig(dataDir);
    const folder = join(dataDir, 'certificates');
    server = await startServer({
      ...config,
      http: { address: '127.0.0.1', port: 0, secure: true },
      tls: { certFile: join(folder, 'server.pem'), keyFile: join(folder, 'server-key.pem') },
    });
    const { out } = await run('doctor');
    expect(out).toMatch(/^ok {3}certificate: until \d{4}-\d\d-\d\d for DNS:localhost/m);
    expect(out).toMatch(/^ok {3}fingerprint: SHA-256 (?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/m);
    expect(out).toMatch(/^ok {3}http: https:.* says ready$/m);
  });

  it('warns 14 days before a certificate ends', () => {
    const [end, day] = [Date.UTC(2027, 0, 31), 86_400_000];
    const at = (now: number) => certificateFinding({ names: 'x', validUntil: end }, now).state;
    expect(at(end - 15 * day)).toBe('ok');
    expect(at(end - 14 * day)).toBe('ok');
    expect(at(end - 14 * day + 1)).toBe('warn');
    expect(at(end)).toBe('fail');
  });
});

describe('what every desk fetches', () => {
  it('is the installers in the data directory, and the authority once it is made', async () => {
    await addBob();
    server = await startServer(loopbackConfig(dataDir));
    const get = (path: string) => fetch(`${server?.httpUrl}${path}`);
    expect(await (await get('/downloads/')).json()).toEqual({ files: [] });
    expect((await get('/trust/')).status).toBe(404);
    mkdirSync(join(dataDir, 'downloads'));
    writeFileSync(join(dataDir, 'downloads', 'Parkline-1.0.0.AppImage'), 'program');
    await run('cert', 'make', 'pbx.test');
    expect(await (await get('/downloads/Parkline-1.0.0.AppImage')).text()).toBe('program');
    expect(await (await get('/trust')).text()).toContain('fingerprint');
    expect((await get('/trust/parkline-ca.crt')).status).toBe(200);
  });
});
