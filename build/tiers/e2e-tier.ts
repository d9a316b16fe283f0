import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildApp } from '../electron/build-app.ts';
import { inProject } from '../project-root.ts';
import { runCommand } from '../process/run-command.ts';
import { ordinaryUser } from '../setup/ordinary-user.ts';
import type { OrdinaryUser } from '../setup/ordinary-user.ts';
import { countPlaywright, countRunner, hasBegun, onSecondTry } from './reports.ts';
import { addCounts, oneFailure, oneSkip } from './tier.ts';
import type { Counts, Tier } from './tier.ts';
import { isCi } from './run-tiers.ts';
import { reportFolder } from './vitest-run.ts';

/** A browser, and what the desktop session itself is made of. */
const NEEDED = [
  'chromium',
  'dbus-run-session',
  'Xvfb',
  'openbox',
  'dunst',
  'gnome-keyring-daemon',
  'pulseaudio',
  'xdotool',
];

/** Those of playwright.config.ts that are heard, in a browser. */
const BROWSER: Run = { name: 'browser', projects: ['browser'], onDesktop: true };
/** With the packed app, which is timed and heard, and mostly waits. */
const DESKTOP: Run = { name: 'desktop', projects: ['desktop', 'scenarios'], onDesktop: true };
/** These need neither the packed app nor a desktop nor sound. */
const PAGES: Run = { name: 'pages', projects: ['screens', 'portal'], onDesktop: false };

/** One run of Playwright. */
interface Run {
  readonly name: string;
  readonly projects: readonly string[];
  /** In a desktop session of its own, with sound. Others take what these leave of the processor. */
  readonly onDesktop: boolean;
}

function missingPrograms(): readonly string[] {
  const folders = (process.env['PATH'] ?? '').split(':');
  return NEEDED.filter((name) => !folders.some((folder) => existsSync(join(folder, name))));
}

/** The browser app and the packed desktop app, on a desktop made for the occasion. */
export const e2eTier: Tier = {
  name: 'e2e',
  budgetMs: 1_920_000,
  unavailable: () => {
    if (process.platform !== 'linux') return 'the test desktop is made of Linux programs';
    const missing = missingPrograms();
    return missing.length === 0 ? null : `not installed: ${missing.join(', ')}`;
  },
  run: async () => {
    const built = await buildApp({ say: console.log });
    if (built.kind === 'built') return runPlaywright([[BROWSER], [DESKTOP, PAGES]]);
    const left = oneSkip(`packed app: ${built.reason}`);
    if (isCi()) return left;
    const browser = await runPlaywright([[BROWSER, PAGES]]);
    return {
      ...browser,
      skipped: browser.skipped + 1,
      skippedNames: [...browser.skippedNames, ...left.skippedNames],
    };
  },
};

/** One group after the other, those of a group side by side; all as one user who is not root. */
async function runPlaywright(groups: readonly (readonly Run[])[]): Promise<Counts> {
  const user = await ordinaryUser();
  const kept = inProject('test-results', 'e2e');
  rmSync(kept, { recursive: true, force: true });
  try {
    const counts: Counts[] = [];
    for (const group of groups)
      counts.push(...(await Promise.all(group.map((run) => playwrightAs(user, run)))));
    return addCounts(counts);
  } catch (error) {
    console.error(error);
    return oneFailure('e2e', String(error));
  } finally {
    user.dispose();
  }
}

/** A runner that never came to its first test, since its desktop did not come up, say: CI gives it the second try that a test gets, and names it. */
async function playwrightAs(user: OrdinaryUser, run: Run): Promise<Counts> {
  const first = await tryOf(user, run);
  if (first.began || !isCi()) return first.counts;
  return onSecondTry(first.counts, (await tryOf(user, run)).counts);
}

async function tryOf(
  user: OrdinaryUser,
  run: Run,
): Promise<{ readonly counts: Counts; readonly began: boolean }> {
  const report = join(user.scratch, `${run.name}.json`);
  const output = join(user.scratch, `${run.name}-output`);
  const inside = (...parts: string[]): string => join(user.root, ...parts);
  const node = inside('node_modules', '.bin', 'node');
  const session = inside('tests', 'e2e', 'desktop', 'session', 'run-in-session.ts');
  const [command = '', ...args] = [
    ...user.prefix,
    ...(run.onDesktop ? [node, session] : ['nice', '-n', '19']),
    inside('node_modules', '.bin', 'playwright'),
    'test',
    ...run.projects.map((project) => `--project=${project}`),
  ];
  const result = await runCommand(command, args, {
    cwd: user.root,
    output: run.onDesktop ? 'both' : 'keep',
    env: {
      PATH: `${inside('node_modules', '.bin')}:${process.env['PATH'] ?? ''}`,
      PARKLINE_E2E_REPORT: report,
      PARKLINE_E2E_OUTPUT: output,
      TMPDIR: user.scratch,
      ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}),
      ...(run.onDesktop ? {} : { HOME: user.scratch, ...leftOverChromium(inside) }),
    },
  });
  if (!run.onDesktop) console.log(result.output.trimEnd());
  const counts = countRunner({
    name: run.name,
    exitCode: result.code,
    reportFile: report,
    output: result.output,
    read: countPlaywright,
  });
  keepResults(run, report, output);
  return { counts, began: hasBegun(result.output) };
}

/** Only where the tests take Debian's. */
const leftOverChromium = (inside: (...parts: string[]) => string): Record<string, string> =>
  existsSync('/usr/bin/chromium')
    ? { PARKLINE_CHROMIUM: inside('tests', 'e2e', 'kit', 'left-over-chromium.sh') }
    : {};

/** Screenshots and traces of failures outlive the user's folder. */
function keepResults(run: Run, report: string, output: string): void {
  const kept = inProject('test-results', 'e2e', run.name);
  mkdirSync(kept, { recursive: true });
  if (existsSync(output)) cpSync(output, kept, { recursive: true });
  if (existsSync(report)) cpSync(report, join(reportFolder(), `e2e-${run.name}.json`));
}
