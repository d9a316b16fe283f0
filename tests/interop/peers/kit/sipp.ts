import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PeerExchange, PeerTransport } from './peer-exchange.ts';
import { TlsRelay } from './tls-relay.ts';

/** What a retriever says, in Hz. */
export const SIPP_HZ = 700;

export interface SippOptions {
  readonly scenario: 'park-by-refer' | 'park-by-code' | 'retrieve-by-code';
  readonly transport: PeerTransport;
  readonly extension: string;
  /** Whom the scenario calls first, if anybody. */
  readonly callee?: string;
}

/**
 * Runs one scenario of Debian's sipp to its end. That sipp was built without TLS: a relay of the test's own speaks it.
 * @throws with sipp's own account of it when anything unexpected came
 */
export async function runSipp(exchange: PeerExchange, options: SippOptions): Promise<void> {
  const { transport } = options;
  if (transport !== 'tls') return play(exchange, options, exchange.door(transport));
  const relay = await TlsRelay.open(exchange.port('tls'), readFileSync(exchange.trustedFile));
  try {
    await play(exchange, options, `127.0.0.1:${relay.port}`);
  } finally {
    await relay.close();
  }
}

async function play(exchange: PeerExchange, options: SippOptions, door: string): Promise<void> {
  const { scenario, transport, extension, callee = '' } = options;
  const home = exchange.home('sipp');
  mkdirSync(home);
  writeFileSync(join(home, 'says.alaw'), alawTone(SIPP_HZ));
  const kind = transport === 'udp' ? 'datagram' : 'stream';
  const file = fileURLToPath(new URL(`../scenarios/${scenario}.${kind}.xml`, import.meta.url));
  const args = [
    door,
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
  const logs = readdirSync(home)
    .filter((name) => name.endsWith('.log'))
    .map((name) => readFileSync(join(home, name), 'utf8'));
  throw new Error(`sipp ended with ${code}: ${logs.join('\n')}`);
}

/** Ten seconds of a sine in G.711 A-law, as RTP carries it. */
function alawTone(hz: number): Buffer {
  const rate = 8_000;
  const sample = (_: unknown, index: number): number =>
    toAlaw(Math.round(9_000 * Math.sin((2 * Math.PI * hz * index) / rate)));
  return Buffer.from(Uint8Array.from({ length: 10 * rate }, sample));
}

/** One sample by ITU-T G.711: sign, segment, four bits of mantissa, every other bit inverted. */
function toAlaw(sample: number): number {
  const size = Math.min(Math.abs(sample) >> 3, 4_095);
  const segment = Math.max(0, Math.floor(Math.log2(Math.max(size, 1))) - 4);
  const mantissa = (segment < 2 ? size >> 1 : size >> segment) & 0x0f;
  const code = (size < 32 ? 0 : segment << 4) | mantissa;
  return (sample >= 0 ? code | 0x80 : code) ^ 0x55;
}
