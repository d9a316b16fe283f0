import { join } from 'node:path';
import { inProject } from '../project-root.ts';
import type { Variant } from './builder-config.ts';

/** Folder that one packing fills. */
export const packOutput = (variant: Variant): string => inProject('out', 'packed', variant);

function unpackedFolder(variant: Variant): string {
  const arm = process.arch === 'arm64' ? '-arm64' : '';
  if (process.platform === 'darwin') return join(packOutput(variant), `mac${arm}`);
  const system = process.platform === 'win32' ? 'win' : 'linux';
  return join(packOutput(variant), `${system}${arm}-unpacked`);
}

/** The packed app's program file, whether it is there or not. */
export function packedExecutable(variant: Variant): string {
  const folder = unpackedFolder(variant);
  if (process.platform === 'darwin') {
    return join(folder, 'Parkline.app', 'Contents', 'MacOS', 'Parkline');
  }
  return join(folder, process.platform === 'win32' ? 'Parkline.exe' : 'parkline');
}

/** The packed app's archive. */
export function packedArchive(variant: Variant): string {
  return process.platform === 'darwin'
    ? join(unpackedFolder(variant), 'Parkline.app', 'Contents', 'Resources', 'app.asar')
    : join(unpackedFolder(variant), 'resources', 'app.asar');
}
