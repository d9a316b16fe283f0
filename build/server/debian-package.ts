import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../process/run-command.ts';
import { inProject, projectRoot } from '../project-root.ts';
import { copyDependencies } from './dependency-tree.ts';
import type { ServerPackage } from './server-package.ts';

/** What Debian calls this machine's processor. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

const inDebian = (name: string): string => inProject('build', 'server', 'debian', name);

/**
 * Makes the .deb: the server with everything it runs on, Node included, so that it works on any Debian; a systemd unit, a
 * configuration that listens on loopback, and the `parkline` command. Needs `dpkg-deb`.
 * @returns the file's path
 * @throws Error where it cannot be made
 */
export async function makeDebianPackage(made: ServerPackage): Promise<string> {
  const architecture = ARCHITECTURES[process.arch];
  if (architecture === undefined) throw new Error(`No .deb is made for ${process.arch}`);
  const root = inProject('out', 'server', 'deb');
  await rm(root, { recursive: true, force: true });
  await layOut(root, made);
  await writeControl(root, made, architecture);
  const file = inProject('out', 'server', `parkline-server_${made.version}_${architecture}.deb`);
  const packed = await runCommand('dpkg-deb', [
    '--build',
    '--root-owner-group',
    '-Zzstd',
    '-z3',
    root,
    file,
  ]);
  if (packed.code !== 0) throw new Error(`dpkg-deb failed:\n${packed.output}`);
  return file;
}

async function layOut(root: string, made: ServerPackage): Promise<void> {
  const program = join(root, 'usr', 'lib', 'parkline');
  await cp(made.path, program, { recursive: true });
  await copyDependencies(projectRoot, Object.keys(made.dependencies), program);
  await cp(process.execPath, join(program, 'node'));
  await chmod(join(program, 'node'), 0o755);
  const documents = join(root, 'usr', 'share', 'doc', 'parkline');
  await mkdir(documents, { recursive: true });
  await cp(inProject('README.md'), join(documents, 'README.md'));
  await cp(inProject('LICENSE'), join(documents, 'copyright'));
  await put(inDebian('parkline.service'), join(root, 'usr/lib/systemd/system/parkline.service'));
  await put(inDebian('parkline.sysusers'), join(root, 'usr/lib/sysusers.d/parkline.conf'));
  await put(inDebian('server.json'), join(root, 'etc/parkline/server.json'));
  await put(inDebian('parkline.sh'), join(root, 'usr/bin/parkline'), 0o755);
}

async function writeControl(
  root: string,
  made: ServerPackage,
  architecture: string,
): Promise<void> {
  const control = [
    'Package: parkline-server',
    `Version: ${made.version}`,
    `Architecture: ${architecture}`,
    'Maintainer: Parkline <parkline@localhost>',
    'Depends: adduser, libc6, libstdc++6, util-linux',
    'Section: comm',
    'Priority: optional',
    'Description: Telephone server that parks calls',
    ' A headless SIP server: registrar, call control, Call Park with recall and groups,',
    ' music on hold, and a portal from which an administrator runs it.',
    '',
  ].join('\n');
  const folder = join(root, 'DEBIAN');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'control'), control);
  await writeFile(join(folder, 'conffiles'), '/etc/parkline/server.json\n');
  for (const script of ['postinst', 'prerm', 'postrm']) {
    await put(inDebian(script), join(folder, script), 0o755);
  }
}

/** Copies a file whose mode does not depend on how the project was checked out. */
async function put(from: string, to: string, mode = 0o644): Promise<void> {
  await mkdir(join(to, '..'), { recursive: true });
  await writeFile(to, await readFile(from));
  await chmod(to, mode);
}
