import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { webAppFiles } from './build/electron/web-app-files.ts';
import { NONCE_PLACEHOLDER } from './shared/bridge/content-policy.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Languages whose screens we ship; React Aria brings thirty more that nobody could choose. */
const SHIPPED = new Set(['en-US', 'de-DE', 'ar-AE']);
const REACT_ARIA_LOCALE = /[\\/]intl[\\/][\w-]+[\\/]([a-z]{2}-[A-Z]{2})\.m?js$/;

function keepShippedLocales(): Plugin {
  return {
    name: 'keep-shipped-locales',
    enforce: 'pre',
    load(id) {
      const locale = REACT_ARIA_LOCALE.exec(id.split('?')[0] ?? '')?.[1];
      if (locale === undefined || !id.includes('node_modules') || SHIPPED.has(locale)) return null;
      return 'export default {};';
    },
  };
}

/** The phone's page, the same for the browser (served by the park server) and for Electron (served by `app://`). */
export const rendererOptions = {
  root: here('./renderer'),
  base: './',
  publicDir: false,
  plugins: [keepShippedLocales(), react()],
  html: { cspNonce: NONCE_PLACEHOLDER },
  build: {
    outDir: here('./dist/renderer'),
    emptyOutDir: true,
    target: 'chrome130',
    // Files beside the page only: the content policy allows no data: URL.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1600,
  },
} satisfies UserConfig;

/** The phone, the small window of the desktop app, the admin's portal at `/portal/`, and what keeps the browser app's page. */
const pages = {
  phone: here('./renderer/index.html'),
  'small-window': here('./renderer/small-window/index.html'),
  portal: here('./renderer/portal/index.html'),
  'service-worker': here('./renderer/service-worker.ts'),
};

// Only here: whoever builds another page with the options above brings a root of its own.
export default defineConfig({
  ...rendererOptions,
  plugins: [...rendererOptions.plugins, webAppFiles()],
  build: {
    ...rendererOptions.build,
    rolldownOptions: {
      input: pages,
      output: {
        // A worker's scope is the folder it comes from: the top, under a name that never changes.
        entryFileNames: ({ name }) =>
          name === 'service-worker' ? 'service-worker.js' : 'assets/[name]-[hash].js',
      },
    },
  },
});
