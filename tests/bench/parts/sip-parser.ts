import { createRequire } from 'node:module';
import { parseMessage } from '../../../shared/sip/message/parse-message.ts';
import { branchOf } from '../../../shared/sip/message/via.ts';
import { serializeMessage } from '../../../shared/sip/message/serialize.ts';
import { everydayMessages } from '../../conformance/corpus.ts';
import type { Bench, BenchPart } from '../frame/part.ts';
import { atLeast, type Reading } from '../frame/reading.ts';
import { median } from '../frame/statistics.ts';

const ROUNDS = 5;
const ROUND_S = 0.7;

interface JsSipParser {
  parseMessage(text: string, ua: { get(name: string): unknown }): unknown;
}
interface NpmSip {
  parse(text: string): unknown;
}

type Run = (bytes: Buffer) => unknown;

function attempt(run: () => unknown): boolean {
  try {
    return Boolean(run());
  } catch {
    return false;
  }
}

/** Reads what every server reads of every message, branch and tags included; a parser that is lazy must not win by laziness. */
function ours(bytes: Buffer): boolean {
  const outcome = parseMessage(bytes, { framing: 'datagram' });
  if (outcome.kind !== 'message') return false;
  const { via, from, fromTag, to, toTag, cseq, callId, contact } = outcome.message;
  const read = [branchOf(via), from.uri.host, fromTag, to.uri.host, cseq.method, callId];
  // Not every message has them; they are read all the same.
  void [toTag, contact];
  return read.every(Boolean);
}

function oursWritten(bytes: Buffer): boolean {
  const outcome = parseMessage(bytes, { framing: 'datagram' });
  return outcome.kind === 'message' && serializeMessage(outcome.message).length > 0;
}

function contestants(): Readonly<Record<'ours' | 'oursWritten' | 'npmSip' | 'jsSip', Run>> {
  const require = createRequire(import.meta.url);
  const jssip: JsSipParser = require('jssip/lib/Parser.js');
  const sip: NpmSip = require('sip');
  const ua = { get: () => undefined };
  return {
    ours,
    oursWritten,
    npmSip: (bytes) => sip.parse(bytes.toString('latin1')),
    jsSip: (bytes) => jssip.parseMessage(bytes.toString(), ua),
  };
}

/** Messages per second of CPU time: what else the machine does counts little. */
function rate(messages: readonly Buffer[], run: Run): number {
  const before = process.cpuUsage();
  const end = performance.now() + ROUND_S * 1_000;
  let count = 0;
  while (performance.now() < end) {
    for (const bytes of messages) attempt(() => run(bytes));
    count += messages.length;
  }
  const { user, system } = process.cpuUsage(before);
  return (count * 1e6) / (user + system);
}

function measure(messages: readonly Buffer[], bench: Bench): readonly Reading[] {
  const runs = contestants();
  for (const [name, run] of Object.entries(runs)) {
    const read = messages.filter((bytes) => attempt(() => run(bytes))).length;
    bench.say(`${name} reads ${read} of ${messages.length} everyday messages`);
    rate(messages, run);
  }
  const rounds = Array.from({ length: ROUNDS }, () => ({
    ours: rate(messages, runs.ours),
    oursWritten: rate(messages, runs.oursWritten),
    npmSip: rate(messages, runs.npmSip),
    jsSip: rate(messages, runs.jsSip),
  }));
  const told = (name: string, values: readonly number[]): Reading => ({
    name,
    value: median(values),
    unit: '/CPU-s',
    budget: null,
    rounds: [...values],
  });
  const ratio = (name: string, values: readonly number[], atLeastTimes: number): Reading => ({
    name,
    value: median(values),
    unit: '×',
    budget: atLeast(atLeastTimes),
    rounds: [...values],
  });
  return [
    told(
      'everyday messages read, with the headers that every server needs',
      rounds.map((round) => round.ours),
    ),
    told(
      '… read and written again',
      rounds.map((round) => round.oursWritten),
    ),
    ratio(
      'ratio to JsSIP’s parser',
      rounds.map((round) => round.ours / round.jsSip),
      40,
    ),
    ratio(
      'ratio to npm sip’s parser',
      rounds.map((round) => round.ours / round.npmSip),
      1,
    ),
  ];
}

/** The scan parser beside two others, over the same messages. */
export const sipParser: BenchPart = {
  name: 'sip-parser',
  about: 'SIP messages read, beside JsSIP and npm sip',
  where: 'here',
  unavailable: () =>
    everydayMessages().length > 0 ? null : '../shared/conformance with the messages is not there',
  run: async (bench) =>
    measure(
      everydayMessages().map(({ bytes }) => bytes),
      bench,
    ),
};
