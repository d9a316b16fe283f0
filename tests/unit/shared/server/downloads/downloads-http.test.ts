import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DownloadFolder, kindOf } from '../../../../../shared/server/downloads/download-folder.ts';
import { downloadsHttp } from '../../../../../shared/server/downloads/downloads-http.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'parkline-downloads-'));
  mkdirSync(join(root, 'files', 'folder'), { recursive: true });
  writeFileSync(join(root, 'secret.txt'), 'secret');
  writeFileSync(join(root, 'files', '.hidden'), 'hidden');
  writeFileSync(join(root, 'files', 'Parkline-1.0.0.AppImage'), '0123456789');
  writeFileSync(join(root, 'files', 'latest-linux.yml'), 'version: 1.0.0');
});
afterEach(() => rmSync(root, { recursive: true }));

const get = (path: string, headers: Record<string, string> = {}) =>
  downloadsHttp(new DownloadFolder(join(root, 'files'))).request(path, { headers });

describe('the download folder', () => {
  it('lists files for people and for updaters, and nothing else', async () => {
    const { files } = (await (await get('/')).json()) as { files: object[] };
    expect(files).toMatchObject([
      { name: 'Parkline-1.0.0.AppImage', size: 10, kind: 'linux' },
      { name: 'latest-linux.yml', kind: 'feed' },
    ]);
  });

  it('is empty where there is none', async () => {
    const app = downloadsHttp(new DownloadFolder(join(root, 'nowhere')));
    expect(await (await app.request('/')).json()).toEqual({ files: [] });
  });

  it('sends a file whole, in part, and not again when it is known', async () => {
    const whole = await get('/Parkline-1.0.0.AppImage');
    expect(await whole.text()).toBe('0123456789');
    expect(whole.headers.get('Content-Disposition')).toContain('attachment');
    const part = await get('/Parkline-1.0.0.AppImage', { Range: 'bytes=2-4' });
    expect([part.status, part.headers.get('Content-Range'), await part.text()]).toEqual([
      206,
      'bytes 2-4/10',
      '234',
    ]);
    expect((await get('/Parkline-1.0.0.AppImage', { Range: 'bytes=10-' })).status).toBe(416);
    const tag = whole.headers.get('ETag') ?? '';
    expect((await get('/Parkline-1.0.0.AppImage', { 'If-None-Match': tag })).status).toBe(304);
  });

  it('lets nobody keep an old list of versions', async () => {
    expect((await get('/latest-linux.yml')).headers.get('Cache-Control')).toBe('no-store');
  });

  it.each(['/../secret.txt', '/..%2fsecret.txt', '/.hidden', '/folder', '/%00', '/nothing.exe'])(
    'has no %s',
    async (path) => expect((await get(path)).status).toBe(404),
  );

  it('follows no link out of itself by a name that is a path', async () => {
    symlinkSync(root, join(root, 'files', 'link'));
    expect((await get('/link/secret.txt')).status).toBe(404);
  });

  it.each([
    ['Parkline Setup 1.0.0.exe', 'windows'],
    ['Parkline-1.0.0-arm64.dmg', 'macos'],
    ['Parkline-1.0.0-mac.zip', 'macos'],
    ['parkline_1.0.0_amd64.deb', 'linux'],
    ['latest.yml', 'feed'],
    ['Parkline Setup 1.0.0.exe.blockmap', 'feed'],
    ['readme.txt', 'other'],
  ])('knows %s as %s', (name, kind) => expect(kindOf(name)).toBe(kind));
});
