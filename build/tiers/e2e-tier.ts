import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildApp } from '../electron/build-app.ts';
import { inProject } from '../project-root.ts';
import { runCommand } from '../process/run-command.ts';
import { ordinaryUser } from '../setup/ordinary-user.ts';
import type { OrdinaryUser } from '../setup/ordinary-user.ts';
import { countPlaywright, countRunner } from './reports.ts';
import { oneFailure, oneSkip } from './tier.ts';
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

/** Projects of playwright.config.ts that need a browser only. */
const WITHOUT_THE_APP = ['browser', 'screens', 'portal'];

function missingPrograms(): readonly string[] {
  const folders = (process.env['PATH'] ?? '').split(':');
  return NEEDED.filter((name) => !folders.some((folder) => existsSync(join(folder, name))));
}

/** The browser app and the packed desktop app, on a desktop made for the occasion. */
export const e2eTier: Tier = {
  name: 'e2e',
  budgetMs: 1_200_000,
  unavailable: () => {
    if (process.platform !== 'linux') return 'the test desktop is made of Linux programs';
    const missing = missingPrograms();
    return missing.length === 0 ? null : `not installed: ${missing.join(', ')}`;
  },
  run: async () => {
    const built = await buildApp({ say: console.log });
    if (built.kind === 'built') return runPlaywright([]);
    const left = oneSkip(`packed app: ${built.reason}`);
    if (isCi()) return left;
    const browser = await runPlaywright(WITHOUT_THE_APP);
    return {
      ...browser,
      skipped: browser.skipped + 1,
      skippedNames: [...browser.skippedNames, ...left.skippedNames],
    };
  },
};

/** Runs these projects, or all of them. */
async function runPlaywright(projects: readonly string[]): Promise<Counts> {
  const user = await ordinaryUser();
  try {
    return await playwrightAs(user, projects);
  } catch (error) {
    console.error(error);
    return oneFailure;
  } finally {
    user.dispose();
  }
}

async function playwrightAs(user: OrdinaryUser, projects: readonly string[]): Promise<Counts> {
  const report = join(user.scratch, 'report.json');
  const output = join(user.scratch, 'output');
  const inside = (...parts: string[]): string => join(user.root, ...parts);
  const [command = '', ...args] = [
    ...user.prefix,
    inside('node_modules', '.bin', 'node'),
    inside('tests', 'e2e', 'desktop', 'session', 'run-in-session.ts'),
    inside('node_modules', '.bin', 'playwright'),
    'test',
    ...projects.map((project) => `--project=${project}`),
  ];
  const result = await runCommand(command, args, {
    cwd: user.root,
    output: 'show',
    env: {
      PATH: `${inside('node_modules', '.bin')}:${process.env['PATH'] ?? ''}`,
      PARKLINE_E2E_REPORT: report,
      PARKLINE_E2E_OUTPUT: output,
      TMPDIR: user.scratch,
    },
  });
  const counts = countRunner({ exitCode: result.code, reportFile: report, read: countPlaywright });
  keepResults(report, output);
  return counts;
}

/** Screenshots and traces of failures outlive the user's folder. */
function keepResults(report: string, output: string): void {
  const kept = inProject('test-results', 'e2e');
  rmSync(kept, { recursive: true, force: true });
  mkdirSync(kept, { recursive: true });
  if (existsSync(output)) cpSync(output, kept, { recursive: true });
  if (existsSync(report)) cpSync(report, join(reportFolder(), 'e2e.json'));
}
