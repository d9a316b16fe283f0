import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PeerExchange } from './peer-exchange.ts';

export interface SippOptions {
  readonly scenario: 'park-by-refer' | 'park-by-code';
  readonly transport: 'udp' | 'tcp';
  readonly extension: string;
  /** Whom the scenario calls first. */
  readonly callee: string;
}

/**
 * Runs one scenario of Debian's sipp to its end.
 * @throws with sipp's own account of it when anything unexpected came
 */
export async function runSipp(exchange: PeerExchange, options: SippOptions): Promise<void> {
  const { scenario, transport, extension, callee } = options;
  const home = exchange.home('sipp');
  mkdirSync(home);
  const kind = transport === 'udp' ? 'datagram' : 'stream';
  const file = fileURLToPath(new URL(`../scenarios/${scenario}.${kind}.xml`, import.meta.url));
  const args = [
    exchange.door(transport),
    ...['-sf', file, '-t', transport === 'udp' ? 'u1' : 't1', '-i', '127.0.0.1', '-m', '1'],
    ...['-au', extension, '-ap', `secret-${extension}`],
    ...['-key', 'extension', extension, '-key', 'callee', callee],
    ...['-nostdin', '-trace_err', '-error_file', join(home, 'errors.log'), '-timeout', '25'],
    '-timeout_error',
  ];
  const child = spawn('sipp', args, {
    cwd: home,
    stdio: 'ignore',
    env: { ...process.env, TERM: 'dumb' },
  });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (code === 0) return;
  const logs = readdirSync(home).map((name) => readFileSync(join(home, name), 'utf8'));
  throw new Error(`sipp ended with ${code}: ${logs.join('\n')}`);
}
