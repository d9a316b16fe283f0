import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cli } from '../../interop/kit/cli.ts';
import { removeDirectory, temporaryDirectory } from '../../interop/kit/park-server.ts';

const DOOR = fileURLToPath(new URL('../../../build/bootstrap.mjs', import.meta.url));
const LISTEN = ['udp:127.0.0.1:0', 'ws:127.0.0.1:0'].flatMap((door) => ['--listen', door]);
const READY = /"udp:127\.0\.0\.1:(\d+)".*"http":"([^"]+)"/;

/** MB of a million bytes. */
export interface ProcessMemory {
  /** Proportional set size: a page that several processes share is divided among them. */
  readonly pssMb: number;
  /** As if nobody shared anything: what it would have, were it the only Node here. */
  readonly rssMb: number;
}

/** Of any process, from Linux's `/proc`. */
export function memoryOf(pid: number): ProcessMemory {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const mb = (name: string): number =>
    (Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(rollup)?.[1]) * 1_024) / 1e6;
  return { pssMb: mb('Pss'), rssMb: mb('Rss') };
}

/** `parkline serve` as an admin starts it in a checkout, measured from outside: nothing of the benchmark is in its process. */
export class ServedProcess {
  readonly #door: ChildProcess;
  readonly #dataDir: string;
  readonly #pid: number;
  readonly #http: string;
  readonly udpPort: number;

  /** @throws Error when it does not get ready */
  static async start(): Promise<ServedProcess> {
    const dataDir = temporaryDirectory();
    const config = join(dataDir, 'server.json');
    writeFileSync(config, JSON.stringify({ tenantSettings: { parkedCallsPerExtension: 100 } }));
    const args = ['serve', '--data', dataDir, '--config', config, ...LISTEN];
    const door = spawn(
      process.execPath,
      [DOOR, 'parkline', ...args, '--http', '127.0.0.1:0', '--grace', '0', '--json'],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    return new ServedProcess(door, dataDir, await ready(door));
  }

  private constructor(door: ChildProcess, dataDir: string, [, udp, http = '']: RegExpExecArray) {
    this.#door = door;
    this.#dataDir = dataDir;
    this.#pid = childOf(door.pid ?? 0);
    this.#http = http;
    this.udpPort = Number(udp);
  }

  /** Users with the password `secret-<extension>`. */
  async addUsers(extensions: readonly string[]): Promise<void> {
    const file = join(this.#dataDir, 'users.csv');
    const lines = extensions.map(
      (extension) => `${extension},secret-${extension},User ${extension}`,
    );
    writeFileSync(file, ['extension,password,name', ...lines].join('\n'));
    const run = await cli(['user', 'import', file, '--data', this.#dataDir]);
    if (run.status !== 0) throw new Error(run.err);
  }

  memory(): ProcessMemory {
    return memoryOf(this.#pid);
  }

  /** What call control's thread needs of it for JavaScript, MB. */
  async heapMb(): Promise<number> {
    const metrics = await (await fetch(`${this.#http}/metrics`)).text();
    return Number(/^nodejs_heap_size_used_bytes (\S+)$/m.exec(metrics)?.[1]) / 1e6;
  }

  async close(): Promise<void> {
    if (this.#door.exitCode === null) {
      this.#door.kill('SIGTERM');
      await once(this.#door, 'exit');
    }
    removeDirectory(this.#dataDir);
  }
}

async function ready(door: ChildProcess): Promise<RegExpExecArray> {
  let said = '';
  for await (const data of door.stdout ?? []) {
    said += String(data);
    const match = READY.exec(said);
    if (match !== null) return match;
  }
  throw new Error(`the server did not get ready: ${said}`);
}

/** The door stays and waits for what it started. */
function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
}

/** A Node that does nothing: what no server in JavaScript can do without. */
export async function emptyNode(program: string): Promise<ProcessMemory> {
  const child = spawn(process.execPath, ['-e', `${program}; console.log('ready')`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    if (child.stdout !== null) await once(child.stdout, 'data');
    return memoryOf(child.pid ?? 0);
  } finally {
    child.kill('SIGKILL');
  }
}
