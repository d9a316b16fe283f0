import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Arch, build, Platform } from 'electron-builder';
import { inProject } from '../project-root.ts';
import { builderConfig } from './builder-config.ts';
import type { Variant } from './builder-config.ts';
import { packedExecutable, packOutput } from './pack-paths.ts';
import type { ElectronRuntime } from './runtime.ts';

/** Packs what stands in `dist/` into a folder that runs by itself, and gives its program file. */
export async function packApp(runtime: ElectronRuntime, variant: Variant): Promise<string> {
  await rm(packOutput(variant), { recursive: true, force: true });
  await build({
    projectDir: inProject(),
    targets: currentPlatform().createTarget('dir', currentArch()),
    publish: 'never',
    config: builderConfig({
      variant,
      electronFolder: runtime.folder,
      electronVersion: runtime.version,
      output: packOutput(variant),
    }),
  });
  const executable = packedExecutable(variant);
  if (!existsSync(executable)) throw new Error(`electron-builder made no ${executable}`);
  return executable;
}

const currentPlatform = (): Platform => Platform.current();
const currentArch = (): Arch => (process.arch === 'arm64' ? Arch.arm64 : Arch.x64);
