import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../free-port.ts';
import { processTree, threadSecondsOf } from '../process-tree.ts';

const CONFIGURATION = fileURLToPath(new URL('./kamailio.cfg', import.meta.url));
const HOST = '127.0.0.1';
const START_MS = 10_000;

/** Debian's Kamailio on loopback, with the users' HA1s written into its configuration. */
export class Kamailio {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #folder: string;

  /** @param extensions users with the password `secret-<extension>` */
  static async start(extensions: readonly string[]): Promise<Kamailio> {
    const folder = mkdtempSync(join(tmpdir(), 'parkline-bench-kamailio-'));
    copyFileSync(CONFIGURATION, join(folder, 'kamailio.cfg'));
    writeFileSync(join(folder, 'ha1.cfg'), extensions.map(ha1Line).join('\n'));
    const port = await freePort();
    const child = spawn(
      'kamailio',
      [
        ...['-DD', '-E', '-f', join(folder, 'kamailio.cfg'), '-A', `PORT=${port}`],
        ...['-Y', folder, '-P', join(folder, 'pid'), '-m', '64', '-M', '8'],
      ],
      { stdio: 'ignore' },
    );
    const kamailio = new Kamailio(port, child, folder);
    await kamailio.#ready();
    return kamailio;
  }

  private constructor(port: number, child: ChildProcess, folder: string) {
    this.port = port;
    this.#child = child;
    this.#folder = folder;
  }

  /** User and system time of all its processes, seconds. */
  cpuSeconds(): number {
    return processTree(this.#child.pid ?? 0).reduce((sum, pid) => sum + threadSecondsOf(pid), 0);
  }

  async close(): Promise<void> {
    if (this.#child.exitCode === null) {
      this.#child.kill('SIGTERM');
      await once(this.#child, 'exit');
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #ready(): Promise<void> {
    const giveUpAt = performance.now() + START_MS;
    while (performance.now() < giveUpAt && this.#child.exitCode === null) {
      if (await accepts(this.port)) return;
      await pause(50);
    }
    await this.close();
    throw new Error('kamailio did not start');
  }
}

function ha1Line(extension: string): string {
  const ha1 = createHash('md5').update(`${extension}:${HOST}:secret-${extension}`).digest('hex');
  return `  $sht(ha1=>${extension}) = "${ha1}";`;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
