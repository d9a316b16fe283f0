import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
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

/** What the bundles are made of. */
const SOURCES = ['renderer', 'electron', 'shared', 'build', 'package-lock.json', 'package.json'];
const stampFile = (name: string): string => inProject('dist', `.${name}-made-of`);

/** Builds the page, and the packed app where there is an Electron; does nothing that is up to date already. */
export async function buildApp({ wanted = variants, say }: BuildOptions): Promise<AppBuild> {
  const made = await fingerprintOf(SOURCES.map((source) => inProject(source)));
  if (!(await isMade('bundle', made))) {
    say('Building the page and the desktop app …');
    await rm(inProject('dist'), { recursive: true, force: true });
    await bundleRenderer();
    await bundleElectron();
    await writeFile(stampFile('bundle'), made);
  }
  const electron = await resolveElectron(say);
  if (electron.kind === 'unavailable') return { kind: 'page-only', reason: electron.reason };
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
  const stamp = `${variant}`;
  if (existsSync(packedExecutable(variant)) && (await isMade(stamp, of))) return;
  say(`Packing the desktop app (${variant}, Electron ${electron.version}) …`);
  await packApp(electron, variant);
  await writeFile(stampFile(stamp), of);
}

async function isMade(name: string, of: string): Promise<boolean> {
  return (await readFile(stampFile(name), 'utf8').catch(() => '')) === of;
}
