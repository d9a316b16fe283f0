import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createEmbeddedMediaEngine } from '../../../shared/media/embedded/create-embedded-engine.ts';
import type { MediaEngine } from '../../../shared/media/engine.ts';
import type { Bench, BenchPart } from '../frame/part.ts';
import { atLeast, type Reading } from '../frame/reading.ts';
import { median } from '../frame/statistics.ts';
import type { StreamCount, StreamOrder, StreamPorts } from '../kit/rtp-stream-child.ts';
import { srtpCost } from '../kit/srtp-cost.ts';

const ROUNDS = 5;
const SRTP_PACKETS = 20_000;
const PACKETS_PER_SECOND = 5_000;
const STREAM_S = 2;
/** Both directions of one bridged call, 20 ms each. */
const PACKETS_PER_CALL_AND_SECOND = 100;
const CALLS_PER_CORE = 60;
const PROFILES = ['AEAD_AES_128_GCM', 'AES_CM_128_HMAC_SHA1_80'] as const;
const PHONES = fileURLToPath(new URL('../kit/rtp-stream-child.ts', import.meta.url));

/** A leg towards a telephone's port, and the engine's own port. */
function openLeg(engine: MediaEngine, port: number) {
  const offer = `v=0\r\no=p 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${port} RTP/AVP 0\r\n`;
  const opened = engine.legFromOffer(offer, {
    legName: String(port),
    signallingAddress: '127.0.0.1',
  });
  if (!opened.ok) throw new Error(opened.error.detail);
  const answer = opened.value.createAnswer({ prefer: ['PCMU'] });
  return { leg: opened.value, port: Number(/^m=audio (\d+)/m.exec(answer)?.[1]) };
}

/** CPU time of one packet's way from one telephone to the other, µs; the telephones' own is not in it. */
async function forwardOnce(
  phones: ChildProcess,
  order: StreamOrder,
  bench: Bench,
): Promise<number> {
  const before = process.cpuUsage();
  phones.send(order);
  const { sent, heard }: StreamCount = (await once(phones, 'message'))[0];
  const { user, system } = process.cpuUsage(before);
  if (heard !== sent) bench.say(`${sent - heard} of ${sent} packets did not arrive`);
  return (user + system) / heard;
}

async function forwarding(bench: Bench): Promise<readonly number[]> {
  const made = await createEmbeddedMediaEngine({
    addresses: [{ bind: '127.0.0.1' }],
    holdMusic: { rate: 8_000, samples: new Int16Array(8_000) },
  });
  if (!made.ok) throw new Error(made.error.detail);
  const engine = made.value;
  const phones = fork(PHONES, { execArgv: ['--disable-warning=ExperimentalWarning'] });
  try {
    const ports: StreamPorts = (await once(phones, 'message'))[0];
    const [near, far] = [openLeg(engine, ports.from), openLeg(engine, ports.to)];
    engine.bridge(near.leg, far.leg);
    const order = { port: near.port, seconds: STREAM_S, packetsPerSecond: PACKETS_PER_SECOND };
    await forwardOnce(phones, order, bench);
    const rounds: number[] = [];
    for (let n = 0; n < ROUNDS; n += 1) rounds.push(await forwardOnce(phones, order, bench));
    return rounds;
  } finally {
    phones.disconnect();
    await engine.close();
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

function srtp() {
  for (const profile of PROFILES) srtpCost(profile, SRTP_PACKETS / 4);
  return PROFILES.map((profile) => ({
    profile,
    rounds: Array.from({ length: ROUNDS }, () => srtpCost(profile, SRTP_PACKETS)),
  }));
}

async function measure(bench: Bench): Promise<readonly Reading[]> {
  const costs = srtp();
  const forwarded = await forwarding(bench);
  const crypto = costs[0]?.rounds.map(({ ours }) => ours) ?? [];
  const calls = forwarded.map(
    (micros) => 1e6 / ((micros + median(crypto)) * PACKETS_PER_CALL_AND_SECOND),
  );
  return [
    told('a packet from one plain RTP leg to another, through the engine', 'µs', forwarded),
    ...costs.flatMap(({ profile, rounds }) => [
      told(
        `… opened and protected again, ${profile}`,
        'µs',
        rounds.map(({ ours }) => ours),
        `${median(rounds.map(({ ours, werifts }) => werifts / ours)).toFixed(1)} × as fast as werift in the same run`,
      ),
    ]),
    {
      ...told(
        'bridged calls a core, both legs DTLS-SRTP',
        'calls',
        calls,
        'calculated: a packet’s way, and AES-GCM for it',
      ),
      budget: atLeast(CALLS_PER_CORE),
    },
  ];
}

/** CPU time that a media packet costs in the embedded engine. */
export const media: BenchPart = {
  name: 'media',
  about: 'CPU time of a forwarded packet, and of SRTP beside werift’s',
  where: 'here',
  unavailable: () => null,
  run: measure,
};
