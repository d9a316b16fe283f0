import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { extname, join, normalize, sep } from 'node:path';
import { Readable } from 'node:stream';
import type { Context, Handler } from 'hono';
import { contentSecurityPolicy, NONCE_PLACEHOLDER } from '../../bridge/content-policy.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};

/** The admin's portal, beside the phone's page. */
const PORTAL = '/portal';

export interface BrowserAppOptions {
  /** Directory of the built app; it may be absent in a checkout that was never built. */
  readonly root: string;
  /** Origins the page may talk to besides its own, for this request. */
  readonly connect: (context: Context) => readonly string[];
}

/** Serves the browser app: the page with a fresh nonce, files with their types, hashed ones for ever. */
export function browserApp(options: BrowserAppOptions): Handler {
  return async (context) => {
    // Its files are named from its own folder on.
    if (context.req.path === PORTAL) return context.redirect(`${PORTAL}/`);
    const path = fileOf(options.root, context.req.path);
    if (path === null) return context.notFound();
    return extname(path) === '.html' ? page(context, path, options) : file(context, path);
  };
}

/** The file that a path names; `null` when it points out of the directory or at a hidden file. */
function fileOf(root: string, path: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return null;
  }
  if (decoded.includes('\0') || /(^|[/\\])\./.test(decoded)) return null;
  const isPage = decoded === '/' || decoded === `${PORTAL}/`;
  const full = normalize(join(root, decoded, isPage ? 'index.html' : ''));
  return full.startsWith(normalize(root) + sep) ? full : null;
}

async function page(context: Context, path: string, options: BrowserAppOptions): Promise<Response> {
  let html: string;
  try {
    html = await readFile(path, 'utf8');
  } catch {
    return notBuilt(context);
  }
  const nonce = randomBytes(16).toString('base64');
  const policy = contentSecurityPolicy({ nonce, connect: options.connect(context) });
  context.header('Content-Security-Policy', policy);
  context.header('Cache-Control', 'no-store');
  return context.html(html.replaceAll(NONCE_PLACEHOLDER, nonce));
}

function notBuilt(context: Context): Response | Promise<Response> {
  if (context.req.path !== '/') return context.notFound();
  return context.text(
    'The browser app has not been built here. The server itself is running.\n',
    404,
  );
}

async function file(context: Context, path: string): Promise<Response> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile()) return context.notFound();
  const tag = `"${found.size.toString(36)}-${Math.trunc(found.mtimeMs).toString(36)}"`;
  // The bundler puts a hash of the content into the names of what it emits.
  const hashed = /[-.][A-Za-z0-9_-]{8,}\.\w+$/.test(path) && path.includes(`${sep}assets${sep}`);
  context.header('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
  context.header('ETag', tag);
  context.header('Content-Type', TYPES[extname(path)] ?? 'application/octet-stream');
  if (context.req.header('If-None-Match') === tag) return context.body(null, 304);
  context.header('Content-Length', String(found.size));
  if (context.req.method === 'HEAD') return context.body(null, 200);
  return context.body(Readable.toWeb(createReadStream(path)) as ReadableStream, 200);
}
