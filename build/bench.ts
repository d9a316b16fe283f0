/** `npm run bench`: see tests/bench/README.md. A process of its own, since what builds the product imports nothing of its tests. */
import { runCommand } from './process/run-command.ts';
import { inProject } from './project-root.ts';

const { code } = await runCommand(
  process.execPath,
  [inProject('tests', 'bench', 'bench.ts'), ...process.argv.slice(2)],
  { cwd: process.cwd(), output: 'show' },
);
process.exitCode = code;
