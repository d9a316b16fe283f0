import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildApp } from '../../../build/electron/build-app.ts';
import { resolveElectron } from '../../../build/electron/runtime.ts';
import { inProject } from '../../../build/project-root.ts';

export type PreparedApp =
  { readonly kind: 'ready' } | { readonly kind: 'unavailable'; readonly reason: string };

/** Where the blank app stands: inside the project, so that whoever measures may read it. */
const blankFolder = (): string => inProject('out', 'bench', 'blank');

/** The blank app's program file: the same Electron as the packed phone's, with nothing but a window in it. */
export const blankExecutable = (): string => join(blankFolder(), 'electron');

/** Builds and packs the phone unless that is done, and lays the blank app beside it. */
export async function prepareApp(): Promise<PreparedApp> {
  const built = await buildApp({ wanted: ['release'], say: console.error });
  if (built.kind === 'page-only') return { kind: 'unavailable', reason: built.reason };
  const electron = await resolveElectron(console.error);
  if (electron.kind === 'unavailable') return electron;
  await rm(blankFolder(), { recursive: true, force: true });
  await mkdir(blankFolder(), { recursive: true });
  await cp(electron.folder, blankFolder(), { recursive: true, verbatimSymlinks: true });
  const app = fileURLToPath(new URL('./blank-app', import.meta.url));
  await cp(app, join(blankFolder(), 'resources', 'app'), { recursive: true });
  return { kind: 'ready' };
}
