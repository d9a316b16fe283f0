import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';

/** The scheme and host under which the packed page lives; nothing is loaded from `file:`. */
export const APP_SCHEME = 'app';
export const APP_HOST = 'parkline';
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;
export const APP_PAGE = `${APP_ORIGIN}/index.html`;
/** Calls that want an answer, in a window that never takes the focus. */
export const SMALL_PAGE = `${APP_ORIGIN}/small-window/index.html`;

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.webmanifest': 'application/manifest+json',
};

/**
 * The file that a request names, or `null` when it is not one of ours: another host, a path that leaves the folder, or a kind of
 * file the page has no use for.
 */
export function fileOfRequest(root: string, requestUrl: string): string | null {
  const url = URL.canParse(requestUrl) ? new URL(requestUrl) : null;
  if (url === null || url.protocol !== `${APP_SCHEME}:` || url.host !== APP_HOST) return null;
  const path = decodePath(url.pathname);
  if (path === null || /[\0\\]/.test(path)) return null;
  const file = normalize(join(root, path === '/' ? 'index.html' : path));
  const inside = file.startsWith(normalize(root + sep));
  return inside && extname(file) in contentTypes ? file : null;
}

function decodePath(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return null;
  }
}

export interface PageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

export interface PageOptions {
  readonly root: string;
  readonly requestUrl: string;
  /** Fresh for every answer. */
  readonly nonce: string;
  /** Put in place of this in HTML. */
  readonly noncePlaceholder: string;
  /** Value of the Content-Security-Policy header. */
  readonly policy: string;
}

/** Answers a request for a file of the page. */
export async function answerFile(options: PageOptions): Promise<PageAnswer> {
  const file = fileOfRequest(options.root, options.requestUrl);
  const bytes = file === null ? null : await readFile(file).catch(() => null);
  if (file === null || bytes === null) return { status: 404, headers: {}, body: 'Not found' };
  const isPage = extname(file) === '.html';
  return {
    status: 200,
    headers: {
      'Content-Type': contentTypes[extname(file)] ?? 'application/octet-stream',
      'Content-Security-Policy': options.policy,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cache-Control': 'no-cache',
    },
    body: isPage
      ? bytes.toString('utf8').replaceAll(options.noncePlaceholder, options.nonce)
      : bytes,
  };
}
