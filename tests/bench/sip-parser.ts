/**
 * Messages read per second of CPU time by our scan parser, JsSIP's grammar and npm `sip`, over the everyday messages in
 * ../shared/conformance/realistic, measured in the same run. Run: `node tests/bench/sip-parser.ts [seconds]`.
 */
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { parseMessage } from '../../shared/sip/message/parse-message.ts';
import { serializeMessage } from '../../shared/sip/message/serialize.ts';
import { everydayMessages } from '../conformance/corpus.ts';

const require = createRequire(import.meta.url);
const seconds = Number(process.argv[2] ?? 2);
const messages = everydayMessages().map(({ bytes }) => bytes);

interface JsSipParser {
  parseMessage(text: string, ua: { get(name: string): unknown }): unknown;
}
interface NpmSip {
  parse(text: string): unknown;
}

/** CPU time rather than the clock's: other processes on the machine do not count. */
function rate(run: (bytes: Buffer) => unknown): { perSecond: number; read: number } {
  const read = messages.filter((bytes) => attempt(() => run(bytes))).length;
  spend(0.5, run);
  const before = process.cpuUsage();
  const count = spend(seconds, run);
  const { user, system } = process.cpuUsage(before);
  return { perSecond: (count * 1e6) / (user + system), read };
}

function spend(forSeconds: number, run: (bytes: Buffer) => unknown): number {
  const end = performance.now() + forSeconds * 1_000;
  let count = 0;
  while (performance.now() < end) {
    for (const bytes of messages) attempt(() => run(bytes));
    count += messages.length;
  }
  return count;
}

function attempt(run: () => unknown): boolean {
  try {
    return Boolean(run());
  } catch {
    return false;
  }
}

function ours(bytes: Buffer): boolean {
  const outcome = parseMessage(bytes, { framing: 'datagram' });
  return outcome.kind === 'message';
}

function oursWritten(bytes: Buffer): boolean {
  const outcome = parseMessage(bytes, { framing: 'datagram' });
  return outcome.kind === 'message' && serializeMessage(outcome.message).length > 0;
}

const jssip: JsSipParser = require('jssip/lib/Parser.js');
const sip: NpmSip = require('sip');
const ua = { get: () => undefined };

if (messages.length === 0) {
  console.error('../shared/conformance is not there: nothing to measure');
  process.exitCode = 1;
} else {
  const contestants = {
    'scan parser': ours,
    'scan parser + serialiser': oursWritten,
    'npm sip': (bytes: Buffer) => sip.parse(bytes.toString('latin1')),
    JsSIP: (bytes: Buffer) => jssip.parseMessage(bytes.toString(), ua),
  };
  let reference = 0;
  for (const [name, run] of Object.entries(contestants)) {
    const { perSecond, read } = rate(run);
    reference ||= perSecond;
    const ratio = (reference / perSecond).toFixed(1);
    console.log(
      `${name.padEnd(26)} ${Math.round(perSecond).toLocaleString('en').padStart(9)}/s  read ${read}/${messages.length}  scan parser is ${ratio}×`,
    );
  }
}
