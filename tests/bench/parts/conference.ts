import { setTimeout as pause } from 'node:timers/promises';
import { expectVoices } from '../../e2e/kit/hearing.ts';
import type { Bench, BenchPart } from '../frame/part.ts';
import { medianReading } from '../frame/reading.ts';
import { desktopUnavailable } from '../kit/desktop-needs.ts';
import { cpuSecondsOf, processTree } from '../kit/process-tree.ts';
import { TalkingOffice, type TalkingApp } from '../kit/talking-app.ts';

const ROUNDS = 5;
const ROUND_MS = 6_000;
/** What a call costs when it begins is not what it costs. */
const SETTLE_MS = 3_000;
const MOST_OF_A_CORE = 100;

/** Percent of one core that the app's processes keep busy, round after round. */
async function coreShares(app: TalkingApp, what: string, bench: Bench): Promise<readonly number[]> {
  await pause(SETTLE_MS);
  const shares: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const pids = processTree(app.pid);
    const seconds = (): number => pids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);
    const [before, from] = [seconds(), performance.now()];
    await pause(ROUND_MS);
    shares.push((100 * (seconds() - before)) / ((performance.now() - from) / 1_000));
  }
  bench.say(`${what}: ${shares.map((share) => share.toFixed(1)).join(', ')} % of a core`);
  return shares;
}

async function joinBoth(app: TalkingApp): Promise<void> {
  const first = await app.answersCall('client');
  const second = await app.answersCall('second client');
  const { page } = app.screen;
  await page.keyboard.press('Alt+j');
  await page.locator('article.strip[data-company="conference"]').waitFor();
  await expectVoices(first.ear, { heard: ['101', 'second client'], unheard: ['client'] });
  await expectVoices(second.ear, { heard: ['101', 'client'], unheard: ['second client'] });
  await app.leaveAlone();
}

/** CPU time of all the packed app's processes: sound, network, mixing, and the screen that counts seconds. */
export const conference: BenchPart = {
  name: 'conference',
  about: 'the packed app’s CPU time in a conference of three, mixed by itself',
  where: 'desktop',
  unavailable: desktopUnavailable,
  run: async (bench) => {
    const office = await TalkingOffice.open();
    try {
      const three = await office.startApp();
      await joinBoth(three);
      const mixing = await coreShares(three, 'conference', bench);
      await three.close();
      const two = await office.startApp();
      await two.answersCall();
      await two.leaveAlone();
      const talking = await coreShares(two, 'one call', bench);
      await two.close();
      return [
        medianReading('a conference of three, all processes of the app', mixing, {
          unit: '% of a core',
          most: MOST_OF_A_CORE,
        }),
        medianReading('… one call', talking, { unit: '% of a core' }),
      ];
    } finally {
      await office.close();
    }
  },
};
