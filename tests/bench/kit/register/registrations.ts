import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../free-port.ts';

const SCENARIO = fileURLToPath(new URL('./register.xml', import.meta.url));
/** A registrar may refuse more than some hundred messages a second from one connection. */
const CONNECTIONS = 4;
const PER_CONNECTION_PER_S = 220;
const AT_ONCE = 10;

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
 * Registers with Debian's sipp in a closed loop: the next one begins when one is done. Over TCP some connections share the work.
 * However often it is asked, the phones keep their ports: every round after the first refreshes the same bindings.
 */
export class RegisteringPhones {
  readonly #ports: number[] = [];

  /** @throws with sipp's own account of it when anything unexpected came */
  async register(load: Load): Promise<void> {
    if (load.transport === 'udp') {
      return this.#run(0, load, ['-t', 'u1', '-r', '100000', '-l', `${AT_ONCE}`]);
    }
    const count = load.count / CONNECTIONS;
    const share = load.extensions.length / CONNECTIONS;
    await Promise.all(
      Array.from({ length: CONNECTIONS }, (_, n) => {
        const extensions = load.extensions.slice(n * share, (n + 1) * share);
        const pace = ['-t', 't1', '-r', `${PER_CONNECTION_PER_S}`, '-l', `${AT_ONCE}`];
        return this.#run(n, { ...load, extensions, count }, pace);
      }),
    );
  }

  async #run(nth: number, load: Load, pace: readonly string[]): Promise<void> {
    let ended: Ended = { code: BIND_ERROR, said: '' };
    // Left to itself, sipp tries one port after the other from 5060 on: several that start at once take the same one.
    for (let left = ATTEMPTS; left > 0 && ended.code === BIND_ERROR; left -= 1) {
      const port = left === ATTEMPTS ? (this.#ports[nth] ?? (await freePort())) : await freePort();
      this.#ports[nth] = port;
      ended = await runSipp(load, [...pace, '-p', `${port}`]);
    }
    if (ended.code !== 0) throw new Error(`sipp ended with ${ended.code}: ${ended.said}`);
  }
}

interface Ended {
  readonly code: number | null;
  /** What sipp wrote into its logs. */
  readonly said: string;
}

async function runSipp(load: Load, pace: readonly string[]): Promise<Ended> {
  const home = mkdtempSync(join(tmpdir(), 'parkline-bench-sipp-'));
  const users = join(home, 'users.csv');
  writeFileSync(users, `SEQUENTIAL\n${load.extensions.map(userLine).join('\n')}\n`);
  const args = [
    `127.0.0.1:${load.port}`,
    ...['-sf', SCENARIO, '-inf', users, '-i', '127.0.0.1', '-m', `${load.count}`, ...pace],
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
