import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { chromium, expect } from '@playwright/test';
import type { Browser } from '@playwright/test';
import { z } from 'zod';

const execFileAsync = promisify(execFile);

/** Runs a program of the desktop and gives what it prints. */
export async function desktopCommand(command: string, ...args: string[]): Promise<string> {
  const { stdout } = await execFileAsync(command, args, { timeout: 10_000 });
  return stdout.trim();
}

const field = z.object({ data: z.union([z.string(), z.number()]) });
const dunstHistory = z.object({
  data: z.array(z.array(z.object({ id: field, summary: field, body: field }))),
});

/** A notification on the screen. */
export interface Displayed {
  readonly id: number;
  readonly title: string;
  readonly body: string;
}

/** How many notifications are on the screen now. */
export async function displayedCount(): Promise<number> {
  return Number(await desktopCommand('dunstctl', 'count', 'displayed'));
}

/** Every notification that was closed in this session, newest first; dunst cannot forget them. */
export async function closedNotifications(): Promise<Displayed[]> {
  const answer = dunstHistory.parse(JSON.parse(await desktopCommand('dunstctl', 'history')));
  return (answer.data[0] ?? []).map(({ id, summary, body }) => ({
    id: Number(id.data),
    title: String(summary.data),
    body: String(body.data),
  }));
}

/** Presses the notification that came last, as a pointer would: its default action. */
export const clickNewestNotification = (): Promise<string> =>
  desktopCommand('dunstctl', 'action', '0');

export const closeAllNotifications = (): Promise<string> => desktopCommand('dunstctl', 'close-all');

/** Presses keys wherever the focus is, e.g. `ctrl+alt+r`. */
export const pressKeys = (keys: string): Promise<string> =>
  desktopCommand('xdotool', 'key', '--clearmodifiers', keys);

/** Title of the window that has the focus, as the window manager sees it; empty when none has. */
export async function activeWindowTitle(): Promise<string> {
  const root = await desktopCommand('xprop', '-root', '_NET_ACTIVE_WINDOW');
  const id = /0x[0-9a-f]+/.exec(root)?.[0] ?? '0x0';
  if (id === '0x0') return '';
  // It may have gone since.
  const title = await desktopCommand('xprop', '-id', id, '_NET_WM_NAME').catch(() => '');
  return /"(.*)"/.exec(title)?.[1] ?? '';
}

/** Moves the desktop's pointer there and clicks. */
export async function clickAt(x: number, y: number): Promise<void> {
  const at = [String(Math.round(x)), String(Math.round(y))];
  await desktopCommand('xdotool', 'mousemove', '--sync', ...at);
  await desktopCommand('xdotool', 'click', '1');
}

/** A window of some other program, into which somebody types: a small browser of its own. */
export class OtherProgram {
  readonly #browser: Browser;
  readonly #title: string;

  private constructor(browser: Browser, title: string) {
    this.#browser = browser;
    this.#title = title;
  }

  static async open(title: string): Promise<OtherProgram> {
    const browser = await chromium.launch({
      headless: false,
      executablePath: '/usr/bin/chromium',
      chromiumSandbox: true,
      args: ['--window-size=500,300', '--window-position=40,40', '--app=about:blank'],
    });
    const page = browser.contexts()[0]?.pages()[0] ?? (await browser.newPage());
    await page.setContent(`<title>${title}</title><textarea autofocus></textarea>`);
    const program = new OtherProgram(browser, title);
    await expect.poll(() => program.#isThere()).toBe(true);
    return program;
  }

  /** Gives it the focus, as its user would, and waits until the window manager says so. */
  async focus(): Promise<void> {
    await desktopCommand('wmctrl', '-a', this.#title);
    await expect.poll(activeWindowTitle).toContain(this.#title);
  }

  close(): Promise<void> {
    return this.#browser.close();
  }

  async #isThere(): Promise<boolean> {
    return (await desktopCommand('wmctrl', '-l')).includes(this.#title);
  }
}
