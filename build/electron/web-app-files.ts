import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

/** Sizes that browsers ask for when they install a page (W3C Web App Manifest). */
const ICONS = ['256x256', '512x512'] as const;

const icon = (size: string): string =>
  fileURLToPath(new URL(`../icons/png/${size}.png`, import.meta.url));

/** What makes the browser app installable: its manifest and icons, at places that never change. */
export function webAppFiles(): Plugin {
  return {
    name: 'web-app-files',
    apply: 'build',
    generateBundle() {
      const manifest = {
        id: '/',
        name: 'Parkline',
        short_name: 'Parkline',
        description: 'Shows parked calls at once and takes them back with one press.',
        start_url: '/',
        scope: '/',
        display: 'standalone',
        background_color: '#f4f6f6',
        theme_color: '#0b6557',
        icons: ICONS.map((size) => ({
          src: `/icons/${size}.png`,
          sizes: size,
          type: 'image/png',
        })),
      };
      this.emitFile({
        type: 'asset',
        fileName: 'manifest.webmanifest',
        source: JSON.stringify(manifest, null, 2),
      });
      for (const size of ICONS) {
        this.emitFile({
          type: 'asset',
          fileName: `icons/${size}.png`,
          source: readFileSync(icon(size)),
        });
      }
    },
  };
}
