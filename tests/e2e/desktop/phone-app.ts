import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import type { Browser, ElectronApplication, Page } from '@playwright/test';
import { packedExecutable } from '../../../build/electron/pack-paths.ts';
import { attach } from './attach.ts';

export interface PhoneOptions {
  /** Name of the profile. Default `test`. */
  readonly profile?: string;
  /** A folder from an earlier launch, to start the same profile again. Default: a fresh one. */
  readonly configFolder?: string;
  /**
   * Microphone: a WAV file that plays for ever. Default: Chromium's own beeps. Either way Chromium's list of loudspeakers is made
   * up too; what plays still goes to `sink`.
   */
  readonly microphoneFile?: string;
  /** A microphone of the sound server instead: then the list of devices is the real one. Name of its PulseAudio source. */
  readonly source?: string;
  /** PulseAudio sink for everything that the page does not send elsewhere. */
  readonly sink?: string;
  /** `asked` leaves the decision to the app's own permission handlers. Default `granted`: Chromium's fake dialogue says yes. */
  readonly media?: 'granted' | 'asked';
  /** Changes to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** More arguments. */
  readonly args?: readonly string[];
  /** `basic` is a desktop without any key store. Default `gnome-libsecret`. */
  readonly passwordStore?: 'gnome-libsecret' | 'basic';
}

/** The packed app, driven by a test. */
export interface DrivenPhone {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly configFolder: string;
  /** What the page and its policy complained about: a test expects none. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

const freshFolder = (): string => mkdtempSync(join(tmpdir(), 'parkline-phone-'));

export function phoneArguments(options: PhoneOptions): string[] {
  return [
    '--profile',
    options.profile ?? 'test',
    `--password-store=${options.passwordStore ?? 'gnome-libsecret'}`,
    ...(options.media === 'asked' ? [] : ['--use-fake-ui-for-media-stream']),
    ...(options.source === undefined ? ['--use-fake-device-for-media-stream'] : []),
    ...(options.microphoneFile === undefined
      ? []
      : [`--use-file-for-fake-audio-capture=${options.microphoneFile}`]),
    ...(options.args ?? []),
  ];
}

export function phoneEnvironment(
  options: PhoneOptions,
  configFolder: string,
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined) env[name] = value;
  }
  env['XDG_CONFIG_HOME'] = configFolder;
  if (options.sink !== undefined) env['PULSE_SINK'] = options.sink;
  if (options.source !== undefined) env['PULSE_SOURCE'] = options.source;
  return { ...env, ...options.env };
}

/** Starts the `drivable` packing with a fresh profile and waits for its page. */
export async function launchPhone(options: PhoneOptions = {}): Promise<DrivenPhone> {
  const configFolder = options.configFolder ?? freshFolder();
  const app = await attach(
    {
      executablePath: packedExecutable('drivable'),
      args: phoneArguments(options),
      env: phoneEnvironment(options, configFolder),
      // Playwright would switch the sandbox off.
      chromiumSandbox: true,
    },
    configFolder,
  );
  const page = await app.firstWindow();
  const complaints = collectComplaints(page);
  await page.waitForLoadState('load');
  return { app, page, configFolder, complaints, close: () => endApp(app) };
}

/**
 * Policy violations, console errors and uncaught errors of a page, from now on. Chromium logs the challenge that HTTP digest
 * begins with as an error; it is none.
 */
export function collectComplaints(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    const challenge = message.location().url.endsWith('/api/phone/session');
    if (message.type() === 'error' && !challenge) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return complaints;
}

/** Ends an app at once, as a power cut would: nothing of a test may hang in its good-byes. */
async function endApp(app: ElectronApplication): Promise<void> {
  const ended = app.waitForEvent('close');
  app.process().kill('SIGKILL');
  await ended.catch(() => undefined);
}

/** The `release` packing over its debugging port; nothing else lets a test in. */
export interface ReleasedPhone {
  readonly process: ChildProcess;
  readonly browser: Browser;
  readonly page: Page;
  close(): Promise<void>;
}

export async function launchRelease(options: PhoneOptions = {}): Promise<ReleasedPhone> {
  const configFolder = options.configFolder ?? freshFolder();
  const args = [...phoneArguments(options), '--remote-debugging-port=0'];
  const child = spawn(packedExecutable('release'), args, {
    env: phoneEnvironment(options, configFolder),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const port = await debuggingPort(child);
  await untilPageIsThere(port);
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
  const context = browser.contexts()[0];
  const page = context?.pages()[0] ?? (await context?.waitForEvent('page'));
  if (page === undefined) throw new Error('the app has no page');
  await page.waitForLoadState('load');
  return {
    process: child,
    browser,
    page,
    close: async () => {
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGKILL');
      await ended;
      await browser.close().catch(() => undefined);
    },
  };
}

/** Waits for the page itself: whoever attaches while it is only being made may wait for ever. */
async function untilPageIsThere(port: number): Promise<void> {
  const giveUpAt = performance.now() + 30_000;
  let seen = '';
  while (performance.now() < giveUpAt) {
    const answer = await fetch(`http://127.0.0.1:${port}/json/list`).catch(() => null);
    seen = answer === null ? '' : await answer.text();
    if (seen.includes('"app://parkline/')) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the app shows no page: ${seen}`);
}

function debuggingPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let printed = '';
    const giveUp = setTimeout(() => reject(new Error(`no debugging port: ${printed}`)), 30_000);
    child.stderr?.on('data', (piece: Buffer) => {
      printed += piece.toString('utf8');
      const port = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(printed)?.[1];
      if (port === undefined) return;
      clearTimeout(giveUp);
      resolve(Number(port));
    });
  });
}

/** `/proc/<pid>/status` of a process of the app (proc(5)). */
export const processStatus = (pid: number): string => readFileSync(`/proc/${pid}/status`, 'utf8');
