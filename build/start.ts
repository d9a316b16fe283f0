/**
 * `npm start`: the server with a demo tenant, two phones that are signed in, and a client who can be asked to call.
 * `--browser` opens no windows; `--data DIR` keeps the demo elsewhere than in `parkline-data`.
 */
import { parseArgs } from 'node:util';
import type { ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { DemoCaller } from './demo/demo-caller.ts';
import { ended, stopChild } from './demo/children.ts';
import { openDemoPhones } from './demo/demo-phones.ts';
import { startDemoServer } from './demo/demo-server.ts';
import type { DemoServer } from './demo/demo-server.ts';
import { browserAddresses, readyText } from './demo/demo-words.ts';
import { checkSurroundings, surroundings, testLaunch } from './demo/desktop-check.ts';
import type { DesktopCheck } from './demo/desktop-check.ts';
import { hasKeys, readKeys } from './demo/terminal-keys.ts';
import { buildApp, buildPage } from './electron/build-app.ts';
import { packedExecutable } from './electron/pack-paths.ts';
import { inProject } from './project-root.ts';

const startedAt = performance.now();

/** Says what is being done, with the seconds since the start. */
function say(line: string): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(5);
  console.log(`${seconds} s  ${line}`);
}

async function prepareDesktop(browserOnly: boolean): Promise<DesktopCheck> {
  if (browserOnly)
    return { kind: 'impossible', reason: 'you asked for the browser', mend: 'npm start' };
  const possible = checkSurroundings(surroundings());
  if (possible.kind === 'impossible') return possible;
  const built = await buildApp({ wanted: ['release'], say });
  if (built.kind === 'page-only') {
    return { kind: 'impossible', reason: built.reason, mend: 'npx install-electron && npm start' };
  }
  say(`Desktop app: packed on Electron ${built.electron}; testing its start, sandbox on …`);
  return testLaunch(packedExecutable('release'));
}

/** Until Ctrl-C, q, or the server's end. Gives the exit code. */
async function runUntilStopped(
  server: DemoServer,
  phones: readonly ChildProcess[],
  dataFolder: string,
): Promise<number> {
  const caller = new DemoCaller(dataFolder);
  let release = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => resolve());
    release = readKeys({
      c: () => caller.ring(),
      h: () => void caller.hangUp(),
      b: () => console.log(browserAddresses(server).join('\n')),
      q: () => resolve(),
    });
  });
  const end = await Promise.race([
    asked.then(() => 'asked' as const),
    ended(server.process).then(() => 'died' as const),
  ]);
  release();
  console.log(
    end === 'asked' ? '\nStopping …' : `\nThe server has ended by itself; see ${server.logFile}`,
  );
  await caller.hangUp();
  await Promise.all(phones.map(stopChild));
  await stopChild(server.process);
  return end === 'asked' ? 0 : 1;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { browser: { type: 'boolean', default: false }, data: { type: 'string' } },
  });
  const dataFolder = values.data === undefined ? inProject('parkline-data') : resolve(values.data);
  await buildPage(say);
  say('Starting the server …');
  const server = await startDemoServer(dataFolder);
  say(`Server is ready at ${server.url}`);
  const desktop = await prepareDesktop(values.browser);
  const executable = packedExecutable('release');
  const phones = desktop.kind === 'ready' ? openDemoPhones({ executable, server, dataFolder }) : [];
  say(desktop.kind === 'ready' ? 'Two phones are opening' : 'Ready, without desktop windows');
  console.log(readyText(server, desktop, hasKeys()));
  return runUntilStopped(server, phones, dataFolder);
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
