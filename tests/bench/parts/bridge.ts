import { createDtlsCertificate } from '../../../shared/media/embedded/dtls/certificate.ts';
import { shareWhile, type Bridge } from '../kit/bridge/bridge.ts';
import { CallLoad, lateMs, type LoadCount } from '../kit/bridge/call-load.ts';
import { OwnBridge } from '../kit/bridge/own-bridge.ts';
import { Rtpengine, rtpengineUnavailable } from '../kit/bridge/rtpengine.ts';
import { straightDelay } from '../kit/bridge/straight.ts';
import { droppedAt } from '../kit/bridge/udp-drops.ts';
import type { Bench, BenchPart } from '../frame/part.ts';
import { atLeast, atMost, type Reading } from '../frame/reading.ts';
import { median } from '../frame/statistics.ts';

const BAR = 60;
const STEPS = [BAR, 100, 150] as const;
const ROUNDS = 3;
const SECONDS = 4;
const WARM_UP_SECONDS = 2;

interface Round {
  /** Of a core, 1 = a whole one. */
  readonly share: number;
  readonly count: LoadCount;
  /** 999 of 1,000 datagrams that nobody forwarded came quicker, ms, meanwhile. */
  readonly straightMs: number;
  /** Datagrams that the system threw away for want of room at the phones. */
  readonly droppedAtPhones: number;
}

type Measured = ReadonlyMap<number, readonly Round[]>;

async function round(load: CallLoad, bridge: Bridge): Promise<Round> {
  const spoken: { count?: LoadCount; straightMs: number } = { straightMs: 0 };
  const before = droppedAt(load.ports);
  const { cpuSeconds, seconds } = await shareWhile(bridge, async () => {
    spoken.straightMs = await straightDelay(async () => {
      spoken.count = await load.speak(SECONDS);
    });
  });
  if (!spoken.count) throw new Error('nobody spoke');
  const droppedAtPhones = droppedAt(load.ports) - before;
  const { count, straightMs } = spoken;
  return { share: cpuSeconds / seconds, count, straightMs, droppedAtPhones };
}

async function measure(bridge: Bridge, steps: readonly number[], bench: Bench): Promise<Measured> {
  const load = new CallLoad(await createDtlsCertificate());
  const measured = new Map<number, readonly Round[]>();
  try {
    for (const calls of steps) {
      await load.grow(calls, bridge);
      await load.speak(WARM_UP_SECONDS);
      const rounds: Round[] = [];
      for (let n = 0; n < ROUNDS; n += 1) rounds.push(await round(load, bridge));
      measured.set(calls, rounds);
      for (const { share, count, straightMs, droppedAtPhones } of rounds) {
        const { sent, heard, reordered } = count;
        bench.say(
          `${bridge.name}, ${calls} calls: ${(100 * share).toFixed(0)} % of a core, ${sent - heard} of ${sent} lost (${droppedAtPhones} for want of room at the phones), ${reordered} reordered, 99.9 % within ${lateMs(count).toFixed(1)} ms (unforwarded: ${straightMs.toFixed(1)} ms)`,
        );
      }
    }
    return measured;
  } finally {
    load.close();
    await bridge.close();
  }
}

const told = (name: string, unit: string, rounds: readonly number[], note?: string): Reading => ({
  name,
  value: median(rounds),
  unit,
  budget: null,
  rounds: [...rounds],
  ...(note === undefined ? {} : { note }),
});

const of = (measured: Measured, calls: number, value: (round: Round) => number) =>
  (measured.get(calls) ?? []).map(value);

/** Lost or out of order, not counting what the phones' own sockets had no room for. */
const harmed = ({ count, droppedAtPhones }: Round): number =>
  Math.max(0, count.sent - count.heard - droppedAtPhones) + count.reordered;

/** µs of CPU time for each packet that arrived. */
const cost = ({ share, count }: Round): number =>
  (share * 1e6 * (SECONDS + 0.3)) / Math.max(1, count.heard);

function ownReadings(own: Measured): readonly Reading[] {
  const most = STEPS[STEPS.length - 1] ?? BAR;
  const late = of(own, BAR, ({ count }) => lateMs(count));
  const straight = of(own, BAR, ({ straightMs }) => straightMs);
  return [
    told(
      `${BAR} bridged calls, both legs DTLS-SRTP, of a core`,
      '%',
      of(own, BAR, ({ share }) => 100 * share),
    ),
    {
      ...told(
        `… calls a core, from what ${most} take`,
        'calls',
        of(own, most, ({ share }) => most / share),
      ),
      budget: atLeast(BAR),
    },
    ...STEPS.map((calls) => ({
      ...told(`… packets lost or out of order, ${calls} calls`, '', of(own, calls, harmed)),
      budget: calls === BAR ? atMost(0) : null,
    })),
    told(
      `… 999 of 1,000 packets forwarded within, ${BAR} calls`,
      'ms',
      late,
      `datagrams that nobody forwards, between the same processes’ sockets: ${median(straight).toFixed(1)} ms`,
    ),
  ];
}

function compared(own: Measured, theirs: Measured): Reading {
  const ours = of(own, BAR, cost);
  const others = of(theirs, BAR, cost);
  return told(
    `… calls a core beside rtpengine’s in the same run, ${BAR} calls`,
    '×',
    ours.map((micros, n) => (others[n] ?? Number.NaN) / micros),
    `CPU time of a packet: ours ${median(ours).toFixed(1)} µs, rtpengine in user space ${median(others).toFixed(1)} µs`,
  );
}

/** Real calls, all at once, every packet opened at its end. */
export const bridge: BenchPart = {
  name: 'bridge',
  about: `${STEPS.join(', ')} bridged DTLS-SRTP calls at once: CPU, loss, order, delay, beside rtpengine`,
  where: 'here',
  unavailable: () => null,
  run: async (bench) => {
    const own = await measure(await OwnBridge.start(), STEPS, bench);
    const nothing = rtpengineUnavailable();
    if (nothing !== null) {
      bench.say(nothing);
      return ownReadings(own);
    }
    const theirs = await measure(await Rtpengine.start(), [BAR], bench);
    return [...ownReadings(own), compared(own, theirs)];
  },
};
