import { makeDebianPackage } from './server/debian-package.ts';
import { makeServerPackage, packTarball } from './server/server-package.ts';
import { runCommand } from './process/run-command.ts';

/** The server as an npm tarball and, where `dpkg-deb` is, as a .deb; into `out/server`. */
export async function packageServer(): Promise<void> {
  const made = await makeServerPackage(console.log);
  console.log(`npm tarball: ${await packTarball(made)}`);
  const dpkg = await runCommand('dpkg-deb', ['--version']);
  if (dpkg.code === 0) console.log(`Debian package: ${await makeDebianPackage(made)}`);
  else console.log('No .deb: this machine has no dpkg-deb.');
}
