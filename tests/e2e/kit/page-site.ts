import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contentSecurityPolicy, NONCE_PLACEHOLDER } from '../../../shared/bridge/content-policy.ts';

const BUILT = fileURLToPath(new URL('../../../dist/renderer', import.meta.url));
const NONCE = 'cGFnZS1zaXRl';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};

export interface PageSite {
  readonly url: string;
  close(): Promise<void>;
}

/** The phone's page without a server of ours behind it: what the desktop app shows with another PBX. `connect`: the PBX's origins. */
export async function openPageSite(connect: readonly string[]): Promise<PageSite> {
  const root = process.env['PARKLINE_E2E_PAGE'] ?? BUILT;
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://page').pathname;
    const file = join(root, normalize(path === '/' ? '/index.html' : path));
    readFile(file).then(
      (bytes) => {
        response.writeHead(200, {
          'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
          'Content-Security-Policy': contentSecurityPolicy({ nonce: NONCE, connect }),
        });
        response.end(
          extname(file) === '.html' ? bytes.toString().replaceAll(NONCE_PLACEHOLDER, NONCE) : bytes,
        );
      },
      () => response.writeHead(404).end(),
    );
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  return {
    url: `http://127.0.0.1:${port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
