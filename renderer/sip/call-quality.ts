import type { CallQuality } from './phone-line.ts';

/** Codec impairment and loss robustness of the E-model (ITU-T G.113 appendix I; Opus as commonly assumed). */
const CODECS: Readonly<Record<string, { readonly ie: number; readonly bpl: number }>> = {
  opus: { ie: 0, bpl: 18 },
  G722: { ie: 0, bpl: 12 },
  PCMU: { ie: 0, bpl: 10 },
  PCMA: { ie: 0, bpl: 10 },
};

/**
 * Estimated mean opinion score, 1.0–4.5: the simplified E-model of ITU-T G.107, from one-way delay, loss and codec.
 * @param loss 0–1
 */
export function estimateMos(input: {
  readonly loss: number;
  readonly jitterMs: number;
  readonly roundTripMs: number | null;
  readonly codec: string | null;
}): number {
  const delay = (input.roundTripMs ?? 0) / 2 + 2 * input.jitterMs + 20;
  const delayImpairment = 0.024 * delay + (delay > 177.3 ? 0.11 * (delay - 177.3) : 0);
  const { ie, bpl } = CODECS[input.codec ?? ''] ?? { ie: 0, bpl: 10 };
  const percent = input.loss * 100;
  const lossImpairment = ie + (95 - ie) * (percent / (percent + bpl));
  const r = 93.2 - delayImpairment - lossImpairment;
  if (r <= 0) return 1;
  const mos = 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6;
  return Math.min(4.5, Math.max(1, mos));
}

interface Totals {
  readonly received: number;
  readonly lost: number;
  readonly energy: number;
  readonly duration: number;
}

/** Reads a connection's statistics again and again; loss and level are of the time since the reading before. */
export class QualityMeter {
  #before: Totals = { received: 0, lost: 0, energy: 0, duration: 0 };

  read(report: RTCStatsReport): CallQuality | null {
    const all: unknown[] = [];
    report.forEach((entry: unknown) => all.push(entry));
    const inbound = all.find(
      (entry) => is(entry, 'inbound-rtp') && text(entry, 'kind') === 'audio',
    );
    if (inbound === undefined) return null;
    const now = totalsOf(inbound);
    const before = this.#before;
    this.#before = now;
    const lost = Math.max(0, now.lost - before.lost);
    const received = Math.max(0, now.received - before.received);
    const loss = lost + received === 0 ? 0 : lost / (lost + received);
    const jitterMs = (number(inbound, 'jitter') ?? 0) * 1000;
    const roundTripMs = roundTripOf(all);
    const codec = codecOf(all, text(inbound, 'codecId'));
    return {
      loss,
      jitterMs,
      roundTripMs,
      codec,
      mos: estimateMos({ loss, jitterMs, roundTripMs, codec }),
      level: levelBetween(before, now),
    };
  }
}

function totalsOf(inbound: unknown): Totals {
  return {
    received: number(inbound, 'packetsReceived') ?? 0,
    lost: number(inbound, 'packetsLost') ?? 0,
    energy: number(inbound, 'totalAudioEnergy') ?? 0,
    duration: number(inbound, 'totalSamplesDuration') ?? 0,
  };
}

function levelBetween(before: Totals, now: Totals): number {
  const duration = now.duration - before.duration;
  return duration <= 0
    ? 0
    : Math.min(1, Math.sqrt(Math.max(0, now.energy - before.energy) / duration));
}

function roundTripOf(all: readonly unknown[]): number | null {
  const remote = all.find(
    (entry) => is(entry, 'remote-inbound-rtp') && number(entry, 'roundTripTime') !== null,
  );
  const pair = all.find(
    (entry) => is(entry, 'candidate-pair') && number(entry, 'currentRoundTripTime') !== null,
  );
  const seconds = number(remote, 'roundTripTime') ?? number(pair, 'currentRoundTripTime');
  return seconds === null ? null : seconds * 1000;
}

function codecOf(all: readonly unknown[], codecId: string | null): string | null {
  const codec = all.find((entry) => is(entry, 'codec') && text(entry, 'id') === codecId);
  return text(codec, 'mimeType')?.replace(/^audio\//, '') ?? null;
}

const is = (entry: unknown, type: string): boolean => text(entry, 'type') === type;

function text(entry: unknown, key: string): string | null {
  const value = field(entry, key);
  return typeof value === 'string' ? value : null;
}

function number(entry: unknown, key: string): number | null {
  const value = field(entry, key);
  return typeof value === 'number' ? value : null;
}

function field(entry: unknown, key: string): unknown {
  if (typeof entry !== 'object' || entry === null) return undefined;
  return new Map<string, unknown>(Object.entries(entry)).get(key);
}
