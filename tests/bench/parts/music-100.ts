import { setTimeout as pause } from 'node:timers/promises';
import type { Bench, BenchPart } from '../frame/part.ts';
import { medianReading, type Reading } from '../frame/reading.ts';
import { median } from '../frame/statistics.ts';
import { MusicEars } from '../kit/music-ears.ts';
import { extensionsFrom, ParkTrio } from '../kit/park-trio.ts';
import { ServerProcess } from '../kit/server-process.ts';

const CALLS = 100;
const LANES = 4;
const ROUNDS = 5;
const ROUND_MS = 4_000;
const MOST = { share: 30, gapMs: 40 } as const;
const CYCLES_PER_S = 50;
const CALLER = '301';
const PARKER = '302';

interface Round {
  /** Share of a core, percent. */
  readonly share: number;
  readonly gapMs: number;
  readonly packetsPerSecond: number;
}

async function round(server: ServerProcess, ears: MusicEars): Promise<Round> {
  await ears.listen();
  const [startedAt, before] = [performance.now(), await server.cpuSeconds()];
  await pause(ROUND_MS);
  const { longestGapMs, packets } = await ears.heard();
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpu = (await server.cpuSeconds()) - before;
  return {
    share: (100 * cpu) / seconds,
    gapMs: longestGapMs,
    packetsPerSecond: packets / seconds,
  };
}

async function roundsOf(server: ServerProcess, ears: MusicEars): Promise<readonly Round[]> {
  const rounds: Round[] = [];
  for (let n = 0; n < ROUNDS; n += 1) rounds.push(await round(server, ears));
  return rounds;
}

/** Park cycles at a steady pace until told to stop; gives how many there were. */
async function cycleUntil(trios: readonly ParkTrio[], stopped: () => boolean): Promise<number> {
  const everyMs = (1_000 * trios.length) / CYCLES_PER_S;
  const counts = await Promise.all(
    trios.map(async (trio) => {
      let cycles = 0;
      for (let dueAt = performance.now(); !stopped(); dueAt += everyMs) {
        await pause(Math.max(0, dueAt - performance.now()));
        await trio.cycle();
        cycles += 1;
      }
      return cycles;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

interface Office {
  readonly server: ServerProcess;
  readonly ears: MusicEars;
  readonly trios: readonly ParkTrio[];
}

async function measure({ server, ears, trios }: Office, bench: Bench): Promise<readonly Reading[]> {
  await ears.park(CALLS);
  await round(server, ears);
  const quiet = await roundsOf(server, ears);
  let stopped = false;
  const cycling = cycleUntil(trios, () => stopped);
  const startedAt = performance.now();
  await round(server, ears); // The first ones compile what the others use.
  const beside = await roundsOf(server, ears);
  const seconds = (performance.now() - startedAt) / 1_000;
  stopped = true;
  const pace = (await cycling) / seconds;
  bench.say(
    `${quiet[0]?.packetsPerSecond.toFixed(0)} packets a second; ${pace.toFixed(0)} cycles a second beside it`,
  );
  const gapsOf = (rounds: readonly Round[]): readonly number[] => rounds.map(({ gapMs }) => gapMs);
  return [
    medianReading(
      `${CALLS} calls on music, of a core`,
      quiet.map(({ share }) => share),
      { unit: '%', most: MOST.share },
    ),
    {
      ...medianReading(
        '… longest gap between two packets of a call beside park cycles',
        gapsOf(beside),
        { unit: 'ms', most: MOST.gapMs },
      ),
      note: `${pace.toFixed(0)} of ${CYCLES_PER_S} cycles a second; with nothing beside it ${median(gapsOf(quiet)).toFixed(0)} ms; includes how long server and listener had to wait for a core`,
    },
  ];
}

/** A hundred parked calls over plain RTP, received for real. */
export const music100: BenchPart = {
  name: 'music-100',
  about: `${CALLS} parked calls on music: CPU of the server’s process, and the longest gap`,
  where: 'here',
  unavailable: () => null,
  run: async (bench) => {
    const server = await ServerProcess.start();
    await server.addUsers([CALLER, PARKER]);
    const ears = await MusicEars.signedIn({
      udpPort: server.udpPort,
      caller: CALLER,
      parker: PARKER,
    });
    const trios: ParkTrio[] = [];
    for (let n = 0; n < LANES; n += 1) {
      const [caller = '', second = '', third = ''] = extensionsFrom(400 + 10 * n, 3);
      trios.push(await ParkTrio.signedIn(server, [caller, second, third]));
    }
    try {
      return await measure({ server, ears, trios }, bench);
    } finally {
      for (const trio of trios) await trio.close();
      await ears.close();
      await server.close();
    }
  },
};
