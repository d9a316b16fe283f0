import { cp, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { existsSync } from 'node:fs';
import { z } from 'zod';

const manifestSchema = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});

/**
 * Copies packages and all they need from one node_modules into another, in the places they have: exactly what was tested,
 * without asking a registry.
 * @param root the folder whose node_modules is read
 * @param names the packages that are wanted
 * @param to the folder that gets a node_modules
 */
export async function copyDependencies(
  root: string,
  names: readonly string[],
  to: string,
): Promise<void> {
  const found = new Set<string>();
  for (const name of names) await collect({ root, from: root, found }, name);
  for (const path of found) {
    await cp(path, join(to, relative(root, path)), {
      recursive: true,
      // Packages that lie inside another's node_modules are copied on their own account, if at all.
      filter: (source) => !relative(path, source).split(/[\\/]/).includes('node_modules'),
    });
  }
}

interface Search {
  readonly root: string;
  /** The package that asks. */
  readonly from: string;
  readonly found: Set<string>;
}

async function collect(search: Search, name: string, optional = false): Promise<void> {
  const path = resolvePackage(search, name);
  if (path === null) {
    if (optional) return;
    throw new Error(`${name}, which ${search.from} needs, is not installed`);
  }
  if (search.found.has(path)) return;
  search.found.add(path);
  const manifest = manifestSchema.parse(
    JSON.parse(await readFile(join(path, 'package.json'), 'utf8')),
  );
  const { dependencies, optionalDependencies } = manifest;
  for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) {
    await collect({ ...search, from: path }, needed, needed in optionalDependencies);
  }
}

/** Node's own way: the nearest node_modules upwards that has it. */
function resolvePackage({ root, from }: Search, name: string): string | null {
  for (let at = from; ; at = dirname(at)) {
    const path = join(at, 'node_modules', name);
    if (existsSync(join(path, 'package.json'))) return path;
    if (at === root || at === dirname(at)) return null;
  }
}
