import { setTimeout as pause } from 'node:timers/promises';
import { buildPage } from '../../../build/electron/build-app.ts';
import { BrowserPhone } from '../../e2e/kit/browser-phone.ts';
import { CLIENT } from '../../e2e/kit/client.ts';
import { TestServer } from '../../e2e/kit/test-server.ts';
import { VOICES } from '../../e2e/kit/voices.ts';
import type { Bench, BenchPart } from '../frame/part.ts';
import { atMost, type Reading } from '../frame/reading.ts';
import { median, quantile } from '../frame/statistics.ts';
import { browserUnavailable } from '../kit/bench-browser.ts';
import { parkOnAlice, putBack } from '../kit/parked-on-alice.ts';
import { SoundWatch } from '../kit/sound-watch.ts';
import { SteadyCaller } from '../kit/steady-caller.ts';

const ROUNDS = 21;
const BUDGET_MS = 250;
const HEARD = { share: 0.6, level: -45 } as const;
/** The parked call waits so long before it is taken, ms: nothing of the parking is under way any more. */
const WAITING_MS = 700;

interface Room {
  readonly server: TestServer;
  readonly caller: SteadyCaller;
  readonly alice: BrowserPhone;
  readonly ear: SoundWatch;
}

/** From the press to the first 10 ms in which the caller's tone is heard. */
async function retrieveOnce({ alice, ear }: Room): Promise<number> {
  await pause(WAITING_MS);
  await ear.take();
  await alice.retrieve(CLIENT);
  await ear.toneHeard(300);
  const { heard, pressedAt } = await ear.take();
  const first = heard.find(
    ({ at, tone, level }) => at > pressedAt && tone > HEARD.share && level > HEARD.level,
  );
  if (first === undefined) throw new Error('the caller was not heard');
  return first.at - pressedAt;
}

async function measure(room: Room, bench: Bench): Promise<readonly number[]> {
  const { server, caller, alice } = room;
  await parkOnAlice(room, CLIENT, () => caller.call(server, '101', VOICES.client));
  // The first retrieve compiles what the others use.
  bench.say(`first retrieve ever: ${Math.round(await retrieveOnce(room))} ms`);
  const rounds: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    await putBack(alice, CLIENT);
    rounds.push(await retrieveOnce(room));
  }
  return rounds;
}

function readings(rounds: readonly number[]): readonly Reading[] {
  return [
    {
      name: 'retrieve pressed → the retriever hears the caller',
      value: median(rounds),
      unit: 'ms',
      budget: atMost(BUDGET_MS),
      rounds: [...rounds],
      note: 'Chromium, from pointer-down to sound after the jitter buffer; microphone opened, ICE and DTLS anew each time',
    },
    {
      name: '… nine of ten are faster than',
      value: quantile(rounds, 0.9),
      unit: 'ms',
      budget: null,
      rounds: [quantile(rounds, 0.9)],
    },
  ];
}

/** The main job's last step, as its user lives it. */
export const retrieve: BenchPart = {
  name: 'retrieve',
  about: 'from the press on Retrieve to the caller’s voice, in Chromium on loopback',
  where: 'here',
  unavailable: browserUnavailable,
  run: async (bench) => {
    await buildPage(bench.say);
    const server = await TestServer.start();
    const caller = await SteadyCaller.open();
    const alice = await BrowserPhone.signedIn(server, '102');
    try {
      const ear = await SoundWatch.install(alice.page, VOICES.client);
      return readings(await measure({ server, caller, alice, ear }, bench));
    } finally {
      await alice.close();
      await caller.close();
      await server.dispose();
    }
  },
};
