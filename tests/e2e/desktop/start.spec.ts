import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { inProject } from '../../../build/project-root.ts';
import { desktopCommand } from './desktop.ts';

/** A second start, with everything built and fetched, takes no longer. */
const SECOND_START_MS = 10_000;

/** `npm start`, in a data folder and a home of its own. */
class DemoStart {
  readonly data: string;
  readonly #child: ChildProcess;
  #printed = '';

  constructor(env: NodeJS.ProcessEnv) {
    const folder = mkdtempSync(join(tmpdir(), 'parkline-start-'));
    this.data = join(folder, 'data');
    this.#child = spawn(process.execPath, [inProject('build', 'start.ts'), '--data', this.data], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, XDG_CONFIG_HOME: join(folder, 'config'), ...env },
    });
    const keep = (piece: Buffer): void => void (this.#printed += piece.toString('utf8'));
    this.#child.stdout?.on('data', keep);
    this.#child.stderr?.on('data', keep);
  }

  get printed(): string {
    return this.#printed;
  }

  /** Extensions whose phone is signed in now. */
  async signedIn(): Promise<string[]> {
    const { stdout } = await promisify(execFile)(process.execPath, [
      inProject('shared', 'server', 'cli.ts'),
      'registrations',
      '--json',
      '--data',
      this.data,
    ]);
    const list = z.array(z.object({ extension: z.string(), reachable: z.boolean() }));
    const reachable = list.parse(JSON.parse(stdout)).filter((entry) => entry.reachable);
    return reachable.map(({ extension }) => extension).sort();
  }

  async ready(): Promise<void> {
    await expect.poll(() => this.#printed, { timeout: 30_000 }).toContain('demo call 101');
  }

  async stop(): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.#child.once('close', resolve));
    this.#child.kill('SIGTERM');
    return ended;
  }
}

const windows = (): Promise<string> => desktopCommand('wmctrl', '-l');

test('npm start opens two phones that are signed in, in ten seconds, and takes all of it away again', async () => {
  const startedAt = performance.now();
  const demo = new DemoStart({});
  await demo.ready();
  expect(performance.now() - startedAt).toBeLessThan(SECOND_START_MS);
  expect(demo.printed).not.toContain('No desktop windows');
  await expect.poll(() => demo.signedIn(), { timeout: 20_000 }).toEqual(['101', '102']);
  const opened = await windows();
  expect(opened).toContain('Parkline · 101');
  expect(opened).toContain('Parkline · 102');
  for (const extension of ['101', '102']) {
    expect(existsSync(join(demo.data, `sign-in-${extension}.json`))).toBe(false);
  }
  expect(await demo.stop()).toBe(0);
  expect(await windows()).not.toContain('Parkline');
  expect(existsSync(join(demo.data, 'demo.json'))).toBe(true);
});

test('where no window can open, npm start says why, what would mend it, and where a browser signs in', async ({
  page,
}) => {
  const demo = new DemoStart({ DISPLAY: undefined, WAYLAND_DISPLAY: undefined });
  await demo.ready();
  expect(demo.printed).toContain('No desktop windows: there is no display here.');
  expect(demo.printed).toMatch(/To mend that: +\S/);
  const address = /103 \(Carol\) +(http:\S+)/.exec(demo.printed)?.[1] ?? '';
  await page.goto(address);
  await expect.poll(() => demo.signedIn()).toEqual(['103']);
  // The password does not stay in the address, where a glance or the history would find it.
  expect(page.url()).not.toContain('sign-in');
  expect(await demo.stop()).toBe(0);
});
