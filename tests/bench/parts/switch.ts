import { setTimeout as pause } from 'node:timers/promises';
import { buildPage } from '../../../build/electron/build-app.ts';
import { BrowserPhone } from '../../e2e/kit/browser-phone.ts';
import { CLIENT, type CallerIdentity } from '../../e2e/kit/client.ts';
import { TestServer } from '../../e2e/kit/test-server.ts';
import { VOICES } from '../../e2e/kit/voices.ts';
import type { Bench, BenchPart } from '../frame/part.ts';
import { atMost, type Reading } from '../frame/reading.ts';
import { median } from '../frame/statistics.ts';
import { browserUnavailable } from '../kit/bench-browser.ts';
import { longestHole, timelineOf } from '../kit/holes.ts';
import { parkOnAlice, putBack } from '../kit/parked-on-alice.ts';
import { SoundWatch, type SoundBlock } from '../kit/sound-watch.ts';
import { SteadyCaller } from '../kit/steady-caller.ts';
import { speakSteadily } from '../kit/steady-voice.ts';

const ROUNDS = 11;
const BUDGET_MS = 20;
/** So long music is heard before, and the retriever after the change, ms. */
const AROUND_MS = 900;
const BLOCK_MS = 2.5;

/** A caller who waits with music, and what it hears. */
interface Listener {
  readonly identity: CallerIdentity;
  /** Calls Bob. */
  call(): Promise<void>;
  /** Forgets what was heard until now. */
  forget(): Promise<void>;
  /** The longest silence since then, ms, and what had to be made up for packets that did not come in time, if the caller knows. */
  worst(): Promise<{ readonly holeMs: number; readonly concealedMs: number }>;
}

interface Place {
  readonly server: TestServer;
  readonly alice: BrowserPhone;
}

async function measure(place: Place, listener: Listener, bench: Bench): Promise<readonly Round[]> {
  const { alice } = place;
  const { identity } = listener;
  await parkOnAlice(place, identity, () => listener.call());
  const rounds: Round[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    if (round > 0) await putBack(alice, identity);
    await pause(AROUND_MS);
    await listener.forget();
    await pause(AROUND_MS);
    const music = await listener.worst();
    await listener.forget();
    await pause(AROUND_MS / 2);
    await alice.retrieve(identity);
    await alice.isTalking();
    await pause(AROUND_MS);
    rounds.push({ music: music.holeMs, ...(await listener.worst()) });
    bench.say(`${identity.name}, round ${round}: ${JSON.stringify(rounds.at(-1))}`);
  }
  await alice.hangUp();
  // The first time compiles what the others use.
  return rounds.slice(1);
}

interface Round {
  readonly holeMs: number;
  readonly concealedMs: number;
  /** The longest silence while nothing changed. */
  readonly music: number;
}

function telephone(server: TestServer, caller: SteadyCaller): Listener {
  return {
    identity: CLIENT,
    call: () => caller.call(server, '101', VOICES.client),
    forget: async () => void caller.take(),
    worst: async () => ({ holeMs: longestHole(timelineOf(caller.take())), concealedMs: 0 }),
  };
}

async function browser(carol: BrowserPhone): Promise<Listener> {
  const ear = await SoundWatch.install(carol.page, VOICES['102']);
  let concealedBefore = 0;
  return {
    identity: { name: 'Carol', number: '103' },
    call: () => carol.dial('101'),
    forget: async () => {
      await ear.take();
      concealedBefore = (await ear.reception()).concealedMs;
    },
    worst: async () => {
      const { heard } = await ear.take();
      const concealedMs = (await ear.reception()).concealedMs - concealedBefore;
      return { holeMs: longestHole(playedOut(heard)), concealedMs };
    },
  };
}

/** What is played out has no gaps: block stands beside block, whenever the page got round to reading them. */
const playedOut = (blocks: readonly SoundBlock[]) =>
  blocks.map(({ level }, n) => ({
    startMs: n * BLOCK_MS,
    endMs: (n + 1) * BLOCK_MS,
    level,
  }));

function reading(who: string, rounds: readonly Round[], note: string): Reading {
  const holes = rounds.map(({ holeMs }) => holeMs);
  const quiet = Math.max(...rounds.map(({ music }) => music));
  return {
    name: `longest silence when music gives way to the retriever, ${who}`,
    value: median(holes),
    unit: 'ms',
    budget: atMost(BUDGET_MS),
    rounds: holes,
    note: `${note}; while only music plays: ${quiet} ms at most`,
  };
}

/** The caller's side of a retrieve: music, and then at once a voice. */
export const switchOver: BenchPart = {
  name: 'switch',
  about: 'the hole in what a caller hears when music gives way',
  where: 'here',
  unavailable: browserUnavailable,
  run: async (bench) => {
    await buildPage(bench.say);
    const server = await TestServer.start();
    const caller = await SteadyCaller.open();
    const alice = await BrowserPhone.signedIn(server, '102');
    await speakSteadily(alice.page, VOICES['102']);
    const carol = await BrowserPhone.signedIn(server, '103');
    try {
      const place = { server, alice };
      const byPackets = await measure(place, telephone(server, caller), bench);
      const bySound = await measure(place, await browser(carol), bench);
      const concealed = bySound.map(({ concealedMs }) => concealedMs);
      return [
        reading('at a plain RTP caller', byPackets, 'by RTP timestamps, decoded'),
        reading('at a Chromium caller', bySound, 'in the sound played out'),
        {
          name: '… and what Chromium made up for late or missing packets around it',
          value: median(concealed),
          unit: 'ms',
          budget: null,
          rounds: concealed,
        },
      ];
    } finally {
      await carol.close();
      await alice.close();
      await caller.close();
      await server.dispose();
    }
  },
};
