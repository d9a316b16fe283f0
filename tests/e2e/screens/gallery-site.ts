import { readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildForUse } from '../../../build/electron/bundle.ts';
import { contentSecurityPolicy, NONCE_PLACEHOLDER } from '../../../shared/bridge/content-policy.ts';
import { rendererOptions } from '../../../vite.config.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
/** Not in the project: whoever runs the desktop tests may only read it. */
const OUT = join(tmpdir(), `parkline-gallery-${process.pid}`);
const NONCE = 'Z2FsbGVyeQ';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export interface GallerySite {
  readonly url: string;
  close(): Promise<void>;
}

/** Builds the gallery as the phone is built and serves it under the phone's own content policy. */
export async function openGallery(): Promise<GallerySite> {
  await buildForUse({
    ...rendererOptions,
    configFile: false,
    logLevel: 'warn',
    root: here('./gallery'),
    build: {
      ...rendererOptions.build,
      outDir: OUT,
      minify: false,
      rolldownOptions: {
        input: [here('./gallery/index.html'), here('./gallery/small-window.html')],
      },
    },
  });
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://gallery').pathname;
    const file = join(OUT, normalize(path === '/' ? '/index.html' : path));
    readFile(file).then(
      (bytes) => {
        response.writeHead(200, {
          'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
          'Content-Security-Policy': contentSecurityPolicy({ nonce: NONCE, connect: [] }),
        });
        response.end(
          extname(file) === '.html' ? bytes.toString().replaceAll(NONCE_PLACEHOLDER, NONCE) : bytes,
        );
      },
      () => response.writeHead(404).end(),
    );
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/`,
    async close() {
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await rm(OUT, { recursive: true, force: true });
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}
