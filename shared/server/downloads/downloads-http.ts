import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { Hono, type Context } from 'hono';
import { parseRange } from './byte-range.ts';
import type { DownloadFolder } from './download-folder.ts';

/**
 * `GET /downloads` lists the files as JSON (`{ files: [{ name, size, kind, changedAt }] }`), `GET /downloads/NAME` is one of
 * them, whole or a range of it. For everybody: who gets the app has no account yet.
 */
export function downloadsHttp(folder: DownloadFolder): Hono {
  const app = new Hono();
  app.get('/', async (context) => {
    context.header('Cache-Control', 'no-cache');
    return context.json({ files: await folder.list() });
  });
  app.get('/:name', async (context) => {
    const found = await folder.find(context.req.param('name'));
    if (found === null) {
      const message = 'There is no such file to download.';
      return context.json({ error: 'not-found', message }, 404);
    }
    const { path, download } = found;
    const { name, size, kind, changedAt } = download;
    const tag = `"${size.toString(36)}-${changedAt.toString(36)}"`;
    context.header('Accept-Ranges', 'bytes');
    context.header('ETag', tag);
    // The feed says which version is the newest: an old answer hides an update.
    context.header('Cache-Control', kind === 'feed' ? 'no-store' : 'no-cache');
    context.header('Content-Type', 'application/octet-stream');
    context.header(
      'Content-Disposition',
      `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
    );
    if (context.req.header('If-None-Match') === tag) return context.body(null, 304);
    return bytes(context, path, size);
  });
  return app;
}

function bytes(context: Context, path: string, size: number): Response {
  const range = parseRange(context.req.header('Range'), size);
  if (range === 'unsatisfiable') {
    context.header('Content-Range', `bytes */${size}`);
    return context.body(null, 416);
  }
  const { first, last } = range ?? { first: 0, last: size - 1 };
  context.header('Content-Length', String(last - first + 1));
  if (range !== null) context.header('Content-Range', `bytes ${first}-${last}/${size}`);
  const status = range === null ? 200 : 206;
  if (context.req.method === 'HEAD' || size === 0) return context.body(null, status);
  // Node's stream and the web's say the same with other types.
  const stream = Readable.toWeb(createReadStream(path, { start: first, end: last }));
  return context.body(stream as ReadableStream, status);
}
