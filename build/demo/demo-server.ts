import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ensureDemoAdmin, portalUrl } from './demo-admin.ts';
import { inProject } from '../project-root.ts';
import { projectEnvironment } from '../process/run-command.ts';
import { freeTcpPort, freeUdpPort } from './free-ports.ts';

const READY_LIMIT_MS = 30_000;
const LOOK_EVERY_MS = 50;

const demoFile = z.object({
  users: z.array(z.object({ extension: z.string(), name: z.string(), password: z.string() })),
});

export type DemoUser = z.infer<typeof demoFile>['users'][number];

/** The server with the demo's tenant, running. */
export interface DemoServer {
  readonly process: ChildProcess;
  /** The browser app, and what phones are told as "server". */
  readonly url: string;
  /** The admin's portal, signed in where the demo made the admin. */
  readonly portal: string;
  readonly sipPort: number;
  readonly users: readonly DemoUser[];
  readonly logFile: string;
}

export const serverProgram = (): string => inProject('shared', 'server', 'cli.ts');

/** Starts the server on loopback and waits until it answers. Throws, with the end of its log, when it does not. */
export async function startDemoServer(dataFolder: string): Promise<DemoServer> {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const httpPort = await freeTcpPort(8080);
  const sipPort = await freeUdpPort(5160);
  const logFile = join(dataFolder, 'server.log');
  const log = openSync(logFile, 'w', 0o600);
  const child = spawn(
    process.execPath,
    [
      serverProgram(),
      'serve',
      '--demo',
      '--data',
      dataFolder,
      '--listen',
      `udp:127.0.0.1:${sipPort}`,
      '--http',
      `127.0.0.1:${httpPort}`,
      '--grace',
      '1',
    ],
    { stdio: ['ignore', log, log], env: projectEnvironment() },
  );
  const url = `http://127.0.0.1:${httpPort}`;
  await untilReady(child, url, logFile);
  const { users } = demoFile.parse(JSON.parse(readFileSync(join(dataFolder, 'demo.json'), 'utf8')));
  const portal = portalUrl(url, await ensureDemoAdmin({ url, dataFolder, logFile }));
  return { process: child, url, portal, sipPort, users, logFile };
}

async function untilReady(child: ChildProcess, url: string, logFile: string): Promise<void> {
  const giveUpAt = performance.now() + READY_LIMIT_MS;
  while (performance.now() < giveUpAt && child.exitCode === null && child.signalCode === null) {
    const answer = await fetch(`${url}/healthz`).catch(() => null);
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  child.kill('SIGKILL');
  const log = readFileSync(logFile, 'utf8').trim().split('\n').slice(-5).join('\n');
  throw new Error(`The server did not start. The end of ${logFile}:\n${log}`);
}

/** Where a browser signs in as this user by itself; the part after # never leaves the browser. */
export function browserUrl(server: DemoServer, { extension, password }: DemoUser): string {
  return `${server.url}/#sign-in=${encodeURIComponent(extension)}:${encodeURIComponent(password)}`;
}
