import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
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
  const title = await desktopCommand('xprop', '-id', id, '_NET_WM_NAME');
  return /"(.*)"/.exec(title)?.[1] ?? '';
}
