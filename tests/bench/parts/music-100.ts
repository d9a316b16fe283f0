import { setTimeout as pause } from 'node:timers/promises';
import { createEmbeddedMediaEngine } from '../../../shared/media/embedded/create-embedded-engine.ts';
import { EmbeddedLeg } from '../../../shared/media/embedded/embedded-leg.ts';
import type { EmbeddedMediaEngine } from '../../../shared/media/embedded/embedded-engine.ts';
import type { AudioSink } from '../../../shared/media/embedded/leg-streams.ts';
import type { MediaLeg } from '../../../shared/media/engine.ts';
import { connectUdp } from '../../fakes/phone-connections.ts';
import { SipPhone } from '../../fakes/sip-phone.ts';
import type { Bench, BenchPart } from '../frame/part.ts';
import { atMost, type Reading } from '../frame/reading.ts';
import { median } from '../frame/statistics.ts';
import { extensionsFrom, ParkTrio } from '../kit/park-trio.ts';
import { ServerProcess } from '../kit/server-process.ts';

const CALLS = 100;
const LANES = 4;
const ROUNDS = 5;
const ROUND_MS = 4_000;
const MOST = { share: 30, gapMs: 40 } as const;
const CYCLES_PER_S = 50;

/** Remembers the longest time between two packets of one call. */
class GapEar implements AudioSink {
  packets = 0;
  longestMs = 0;
  #lastAt = 0;

  audio(): void {
    const now = performance.now();
    if (this.#lastAt > 0) this.longestMs = Math.max(this.longestMs, now - this.#lastAt);
    this.#lastAt = now;
    this.packets += 1;
  }

  event(): void {
    // Digits are not music.
  }

  forget(): void {
    this.packets = 0;
    this.longestMs = 0;
    this.#lastAt = 0;
  }
}

/** A scripted phone that really receives. */
class HearingPhone extends SipPhone {
  readonly #engine: EmbeddedMediaEngine;
  readonly ears: GapEar[] = [];

  static async signedIn(
    server: ServerProcess,
    extension: string,
    engine: EmbeddedMediaEngine,
  ): Promise<HearingPhone> {
    await server.addUsers([extension]);
    const phone = new HearingPhone(extension, await connectUdp(server.udpPort), engine);
    await phone.register();
    return phone;
  }

  private constructor(
    user: string,
    connection: Awaited<ReturnType<typeof connectUdp>>,
    engine: EmbeddedMediaEngine,
  ) {
    super({ user, password: `secret-${user}` }, connection);
    this.#engine = engine;
  }

  override openLeg(): MediaLeg {
    const opened = this.#engine.open({
      kind: 'rtp',
      legName: `${this.account.user}-${this.ears.length}`,
      signallingAddress: '127.0.0.1',
      localAddress: '127.0.0.1',
    });
    if (!opened.ok) throw new Error(opened.error.detail);
    const ear = new GapEar();
    this.ears.push(ear);
    if (opened.value instanceof EmbeddedLeg) opened.value.listen(ear);
    return opened.value;
  }
}

interface Round {
  /** Share of a core, percent. */
  readonly share: number;
  readonly gapMs: number;
  readonly packetsPerSecond: number;
}

async function round(server: ServerProcess, phone: HearingPhone): Promise<Round> {
  for (const ear of phone.ears) ear.forget();
  const [startedAt, before] = [performance.now(), await server.cpuSeconds()];
  await pause(ROUND_MS);
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpu = (await server.cpuSeconds()) - before;
  return {
    share: (100 * cpu) / seconds,
    gapMs: Math.max(...phone.ears.map(({ longestMs }) => longestMs)),
    packetsPerSecond: phone.ears.reduce((sum, { packets }) => sum + packets, 0) / seconds,
  };
}

async function roundsOf(server: ServerProcess, phone: HearingPhone): Promise<readonly Round[]> {
  const rounds: Round[] = [];
  for (let n = 0; n < ROUNDS; n += 1) rounds.push(await round(server, phone));
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

function reading(name: string, unit: string, values: readonly number[], most?: number): Reading {
  const budget = most === undefined ? null : atMost(most);
  return { name, value: median(values), unit, budget, rounds: [...values] };
}

interface Office {
  readonly server: ServerProcess;
  readonly phone: HearingPhone;
  readonly parker: SipPhone;
  readonly trios: readonly ParkTrio[];
}

async function parkAll({ phone, parker }: Office): Promise<void> {
  for (let n = 0; n < CALLS; n += 1) {
    const outgoing = phone.dial('302');
    const atParker = (await parker.nextCall()).answer();
    await outgoing.answered();
    await atParker.refer('*68302');
    const { status } = await atParker.referResult();
    if (status !== 200) throw new Error(`parking ${n}: ${status}`);
    await atParker.hangUp();
    parker.calls.length = 0;
  }
}

async function measure(office: Office, bench: Bench): Promise<readonly Reading[]> {
  const { server, phone, trios } = office;
  await parkAll(office);
  await round(server, phone);
  const quiet = await roundsOf(server, phone);
  let stopped = false;
  const cycling = cycleUntil(trios, () => stopped);
  const startedAt = performance.now();
  const beside = await roundsOf(server, phone);
  const seconds = (performance.now() - startedAt) / 1_000;
  stopped = true;
  const pace = (await cycling) / seconds;
  bench.say(
    `${quiet[0]?.packetsPerSecond.toFixed(0)} packets a second; ${pace.toFixed(0)} cycles a second beside it`,
  );
  const gap = beside.map(({ gapMs }) => gapMs);
  return [
    reading(
      `${CALLS} calls on music, of a core`,
      '%',
      quiet.map(({ share }) => share),
      MOST.share,
    ),
    {
      ...reading(
        '… longest gap between two packets of a call beside park cycles',
        'ms',
        gap,
        MOST.gapMs,
      ),
      note: `${pace.toFixed(0)} of ${CYCLES_PER_S} cycles a second; with nothing beside it ${median(quiet.map(({ gapMs }) => gapMs)).toFixed(0)} ms; includes how long the listener itself had to wait for a core`,
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
    const engine = await createEmbeddedMediaEngine({
      addresses: [{ bind: '127.0.0.1' }],
      // Apart from the server's range.
      rtpPorts: { first: 40_000, last: 48_000 },
    });
    if (!engine.ok) throw new Error(engine.error.detail);
    const phone = await HearingPhone.signedIn(server, '301', engine.value);
    await server.addUsers(['302']);
    const parker = new SipPhone(
      { user: '302', password: 'secret-302' },
      await connectUdp(server.udpPort),
    );
    await parker.register();
    const trios: ParkTrio[] = [];
    for (let n = 0; n < LANES; n += 1) {
      const [caller = '', second = '', third = ''] = extensionsFrom(400 + 10 * n, 3);
      trios.push(await ParkTrio.signedIn(server, [caller, second, third]));
    }
    try {
      return await measure({ server, phone, parker, trios }, bench);
    } finally {
      for (const trio of trios) await trio.close();
      await phone.close();
      await parker.close();
      await engine.value.close();
      await server.close();
    }
  },
};
