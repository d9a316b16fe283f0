import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { expect, test } from '@playwright/test';
import { variants } from '../../../build/electron/builder-config.ts';
import type { Variant } from '../../../build/electron/builder-config.ts';
import { packedArchive, packedExecutable } from '../../../build/electron/pack-paths.ts';

/** The fuses of a packing by name: on or off. */
async function fusesOf(variant: Variant): Promise<Record<string, boolean>> {
  const wire = await getCurrentFuseWire(packedExecutable(variant));
  const names = Object.entries(FuseV1Options).filter(
    (entry): entry is [string, FuseV1Options] => typeof entry[1] === 'number',
  );
  const known = names.filter(([, at]) => wire[at] !== undefined);
  return Object.fromEntries(known.map(([name, at]) => [name, wire[at] === FuseState.ENABLE]));
}

const archiveHash = (variant: Variant): string =>
  createHash('sha256')
    .update(readFileSync(packedArchive(variant)))
    .digest('hex');

test('the two packings carry the same app', () => {
  const [release, drivable] = variants.map(archiveHash);
  expect(release).toBe(drivable);
});

test('the two packings differ in the inspect fuse alone', async () => {
  const release = await fusesOf('release');
  const drivable = await fusesOf('drivable');
  const different = Object.keys(release).filter((name) => release[name] !== drivable[name]);
  expect(different).toEqual(['EnableNodeCliInspectArguments']);
});

test('the release packing has every fuse as the security list says', async () => {
  expect(await fusesOf('release')).toMatchObject({
    RunAsNode: false,
    EnableCookieEncryption: true,
    EnableNodeOptionsEnvironmentVariable: false,
    EnableNodeCliInspectArguments: false,
    EnableEmbeddedAsarIntegrityValidation: true,
    OnlyLoadAppFromAsar: true,
    LoadBrowserProcessSpecificV8Snapshot: false,
    GrantFileProtocolExtraPrivileges: false,
  });
});
