import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildApp } from '../../../build/electron/build-app.ts';
import { runCommand } from '../../../build/process/run-command.ts';
import { ordinaryUser } from '../../../build/setup/ordinary-user.ts';

/**
 * `node tests/e2e/working-day/run.ts [--minutes N]`: a working day of the packed app on a desktop of its own; default 30 minutes with 200
 * calls, 100 parks, 25 times asleep and as many changes of network.
 */
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' } } });
if (!(Number(values.minutes) >= 1)) {
  console.error('node tests/e2e/working-day/run.ts [--minutes N]: a number of minutes, 1 or more.');
  process.exit(2);
}
const built = await buildApp({ wanted: ['drivable'], say: console.log });
if (built.kind !== 'built') {
  console.error(`There is no packed app: ${built.reason}`);
  process.exit(1);
}
const user = await ordinaryUser();
const inside = (...parts: string[]): string => join(user.root, ...parts);
const [command = '', ...args] = [
  ...user.prefix,
  inside('node_modules', '.bin', 'node'),
  inside('tests', 'e2e', 'desktop', 'session', 'run-in-session.ts'),
  inside('node_modules', '.bin', 'playwright'),
  'test',
  '--project=scenarios',
  inside('tests', 'e2e', 'scenarios', 'working-day.spec.ts'),
];
const result = await runCommand(command, args, {
  cwd: user.root,
  output: 'show',
  env: {
    PATH: `${inside('node_modules', '.bin')}:${process.env['PATH'] ?? ''}`,
    PARKLINE_DAY_MINUTES: values.minutes,
    PARKLINE_E2E_REPORT: join(user.scratch, 'day.json'),
    PARKLINE_E2E_OUTPUT: join(user.scratch, 'day'),
    TMPDIR: user.scratch,
  },
}).finally(() => user.dispose());
process.exitCode = result.code;
