/**
 * `npm run package`: the server's packages. `npm run package -- app`: the installers of the desktop app, for this system.
 * `npm run package -- check`: what is still to be done before a release; exit code 1 when something is wrong.
 */
import { makeInstallers } from './electron/make-installers.ts';
import { releaseCheck } from './electron/release-check.ts';
import { packageServer } from './package-server.ts';

const [what = 'server', ...more] = process.argv.slice(2);

if (more.length > 0) usage();
else if (what === 'server') await packageServer();
else if (what === 'app') for (const file of await makeInstallers()) console.log(file);
else if (what === 'check') await check();
else usage();

async function check(): Promise<void> {
  const marks = { right: ' ok ', todo: 'todo', wrong: 'WRONG' } as const;
  const lines = await releaseCheck(process.env);
  for (const { state, what: words } of lines) console.log(`${marks[state].padEnd(6)}${words}`);
  if (lines.some(({ state }) => state === 'wrong')) process.exitCode = 1;
}

function usage(): void {
  console.error('Known: npm run package, npm run package -- app, npm run package -- check.');
  process.exitCode = 2;
}
