import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { build } from 'vite';
import type { InlineConfig } from 'vite';
import { z } from 'zod';
import { inProject } from '../project-root.ts';

/** The oldest Electron that tests run on is 33: Chromium 130, Node 20.18. Set by hand, not read from what is installed. */
const NODE_TARGET = 'node20.18';
const PAGE_TARGET = 'chrome130';

const outside = ['electron', ...builtinModules, /^node:/];

/** The page, for the browser app and the desktop app alike: `dist/renderer`. */
export async function bundleRenderer(): Promise<void> {
  await buildForUse({ configFile: inProject('vite.config.ts'), logLevel: 'warn' });
}

/** Vite's `build`, whoever runs it: a test runner's NODE_ENV would make a page of React's development build. */
export async function buildForUse(config: InlineConfig): Promise<void> {
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    await build(config);
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
}

/** `dist/electron/main.cjs` and the windows' preload scripts, each one file, and the manifest of the packed app. */
export async function bundleElectron(): Promise<void> {
  await build(oneFile('main', NODE_TARGET));
  await build(oneFile('preload', PAGE_TARGET));
  await build(oneFile('small-window-preload', PAGE_TARGET));
  await writeManifest();
}

function oneFile(name: 'main' | 'preload' | 'small-window-preload', target: string): InlineConfig {
  return {
    configFile: false,
    root: inProject(),
    logLevel: 'warn',
    publicDir: false,
    define: { 'process.env.NODE_ENV': JSON.stringify('production') },
    ssr: { noExternal: true },
    build: {
      ssr: inProject('electron', `${name}.ts`),
      target,
      outDir: inProject('dist', 'electron'),
      emptyOutDir: false,
      minify: false,
      sourcemap: false,
      rolldownOptions: {
        external: outside,
        output: { format: 'cjs', entryFileNames: `${name}.cjs`, codeSplitting: false },
      },
    },
  };
}

const manifest = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  license: z.string(),
});

/** The packed app has a manifest of its own: no scripts, and no dependencies to be copied beside the bundle. */
async function writeManifest(): Promise<void> {
  const own = manifest.parse(JSON.parse(await readFile(inProject('package.json'), 'utf8')));
  const packed = {
    ...own,
    productName: 'Parkline',
    author: 'Parkline',
    main: 'electron/main.cjs',
    desktopName: 'parkline.desktop',
  };
  await mkdir(inProject('dist'), { recursive: true });
  await writeFile(inProject('dist', 'package.json'), JSON.stringify(packed, null, 2));
}
