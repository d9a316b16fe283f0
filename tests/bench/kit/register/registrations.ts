import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../free-port.ts';

const SCENARIO = fileURLToPath(new URL('./register.xml', import.meta.url));
/** So many that the registrar always has one to work on: with ten, sipp's own timer sets the pace and every message pays for waking up. */
const AT_ONCE = 100;

export interface Load {
  readonly transport: 'udp' | 'tcp';
  readonly port: number;
  /** Users with the password `secret-<extension>`. */
  readonly extensions: readonly string[];
  /** Registrations in all. */
  readonly count: number;
}

/** What sipp ends with when its own port was taken meanwhile; it has sent nothing then. */
const BIND_ERROR = 254;
const ATTEMPTS = 5;

/**
 * Registers with Debian's sipp in a closed loop: the next one begins when one is done. Over TCP one connection carries them all, as a
 * proxy's does.
 * However often it is asked, the phones keep their ports: every round after the first refreshes the same bindings.
 */
export class RegisteringPhones {
  #port: number | undefined;

  /** @throws with sipp's own account of it when anything unexpected came */
  async register(load: Load): Promise<void> {
    const socket = load.transport === 'udp' ? 'u1' : 't1';
    let ended: Ended = { code: BIND_ERROR, said: '' };
    for (let left = ATTEMPTS; left > 0 && ended.code === BIND_ERROR; left -= 1) {
      this.#port = left === ATTEMPTS ? (this.#port ?? (await freePort())) : await freePort();
      const loop = ['-t', socket, '-r', '100000', '-l', `${AT_ONCE}`, '-p', `${this.#port}`];
      ended = await runSipp(load, loop);
    }
    if (ended.code !== 0) throw new Error(`sipp ended with ${ended.code}: ${ended.said}`);
  }
}

interface Ended {
  readonly code: number | null;
  /** What sipp wrote into its logs. */
  readonly said: string;
}

async function runSipp(load: Load, loop: readonly string[]): Promise<Ended> {
  const home = mkdtempSync(join(tmpdir(), 'parkline-bench-sipp-'));
  const users = join(home, 'users.csv');
  writeFileSync(users, `SEQUENTIAL\n${load.extensions.map(userLine).join('\n')}\n`);
  const args = [
    `127.0.0.1:${load.port}`,
    ...['-sf', SCENARIO, '-inf', users, '-i', '127.0.0.1', '-m', `${load.count}`, ...loop],
    ...['-nostdin', '-trace_err', '-error_file', join(home, 'errors.log'), '-timeout', '120'],
    '-timeout_error',
  ];
  const env = { ...process.env, TERM: 'dumb' };
  const child = spawn('sipp', args, { cwd: home, stdio: 'ignore', env });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  const logs = readdirSync(home).filter((name) => name.endsWith('.log'));
  const said = logs.map((name) => readFileSync(join(home, name), 'utf8').slice(0, 2_000));
  rmSync(home, { recursive: true, force: true });
  return { code, said: said.join('\n') };
}

const userLine = (extension: string): string =>
  `${extension};[authentication username=${extension} password=secret-${extension}]`;
