import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { variants } from './builder-config.ts';
import type { Variant } from './builder-config.ts';
import { bundleElectron, bundleRenderer } from './bundle.ts';
import { fingerprintOf } from './fingerprint.ts';
import { packApp } from './pack.ts';
import { packedExecutable } from './pack-paths.ts';
import { downloadedElectron, pinnedElectronVersion } from './own-download.ts';
import { REGISTRY_ELECTRON_VERSION } from './registry-electron.ts';
import { resolveElectron } from './runtime.ts';
import type { ElectronResolution } from './runtime.ts';
import { inProject, projectRoot } from '../project-root.ts';

export type AppBuild =
  | { readonly kind: 'built'; readonly electron: string }
  | { readonly kind: 'page-only'; readonly reason: string };

export interface BuildOptions {
  readonly wanted?: readonly Variant[];
  readonly say: (line: string) => void;
}

/** What the bundles are made of. */
const SOURCES = {
  page: [
    'renderer',
    'shared/bridge',
    'shared/config',
    'shared/domain',
    'shared/phone',
    'shared/sip',
    'vite.config.ts',
    'package-lock.json',
  ],
  shell: ['electron', 'build/electron', 'build/icons', 'package.json'],
};
const stampFile = (name: string): string => inProject('out', 'made-of', name);

/** Builds the page for browsers, unless it is up to date. */
export async function buildPage(say: (line: string) => void): Promise<void> {
  const made = await fingerprintOf(projectRoot, SOURCES.page);
  if ((await isMade('page', made)) && existsSync(inProject('dist', 'renderer', 'index.html')))
    return;
  say('Building the page …');
  await bundleRenderer();
  await stamp('page', made);
}

/** Builds the page, and the packed app where there is an Electron; does nothing that is up to date already. */
export async function buildApp({ wanted = variants, say }: BuildOptions): Promise<AppBuild> {
  await buildPage(say);
  const made = await fingerprintOf(projectRoot, [...SOURCES.page, ...SOURCES.shell]);
  const upToDate = await packedBefore(wanted, made);
  if (upToDate !== null) return { kind: 'built', electron: upToDate };
  const electron = await resolveElectron(say);
  if (electron.kind === 'unavailable') return { kind: 'page-only', reason: electron.reason };
  if (!(await isMade('shell', made))) {
    say('Building the desktop app …');
    await bundleElectron();
    await stamp('shell', made);
  }
  for (const variant of wanted) await packIfNeeded({ variant, electron, made, say });
  return { kind: 'built', electron: electron.version };
}

/** Version of the Electron that every wanted packing stands on, when all are up to date; a better Electron that came since wins. */
async function packedBefore(wanted: readonly Variant[], made: string): Promise<string | null> {
  const version =
    downloadedElectron() === null ? REGISTRY_ELECTRON_VERSION : pinnedElectronVersion();
  const ready = await Promise.all(wanted.map((variant) => isPacked(variant, `${made} ${version}`)));
  return ready.every(Boolean) ? version : null;
}

async function isPacked(variant: Variant, of: string): Promise<boolean> {
  return existsSync(packedExecutable(variant)) && (await isMade(variant, of));
}

interface PackRequest {
  readonly variant: Variant;
  readonly electron: Extract<ElectronResolution, { kind: 'ready' }>;
  readonly made: string;
  readonly say: (line: string) => void;
}

async function packIfNeeded({ variant, electron, made, say }: PackRequest): Promise<void> {
  const of = `${made} ${electron.version}`;
  if (await isPacked(variant, of)) return;
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
