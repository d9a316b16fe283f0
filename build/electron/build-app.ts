import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { variants } from './builder-config.ts';
import type { Variant } from './builder-config.ts';
import { bundleElectron, bundleRenderer } from './bundle.ts';
import { fingerprintOf } from './fingerprint.ts';
import { packApp } from './pack.ts';
import { packedExecutable } from './pack-paths.ts';
import { resolveElectron } from './runtime.ts';
import type { ElectronResolution } from './runtime.ts';
import { inProject } from '../project-root.ts';

export type AppBuild =
  | { readonly kind: 'built'; readonly electron: string }
  | { readonly kind: 'page-only'; readonly reason: string };

export interface BuildOptions {
  readonly wanted?: readonly Variant[];
  readonly say: (line: string) => void;
}

const from = (...names: readonly string[]): string[] => names.map((name) => inProject(name));

/** What the bundles are made of. */
const SOURCES = {
  page: from(
    'renderer',
    'shared/bridge',
    'shared/config',
    'shared/domain',
    'shared/phone',
    'shared/sip',
    'package-lock.json',
  ),
  shell: from('electron', 'build', 'package.json'),
};
const stampFile = (name: string): string => inProject('out', 'made-of', name);

/** Builds the page for browsers, unless it is up to date. */
export async function buildPage(say: (line: string) => void): Promise<void> {
  const made = await fingerprintOf(SOURCES.page);
  if ((await isMade('page', made)) && existsSync(inProject('dist', 'renderer', 'index.html')))
    return;
  say('Building the page …');
  await bundleRenderer();
  await stamp('page', made);
}

/** Builds the page, and the packed app where there is an Electron; does nothing that is up to date already. */
export async function buildApp({ wanted = variants, say }: BuildOptions): Promise<AppBuild> {
  await buildPage(say);
  const electron = await resolveElectron(say);
  if (electron.kind === 'unavailable') return { kind: 'page-only', reason: electron.reason };
  const made = await fingerprintOf([...SOURCES.page, ...SOURCES.shell]);
  if (!(await isMade('shell', made))) {
    say('Building the desktop app …');
    await bundleElectron();
    await stamp('shell', made);
  }
  for (const variant of wanted) await packIfNeeded({ variant, electron, made, say });
  return { kind: 'built', electron: electron.version };
}

interface PackRequest {
  readonly variant: Variant;
  readonly electron: Extract<ElectronResolution, { kind: 'ready' }>;
  readonly made: string;
  readonly say: (line: string) => void;
}

async function packIfNeeded({ variant, electron, made, say }: PackRequest): Promise<void> {
  const of = `${made} ${electron.version}`;
  if (existsSync(packedExecutable(variant)) && (await isMade(variant, of))) return;
  say(`Packing the desktop app (${variant}, Electron ${electron.version}) …`);
  await packApp(electron, variant);
  await stamp(variant, of);
}

async function stamp(name: string, of: string): Promise<void> {
  await mkdir(inProject('out', 'made-of'), { recursive: true });
  await writeFile(stampFile(name), of);
}

async function isMade(name: string, of: string): Promise<boolean> {
  return (await readFile(stampFile(name), 'utf8').catch(() => '')) === of;
}
