import type { Bench, BenchPart } from '../frame/part.ts';
import { atMost, type Reading } from '../frame/reading.ts';
import { median, quantile } from '../frame/statistics.ts';
import { AttackedOffice, ATTACKS, PHONES } from '../kit/attacked-office.ts';
import { ServerProcess } from '../kit/server-process.ts';

const ROUNDS = 5;
/** Parks in one round, quiet or not; the p99 is over all rounds of a kind. */
const PARKS = 100;

async function measure(server: ServerProcess, bench: Bench): Promise<readonly Reading[]> {
  const office = await AttackedOffice.open(server);
  try {
    // The first rounds compile what the others use, on both paths.
    for (let warm = 0; warm < 2; warm += 1) await office.quiet(PARKS);
    await office.attacked(PARKS);
    const [quiet, loud]: [number[][], number[][]] = [[], []];
    for (let n = 0; n < ROUNDS; n += 1) {
      quiet.push(await office.quiet(PARKS));
      loud.push(await office.attacked(PARKS));
      bench.say(`round ${n + 1}: ${wordsOf(quiet.at(-1))} quiet, ${wordsOf(loud.at(-1))} attacked`);
    }
    return readings(quiet, loud);
  } finally {
    await office.close();
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
