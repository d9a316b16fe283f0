import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';
import { z } from 'zod';
import { buildPage } from '../electron/build-app.ts';
import { runCommand } from '../process/run-command.ts';
import { inProject } from '../project-root.ts';

/** The server as a package: compiled, since Node strips types nowhere below node_modules. */
const PACKAGE = inProject('out', 'server', 'package');
const COMPILED = inProject('out', 'server', 'compiled');

const manifestSchema = z.object({
  version: z.string(),
  description: z.string(),
  license: z.string(),
  dependencies: z.record(z.string(), z.string()),
});

export interface ServerPackage {
  /** Folder with the package's content. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** What has to be installed beside it, with the versions that the project is tested with. */
  readonly dependencies: Readonly<Record<string, string>>;
}

/**
 * Makes `out/server/package`: the server in JavaScript with its types, the browser app, the sounds, and a manifest whose
 * dependencies are those that the compiled files import.
 * @throws Error when it does not compile, or when a file would look for a source that is not packed
 */
export async function makeServerPackage(say: (line: string) => void): Promise<ServerPackage> {
  await buildPage(say);
  say('Compiling the server …');
  await rm(inProject('out', 'server'), { recursive: true, force: true });
  const compiled = await runCommand('tsc', ['-p', inProject('build', 'server', 'tsconfig.json')]);
  if (compiled.code !== 0) throw new Error(`The server does not compile:\n${compiled.output}`);
  const shared = join(PACKAGE, 'shared');
  await cp(join(COMPILED, 'shared'), shared, { recursive: true });
  await copyData(inProject('shared'), shared);
  await cp(inProject('dist', 'renderer'), join(PACKAGE, 'dist', 'renderer'), { recursive: true });
  for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md']) {
    await cp(inProject(name), join(PACKAGE, name));
  }
  return writeManifest(await importedPackages(shared));
}

/** Everything beside the sources that they read: sounds, mostly. */
async function copyData(from: string, to: string): Promise<void> {
  await cp(from, to, {
    recursive: true,
    filter: (source) => !/\.(ts|md)$/.test(source),
  });
}

/**
 * The packages that compiled files import. On the way, workers are named as they are called now: tsc rewrites what is
 * imported, not what is named by a URL.
 */
async function importedPackages(folder: string): Promise<ReadonlySet<string>> {
  const packages = new Set<string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.js')) continue;
    const file = join(entry.parentPath, entry.name);
    const text = await readFile(file, 'utf8');
    const { importedFiles } = ts.preProcessFile(text, true, true);
    for (const { fileName } of importedFiles) {
      if (!/^\.{1,2}\//.test(fileName) && !isBuiltin(fileName)) packages.add(packageOf(fileName));
    }
    await writeFile(file, text.replace(NAMED_SOURCE, '$1.js$2'));
  }
  return packages;
}

/** `new URL('./worker.ts', …` */
const NAMED_SOURCE = /(new URL\(\s*['"]\.{1,2}\/[^'"]+)\.ts(['"])/g;

/** `@scope/name/sub` → `@scope/name`. */
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

async function writeManifest(imported: ReadonlySet<string>): Promise<ServerPackage> {
  const own = manifestSchema.parse(JSON.parse(await readFile(inProject('package.json'), 'utf8')));
  const dependencies = Object.fromEntries(
    [...imported].sort().map((name) => {
      const version = own.dependencies[name];
      if (version === undefined) throw new Error(`The server imports ${name}, no dependency of it`);
      return [name, version];
    }),
  );
  const name = 'parkline-server';
  const manifest = {
    name,
    version: own.version,
    description: own.description,
    license: own.license,
    type: 'module',
    engines: { node: '>=24' },
    bin: { parkline: 'shared/server/cli.js' },
    exports: {
      '.': { types: './shared/server/main.d.ts', default: './shared/server/main.js' },
    },
    dependencies,
  };
  await mkdir(PACKAGE, { recursive: true });
  await writeFile(join(PACKAGE, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return { path: PACKAGE, name, version: own.version, dependencies };
}

/** `npm pack`: the tarball's path. */
export async function packTarball(made: ServerPackage): Promise<string> {
  const to = inProject('out', 'server');
  const packed = await runCommand('npm', ['pack', '--pack-destination', to, '--silent'], {
    cwd: made.path,
  });
  if (packed.code !== 0) throw new Error(`npm pack failed:\n${packed.output}`);
  return join(to, `${made.name}-${made.version}.tgz`);
}
