import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { SipPhone } from '../../fakes/sip-phone.ts';
import type { AttackOrder } from '../kit/attacker-child.ts';
import type { Bench, BenchPart } from '../frame/part.ts';
import { atMost, type Reading } from '../frame/reading.ts';
import { median, quantile } from '../frame/statistics.ts';
import { extensionsFrom, signIn } from '../kit/park-trio.ts';
import { ServerProcess } from '../kit/server-process.ts';

const PROGRAM = fileURLToPath(new URL('../kit/attacker-child.ts', import.meta.url));
const PHONES = 100;
const ROUNDS = 5;
/** Parks in one round, quiet or not; the p99 is over all rounds of a kind. */
const PARKS = 100;
const PAUSE_MS = 20;
/** All of 127.0.0.0/8 is this machine, and only 127.0.0.1 is exempt from being counted. */
const ATTACKS = [
  { kind: 'scan', address: '127.0.0.86', perSecond: 500 },
  { kind: 'flood', address: '127.0.0.87', perSecond: 2_000 },
] as const;

async function begin(order: AttackOrder): Promise<ChildProcess> {
  const child = fork(PROGRAM, { execArgv: ['--disable-warning=ExperimentalWarning'] });
  await once(child, 'spawn');
  child.send(order);
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  child.disconnect();
  if (child.exitCode === null) await once(child, 'exit');
}

/** One park by REFER, then the caller gives up. @returns ms from REFER to the NOTIFY that says it is done */
async function park(caller: SipPhone, parker: SipPhone): Promise<number> {
  const dialled = caller.dial(parker.account.user);
  const atParker = (await parker.nextCall()).answer();
  const atCaller = await dialled.answered();
  let done = 0;
  atParker.answerWith = (request) => {
    const over = request.headers.get('Subscription-State')?.startsWith('terminated') === true;
    if (over && done === 0) done = performance.now();
    return 200;
  };
  const began = performance.now();
  const { status } = await atParker.refer('*68');
  const result = await atParker.referResult();
  if (status !== 202 || result.status !== 200) throw new Error(`park: ${status} ${result.status}`);
  await atParker.hangUp();
  await atCaller.hangUp();
  caller.calls.length = 0;
  parker.calls.length = 0;
  return done - began;
}

/** The office at work: some park, all the others refresh now and then. */
async function round(phones: readonly SipPhone[]): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < PARKS; n += 1) {
    const [caller, parker] = [phones[(2 * n) % PHONES], phones[(2 * n + 1) % PHONES]];
    if (caller === undefined || parker === undefined) throw new Error('a phone is missing');
    times.push(await park(caller, parker));
    await phones[(7 * n) % PHONES]?.register();
    await pause(PAUSE_MS);
  }
  return times;
}

async function besideAttack(server: ServerProcess, phones: readonly SipPhone[]) {
  const attacks: ChildProcess[] = [];
  for (const each of ATTACKS) {
    attacks.push(await begin({ ...each, serverPort: server.udpPort }));
  }
  try {
    await pause(1_000);
    return await round(phones);
  } finally {
    for (const each of attacks) await end(each);
    await pause(500);
  }
}

async function measure(server: ServerProcess, bench: Bench): Promise<readonly Reading[]> {
  const extensions = extensionsFrom(1_000, PHONES);
  await server.addUsers(extensions);
  const phones: SipPhone[] = [];
  try {
    for (const extension of extensions) phones.push(await signIn(server, extension));
    // The first rounds compile what the others use, on both paths.
    for (let warm = 0; warm < 2; warm += 1) await round(phones);
    await besideAttack(server, phones);
    const [quiet, loud]: [number[][], number[][]] = [[], []];
    for (let n = 0; n < ROUNDS; n += 1) {
      quiet.push(await round(phones));
      loud.push(await besideAttack(server, phones));
      bench.say(`round ${n + 1}: ${wordsOf(quiet.at(-1))} quiet, ${wordsOf(loud.at(-1))} attacked`);
    }
    return readings(quiet, loud);
  } finally {
    for (const phone of phones) await phone.close();
  }
}

const wordsOf = (times: readonly number[] = []): string =>
  `median ${median(times).toFixed(1)}, p99 ${quantile(times, 0.99).toFixed(1)} ms`;

function readings(
  quiet: readonly (readonly number[])[],
  loud: readonly (readonly number[])[],
): readonly Reading[] {
  const row = (name: string, rounds: readonly (readonly number[])[], share: number): Reading => ({
    name,
    value: quantile(rounds.flat(), share),
    unit: 'ms',
    budget: null,
    rounds: rounds.map((each) => quantile(each, share)),
  });
  const p99 = [row('p99 of a park, quiet', quiet, 0.99), row('… attacked', loud, 0.99)] as const;
  const middle = [
    row('median of a park, quiet', quiet, 0.5),
    row('… attacked', loud, 0.5),
  ] as const;
  const rates = ATTACKS.map(({ kind, perSecond }) => `${kind} of ${perSecond}/s`).join(', ');
  return [
    ...middle,
    ...p99,
    {
      name: 'p99 of a park, attacked to quiet',
      value: p99[1].value / p99[0].value,
      unit: '×',
      budget: atMost(2),
      rounds: p99[1].rounds.map((each, n) => each / (p99[0].rounds[n] ?? 1)),
      note: `${PHONES} phones beside a ${rates}; the attackers use the same two cores`,
    },
  ];
}

/** A registration scanner and an INVITE flood beside an office of ordinary phones. */
export const attacked: BenchPart = {
  name: 'beside-attack',
  about: 'how long a park takes beside a registration scanner and an INVITE flood',
  where: 'here',
  unavailable: () =>
    process.platform === 'linux' ? null : 'only Linux has all of 127.0.0.0/8 to itself',
  run: async (bench) => {
    const server = await ServerProcess.start();
    try {
      return await measure(server, bench);
    } finally {
      await server.close();
    }
  },
};
