import { setTimeout as pause } from 'node:timers/promises';
import type { BenchPart } from '../frame/part.ts';
import { medianReading, type Reading } from '../frame/reading.ts';
import { ServerProcess } from '../kit/server-process.ts';
import { WatchedGroup, type GroupAlert } from '../kit/watched-group.ts';

const MEMBERS = 50;
const DEVICES = 2;
/** Rounds that compile what the others use. */
const WARM_UP = 10;
const ROUNDS = 41;
const BETWEEN_MS = 100;
const LAST_DEVICE_MS = 30;

function readings(rounds: readonly GroupAlert[]): readonly Reading[] {
  const each = (of: (round: GroupAlert) => number): readonly number[] => rounds.map(of);
  return [
    {
      ...medianReading(
        `*58, ${MEMBERS} members on ${DEVICES} devices each: the last one is told`,
        each(({ last }) => last),
        { unit: 'ms', most: LAST_DEVICE_MS },
      ),
      note: 'from the REFER with its proof to the last NOTIFY read, over UDP; the phones share the machine',
    },
    medianReading(
      'the first of them is told',
      each(({ first }) => first),
      { unit: 'ms' },
    ),
    medianReading(
      'the parker is told',
      each(({ parkerTold }) => parkerTold),
      { unit: 'ms' },
    ),
  ];
}

/** One park to a group that a hundred devices watch. */
export const groupNotify: BenchPart = {
  name: 'group-notify',
  about: `how soon ${MEMBERS * DEVICES} devices of a Call Park group know of a call that is parked to it`,
  where: 'here',
  unavailable: () => null,
  run: async (bench) => {
    const server = await ServerProcess.start();
    const group = await WatchedGroup.signedIn(server, { members: MEMBERS, devices: DEVICES });
    try {
      const rounds: GroupAlert[] = [];
      for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
        rounds.push(await group.alert());
        await pause(BETWEEN_MS);
      }
      bench.say(`${group.devices} devices were told ${rounds.length} times`);
      return readings(rounds.slice(WARM_UP));
    } finally {
      await group.close();
      await server.close();
    }
  },
};
