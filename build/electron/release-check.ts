import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { inProject } from '../project-root.ts';
import { archiveNames, STRAY } from './archive-names.ts';
import { builderConfig } from './builder-config.ts';
import { installerFolder } from './make-installers.ts';
import { downloadedElectron, pinnedElectronVersion } from './own-download.ts';
import { packedArchive, packedExecutable } from './pack-paths.ts';

/** One line of the list. `todo` keeps nobody from trying, `wrong` keeps a release back. */
export interface CheckLine {
  readonly state: 'right' | 'todo' | 'wrong';
  readonly what: string;
}

const right = (what: string): CheckLine => ({ state: 'right', what });
const todo = (what: string): CheckLine => ({ state: 'todo', what });
const wrong = (what: string): CheckLine => ({ state: 'wrong', what });
const holds = (is: boolean, what: string, otherwise: string): CheckLine =>
  is ? right(what) : wrong(otherwise);

/** Everything that must be so before the desktop app is given to people. */
export async function releaseCheck(env: NodeJS.ProcessEnv): Promise<readonly CheckLine[]> {
  return [
    ...versionLines(readFileSync(inProject('CHANGELOG.md'), 'utf8'), ownVersion()),
    ...configurationLines(env),
    ...(await packingLines()),
    ...signingLines(env),
    ...feedLines(installerFolder(), ownVersion()),
  ];
}

const ownVersion = (): string => {
  const text = readFileSync(inProject('package.json'), 'utf8');
  return /"version": "([^"]+)"/.exec(text)?.[1] ?? '';
};

/** The version is one that updates understand, and the changelog has its notes. */
export function versionLines(changelog: string, version: string): readonly CheckLine[] {
  const isVersion = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version);
  const hasNotes = changelog.split('\n').some((line) => line.startsWith(`## ${version}`));
  const isElectron = downloadedElectron() !== null;
  return [
    holds(isVersion, `version ${version}`, `"${version}" is no version (semver.org)`),
    hasNotes
      ? right(`CHANGELOG.md has "## ${version}"`)
      : todo(`CHANGELOG.md has no "## ${version}": rename "Unreleased"`),
    isElectron
      ? right(`Electron ${pinnedElectronVersion()}`)
      : todo(`Electron ${pinnedElectronVersion()} is not here: only the tests' older one was run`),
  ];
}

function configurationLines(env: NodeJS.ProcessEnv): readonly CheckLine[] {
  const config = builderConfig({
    variant: 'release',
    electronVersion: pinnedElectronVersion(),
    output: installerFolder(),
    env,
  });
  const systems = { Windows: config.win, macOS: config.mac, Linux: config.linux };
  const icons = ['icon.png', 'png/256x256.png', 'png/512x512.png', 'tray'];
  const missing = icons.filter((name) => !existsSync(inProject('build', 'icons', name)));
  return [
    ...Object.entries(systems).map(([name, system]) => {
      const targets = [system?.target ?? []].flat();
      const words = targets.map((target) =>
        typeof target === 'string'
          ? target
          : `${target.target} (${[target.arch].flat().join(', ')})`,
      );
      return holds(words.length > 0, `${name}: ${words.join(', ')}`, `${name} has no installer`);
    }),
    holds(missing.length === 0, 'icons', `icons are missing: ${missing.join(', ')}`),
  ];
}

/** As the security list says; `false` is off. */
const FUSES: readonly (readonly [FuseV1Options, boolean])[] = [
  [FuseV1Options.RunAsNode, false],
  [FuseV1Options.EnableCookieEncryption, true],
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable, false],
  [FuseV1Options.EnableNodeCliInspectArguments, false],
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation, true],
  [FuseV1Options.OnlyLoadAppFromAsar, true],
  [FuseV1Options.GrantFileProtocolExtraPrivileges, false],
];

async function packingLines(): Promise<readonly CheckLine[]> {
  const program = packedExecutable('release');
  if (!existsSync(program)) return [todo('the release packing was not made here: npm test')];
  const wire = await getCurrentFuseWire(program);
  const off = FUSES.filter(
    ([fuse, on]) => wire[fuse] !== (on ? FuseState.ENABLE : FuseState.DISABLE),
  );
  const stray = archiveNames(packedArchive('release')).filter((name) => STRAY.test(name));
  return [
    holds(
      off.length === 0,
      'fuses of the release packing',
      `fuses are wrong: ${off.map(([fuse]) => FuseV1Options[fuse]).join(', ')}`,
    ),
    holds(stray.length === 0, 'the archive holds only the app', `strays: ${stray.join(', ')}`),
  ];
}

/** Installers that nobody signed are warned of, or refused, by Windows and macOS. */
export function signingLines(env: NodeJS.ProcessEnv): readonly CheckLine[] {
  const has = (...names: string[]): boolean => names.every((name) => (env[name] ?? '') !== '');
  const windows = has('WIN_CSC_LINK') || has('PARKLINE_AZURE_ENDPOINT', 'PARKLINE_PUBLISHER');
  const notarised =
    has('APPLE_API_KEY', 'APPLE_API_KEY_ID', 'APPLE_API_ISSUER') ||
    has('APPLE_ID', 'APPLE_APP_SPECIFIC_PASSWORD', 'APPLE_TEAM_ID');
  const line = (is: boolean, what: string, names: string): CheckLine =>
    is ? right(what) : todo(`${what}: not set (${names})`);
  return [
    line(windows, 'signing for Windows', 'WIN_CSC_LINK, or PARKLINE_AZURE_*'),
    line(has('CSC_LINK'), 'signing for macOS', 'CSC_LINK, CSC_KEY_PASSWORD'),
    line(notarised, 'notarising for macOS', 'APPLE_API_KEY*, or APPLE_ID …'),
  ];
}

/** Each list of versions names files that are there, and whose bytes are the promised ones. */
export function feedLines(folder: string, version: string): readonly CheckLine[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const lists = names.filter((name) => /^latest.*\.yml$/.test(name));
  if (lists.length === 0) return [todo('no installers were made here: npm run package -- app')];
  return lists.flatMap((name) => listLines(folder, name, version));
}

function listLines(folder: string, name: string, version: string): readonly CheckLine[] {
  const text = readFileSync(join(folder, name), 'utf8');
  const said = /^version: (.+)$/m.exec(text)?.[1] ?? '';
  const files = [...text.matchAll(/- url: (.+)\n\s+sha512: (\S+)/g)];
  return [
    holds(said === version, `${name}: version ${said}`, `${name} is of ${said}, not ${version}`),
    ...files.map(([, file = '', promised = '']) => {
      const path = join(folder, file);
      if (!existsSync(path)) return wrong(`${name} names ${file}, which is not there`);
      const actual = createHash('sha512').update(readFileSync(path)).digest('base64');
      return holds(
        actual === promised,
        `${file} is what ${name} promises`,
        `${file} is not what ${name} promises`,
      );
    }),
  ];
}
