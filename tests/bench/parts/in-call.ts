import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expectHears } from '../../e2e/kit/hearing.ts';
import type { Bench, BenchPart } from '../frame/part.ts';
import { medianReading, type Reading } from '../frame/reading.ts';
import { desktopUnavailable } from '../kit/desktop-needs.ts';
import { treeMemory, type TreeMemory } from '../kit/process-tree.ts';
import { TalkingOffice } from '../kit/talking-app.ts';
import { checkAllRead, memoryWords, REST_MS, weighBlank } from '../kit/weigh.ts';

const ROUNDS = 3;
const MEMORY_TIMES = 1.6;

interface Round {
  readonly blank: TreeMemory;
  readonly talking: TreeMemory;
}

/** Both sides hear each other; then the app is left alone and weighed. */
async function weighTalking(office: TalkingOffice): Promise<TreeMemory> {
  const app = await office.startApp();
  try {
    const client = await app.answersCall();
    await expectHears(client.ear, '101');
    await app.leaveAlone();
    await pause(REST_MS);
    await expectHears(client.ear, '101');
    return treeMemory(app.pid);
  } finally {
    await app.close();
  }
}

async function measure(folder: string, bench: Bench): Promise<readonly Round[]> {
  const office = await TalkingOffice.open();
  try {
    const rounds: Round[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const blank = await weighBlank(join(folder, 'blank'));
      const talking = await weighTalking(office);
      rounds.push({ blank: blank.memory, talking });
      const words = memoryWords({ startMs: 0, memory: talking });
      bench.say(`round ${round} of ${ROUNDS}: blank ${memoryWords(blank)}; in a call ${words}`);
    }
    return rounds;
  } finally {
    await office.close();
  }
}

function readings(rounds: readonly Round[]): readonly Reading[] {
  checkAllRead(rounds.flatMap(({ blank, talking }) => [blank, talking]));
  const each = (of: (round: Round) => number): readonly number[] => rounds.map(of);
  return [
    medianReading(
      'memory in a call, of a blank window’s',
      each(({ talking, blank }) => talking.pssMb / blank.pssMb),
      { unit: '×', most: MEMORY_TIMES },
    ),
    medianReading(
      '… phone, PSS of all its processes',
      each(({ talking }) => talking.pssMb),
      { unit: 'MB' },
    ),
    medianReading(
      '… blank window',
      each(({ blank }) => blank.pssMb),
      { unit: 'MB' },
    ),
  ];
}

/** The packed phone in a call that is heard both ways, beside a blank window of the same Electron, in turns. */
export const inCall: BenchPart = {
  name: 'in-call',
  about: 'the packed app’s memory in a call, beside a blank window of the same Electron',
  where: 'desktop',
  unavailable: desktopUnavailable,
  run: async (bench) => {
    const folder = mkdtempSync(join(tmpdir(), 'parkline-in-call-'));
    try {
      return readings(await measure(folder, bench));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
