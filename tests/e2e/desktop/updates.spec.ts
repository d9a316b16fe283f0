/** New versions from a server of ours: offered, fetched, held against what was promised, refused when they are something else. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { expect, test } from '@playwright/test';
import { Hono } from 'hono';
import type { UpdateState } from '../../../shared/bridge/update.ts';
import { DownloadFolder } from '../../../shared/server/downloads/download-folder.ts';
import { downloadsHttp } from '../../../shared/server/downloads/downloads-http.ts';
import type { BridgeWindow } from './bridge-page.ts';
import { launchPhone } from './phone-app.ts';
import type { DrivenPhone } from './phone-app.ts';

const NAME = 'Parkline-9.9.9-linux-x64.AppImage';

/** A server's download folder with one newer version in it, as the packing writes it. */
class Feed {
  readonly folder = mkdtempSync(join(tmpdir(), 'parkline-feed-'));
  readonly marker = join(this.folder, 'started');
  readonly #server = serve({
    fetch: new Hono().route('/downloads', downloadsHttp(new DownloadFolder(this.folder))).fetch,
    hostname: '127.0.0.1',
    port: 0,
  });

  get url(): string {
    // A server that listens on TCP has an address of this kind.
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  offer(): void {
    const program = `#!/bin/sh\necho started > '${this.marker}'\n`;
    const sha512 = createHash('sha512').update(program).digest('base64');
    writeFileSync(join(this.folder, NAME), program);
    const list = [
      'version: 9.9.9',
      `files:\n  - url: ${NAME}\n    sha512: ${sha512}\n    size: ${program.length}`,
      `path: ${NAME}\nsha512: ${sha512}`,
      "releaseNotes: 'Better <b>music</b>.'",
      "releaseDate: '2026-01-01T00:00:00.000Z'",
    ];
    writeFileSync(join(this.folder, 'latest-linux.yml'), `${list.join('\n')}\n`);
  }

  /** The same name and size, other bytes. */
  tamper(): void {
    const file = join(this.folder, NAME);
    writeFileSync(file, readFileSync(file, 'utf8').replace('echo', 'exec'));
  }

  close(): void {
    this.#server.close();
  }
}

interface Installed {
  readonly phone: DrivenPhone;
  /** The AppImage that it thinks it was started from. */
  readonly appImage: string;
  readonly cache: string;
}

async function installed(feed: Feed): Promise<Installed> {
  const folder = mkdtempSync(join(tmpdir(), 'parkline-installed-'));
  const appImage = join(folder, 'Parkline.AppImage');
  writeFileSync(appImage, 'the old version');
  const cache = join(folder, 'cache');
  const phone = await launchPhone({ env: { APPIMAGE: appImage, XDG_CACHE_HOME: cache } });
  const loadedAnew = phone.page.waitForEvent('load');
  await phone.page.evaluate((apiBaseUrl) => {
    void (window as unknown as BridgeWindow).parkline.allowServer({
      webSocketUrl: apiBaseUrl.replace('http', 'ws'),
      apiBaseUrl,
      signIn: { server: apiBaseUrl, extension: '102', password: 'x' },
    });
  }, feed.url);
  await loadedAnew;
  return { phone, appImage, cache };
}

type Ask = 'checkForUpdate' | 'fetchUpdate' | 'installUpdate';

const ask = (phone: DrivenPhone, what: Ask): Promise<void> =>
  phone.page.evaluate((name) => (window as unknown as BridgeWindow).parkline[name](), what);

const state = (phone: DrivenPhone): Promise<UpdateState> =>
  phone.page.evaluate(() => (window as unknown as BridgeWindow).parkline.updateState());

let feed: Feed;
test.beforeEach(() => {
  feed = new Feed();
});
test.afterEach(() => feed.close());

test('a new version is offered with its notes, fetched, installed in place of the old one, and started', async () => {
  feed.offer();
  const { phone, appImage } = await installed(feed);
  expect((await state(phone)).kind).toBe('idle');
  await ask(phone, 'checkForUpdate');
  const offered = { version: '9.9.9', notes: 'Better <b>music</b>.' };
  expect(await state(phone)).toEqual({ kind: 'offered', ...offered });
  expect(readFileSync(appImage, 'utf8'), 'nothing happens unasked').toBe('the old version');
  await ask(phone, 'fetchUpdate');
  expect(await state(phone)).toEqual({ kind: 'ready', ...offered });
  const ended = phone.app.waitForEvent('close');
  await ask(phone, 'installUpdate');
  await ended;
  expect(readFileSync(appImage, 'utf8')).toContain('#!/bin/sh');
  await expect.poll(() => existsSync(feed.marker)).toBe(true);
});

test('what is not what was promised is refused, thrown away, and never installed', async () => {
  feed.offer();
  feed.tamper();
  const { phone, appImage, cache } = await installed(feed);
  await ask(phone, 'checkForUpdate');
  await ask(phone, 'fetchUpdate');
  expect(await state(phone)).toEqual({ kind: 'failed', problem: 'tampered' });
  await ask(phone, 'installUpdate');
  await phone.page.waitForTimeout(300);
  expect(phone.app.process().exitCode).toBeNull();
  expect(readFileSync(appImage, 'utf8')).toBe('the old version');
  const left = existsSync(cache) ? readdirSync(cache, { recursive: true }).map(String) : [];
  expect(left.filter((name) => name.endsWith('.AppImage'))).toEqual([]);
  await phone.close();
});

test('during a call an update asks first; a server without a list of versions is told as such', async () => {
  const { phone } = await installed(feed);
  await ask(phone, 'checkForUpdate');
  expect(await state(phone)).toEqual({ kind: 'failed', problem: 'no-feed' });
  feed.offer();
  await ask(phone, 'checkForUpdate');
  await ask(phone, 'fetchUpdate');
  await phone.page.evaluate(() => {
    const { parkline } = window as unknown as BridgeWindow;
    void parkline.setBusy(true);
    parkline.onEvent((event) => {
      if (event.kind === 'quit-requested') document.title = event.why;
    });
  });
  await ask(phone, 'installUpdate');
  await expect.poll(() => phone.page.title()).toBe('update');
  expect(phone.app.process().exitCode).toBeNull();
  await phone.close();
});
