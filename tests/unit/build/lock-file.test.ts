import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';

const lockEntry = z.object({
  os: z.array(z.string()).optional(),
  cpu: z.array(z.string()).optional(),
  libc: z.array(z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
type LockEntry = z.infer<typeof lockEntry>;

const lock = z.object({ packages: z.record(z.string(), lockEntry) });

/** Every machine that somebody develops, tests or ships Parkline on. */
const targets = [
  { name: 'linux-x64', os: 'linux', cpu: 'x64' },
  { name: 'darwin-arm64', os: 'darwin', cpu: 'arm64' },
  { name: 'win32-x64', os: 'win32', cpu: 'x64' },
] as const;

/** For each native tool (one that has a binary package per platform): the targets whose binary the lock does not name. */
function missingBinaries(packages: Record<string, LockEntry>): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const [path, entry] of Object.entries(packages)) {
    const names = Object.keys(entry.optionalDependencies ?? {});
    const perPlatform = names.filter((name) => /(?:linux|darwin|win32|freebsd)/.test(name));
    if (perPlatform.length === 0) continue;
    const binaries = perPlatform
      .map((name) => packages[`${path}/node_modules/${name}`] ?? packages[`node_modules/${name}`])
      .filter((binary) => binary !== undefined);
    found[path] = targets
      .filter(
        ({ os, cpu }) =>
          !binaries.some((binary) => binary.os?.includes(os) && binary.cpu?.includes(cpu)),
      )
      .map((target) => target.name);
  }
  return found;
}

const read = (): Record<string, LockEntry> =>
  lock.parse(JSON.parse(readFileSync('package-lock.json', 'utf8'))).packages;

test('the lock file names the binaries of linux-x64, darwin-arm64 and win32-x64 for every native tool', () => {
  const missing = missingBinaries(read());
  expect(Object.keys(missing)).toContain('node_modules/rolldown');
  for (const [tool, targetNames] of Object.entries(missing)) expect(targetNames, tool).toEqual([]);
});

test('a binary that npm left out of the lock file is noticed', () => {
  const packages = read();
  const without = Object.entries(packages).filter(([path]) => !/rolldown.*darwin-arm64/.test(path));
  expect(missingBinaries(Object.fromEntries(without))['node_modules/rolldown']).toEqual([
    'darwin-arm64',
  ]);
});

test('npm 12 may run the one install script that we need, by name', () => {
  const manifest: unknown = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(manifest).toMatchObject({ allowScripts: { node: true, 'better-sqlite3': false } });
});
