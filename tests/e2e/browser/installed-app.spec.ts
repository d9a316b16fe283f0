/** The browser app as an installed one: its manifest, its worker, and a start without a network. */
import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { TestServer } from '../kit/test-server.ts';

test.use({ serviceWorkers: 'allow' });

const manifestSchema = z.object({
  display: z.literal('standalone'),
  start_url: z.string(),
  icons: z.array(z.object({ src: z.string(), sizes: z.string() })).min(2),
});

test('opens without a network, and keeps the page and nothing else', async ({ page, context }) => {
  const server = await TestServer.start();
  try {
    await page.goto(server.url);
    const link = await page.locator('link[rel="manifest"]').getAttribute('href');
    const manifest = manifestSchema.parse(
      await (await page.request.get(new URL(link ?? '', server.url).href)).json(),
    );
    for (const { src } of manifest.icons) {
      expect((await page.request.get(new URL(src, server.url).href)).status()).toBe(200);
    }
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await expect.poll(() => page.evaluate(() => caches.keys())).toEqual(['parkline-shell-1']);
    await page.reload();
    const kept = await page.evaluate(async () => {
      const shell = await caches.open('parkline-shell-1');
      return (await shell.keys()).map(({ url }) => new URL(url).pathname);
    });
    const others = kept.filter((path) => !/^\/($|assets\/|icons\/|manifest)/.test(path));
    expect(others, 'nothing of the server’s answers is kept').toEqual([]);
    await context.setOffline(true);
    await page.reload();
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  } finally {
    await context.setOffline(false);
    await server.dispose();
  }
});
