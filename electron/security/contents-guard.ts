import { shell } from 'electron';
import type { App } from 'electron';
import { APP_PAGE } from './app-files.ts';
import { safeOutsideLink } from './outside-links.ts';

/** No page of ours ever goes anywhere else, opens a window, or holds a webview. Links leave through the system's browser. */
export function guardContents(app: App): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      if (!isOwnPage(event.url)) event.preventDefault();
    });
    contents.on('will-frame-navigate', (event) => {
      if (!isOwnPage(event.url)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      openOutside(url);
      return { action: 'deny' };
    });
  });
}

const isOwnPage = (url: string): boolean => url === APP_PAGE || url.startsWith(`${APP_PAGE}#`);

/** Opens a web page or a mail outside; anything else is ignored. */
export function openOutside(link: string): void {
  const safe = safeOutsideLink(link);
  if (safe !== null) void shell.openExternal(safe);
}
