import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../interop/peers/kit/free-port.ts';
import { kamailioConfig } from './kamailio-config.ts';

const BINARY = '/usr/sbin/kamailio';
const MODULES = '/usr/lib/x86_64-linux-gnu/kamailio/modules/presence_dialoginfo.so';
const EMPTY_TABLES = '/usr/share/kamailio/dbtext/kamailio';
const START_LIMIT_MS = 10_000;

/** Debian's kamailio with SIP over WebSocket and `dialog` presence: a PBX that nobody here wrote. */
export class Kamailio {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly webSocketUrl: string;
  readonly domain = 'pbx.test';

  private constructor(process: ChildProcess, folder: string, port: number) {
    this.#process = process;
    this.#folder = folder;
    this.webSocketUrl = `ws://127.0.0.1:${port}/`;
  }

  static isHere(): boolean {
    return existsSync(BINARY) && existsSync(MODULES);
  }

  /** Ready for REGISTER; every user's password is `secret-<user>`. */
  static async start(): Promise<Kamailio> {
    const folder = mkdtempSync(join(tmpdir(), 'parkline-kamailio-'));
    cpSync(EMPTY_TABLES, join(folder, 'tables'), { recursive: true });
    const [udpPort, tcpPort] = [await freePort(), await freePort()];
    const file = join(folder, 'kamailio.cfg');
    writeFileSync(file, kamailioConfig({ udpPort, tcpPort, tables: join(folder, 'tables') }));
    const args = ['-DD', '-E', '-f', file, '-m', '32', '-M', '8', '-Y', folder];
    const running = spawn(BINARY, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    running.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000);
      if (process.env['PARKLINE_E2E_LOG'] !== undefined) process.stderr.write(chunk);
    });
    const started = new Kamailio(running, folder, tcpPort);
    if (!(await listens(tcpPort))) {
      await started.stop();
      throw new Error(`kamailio did not start: ${said}`);
    }
    return started;
  }

  passwordOf(user: string): string {
    return `secret-${user}`;
  }

  async stop(): Promise<void> {
    const gone = new Promise<void>((resolve) => {
      if (this.#process.exitCode !== null) resolve();
      else this.#process.once('exit', () => resolve());
    });
    this.#process.kill('SIGTERM');
    await gone;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function listens(port: number): Promise<boolean> {
  const until = Date.now() + START_LIMIT_MS;
  while (Date.now() < until) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () =>
        resolve(false),
      );
      socket.once('connect', () => socket.destroy());
    });
    if (open) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}
