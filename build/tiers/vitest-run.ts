import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from '../project-root.ts';
import { runCommand } from '../process/run-command.ts';
import { countRunner, countVitest } from './reports.ts';
import type { Counts } from './tier.ts';

/** Where runners leave their JSON reports. */
export const reportFolder = (): string => {
  const folder = inProject('test-results', 'reports');
  mkdirSync(folder, { recursive: true });
  return folder;
};

/** Runs projects of vitest.config.ts and counts what they really ran. */
export async function vitestCounts(name: string, projects: readonly string[]): Promise<Counts> {
  const reportFile = join(reportFolder(), `${name}.json`);
  rmSync(reportFile, { force: true });
  const result = await runCommand(
    'vitest',
    [
      'run',
      ...projects.map((project) => `--project=${project}`),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${reportFile}`,
    ],
    { env: { FORCE_COLOR: '1' } },
  );
  console.log(result.output.trimEnd());
  const { code: exitCode, output } = result;
  return countRunner({ name, exitCode, reportFile, output, read: countVitest });
}
