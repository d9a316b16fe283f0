import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder with package.json, absolute. */
export const projectRoot: string = join(dirname(fileURLToPath(import.meta.url)), '..');

/** A path inside the project, absolute. */
export const inProject = (...parts: readonly string[]): string => join(projectRoot, ...parts);
