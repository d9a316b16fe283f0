/**
 * The phone's own sounds, synthesised: nothing to download, nobody's recording. A sound is a pattern of notes; it repeats after
 * `everyMs` until it is stopped, or plays once when that is `null`.
 */
export interface Sound {
  readonly notes: readonly Note[];
  readonly everyMs: number | null;
}

interface Note {
  readonly atMs: number;
  readonly forMs: number;
  /** Sounded together, equally loud. */
  readonly hz: readonly number[];
  readonly gain: number;
}

const trill = (atMs: number, hz: readonly number[]): Note[] =>
  Array.from({ length: 10 }, (_, index) => ({
    atMs: atMs + index * 80,
    forMs: 72,
    hz: [hz[index % hz.length] ?? 440],
    gain: 0.5,
  }));

/** A recall sounds like what it is: the same phone, another tune. */
export const RECALL_RING: Sound = {
  notes: [...trill(0, [880, 587]), ...trill(1000, [880, 587])],
  everyMs: 3200,
};

/** A call waiting while I talk: one short, quiet note. */
export const CALL_WAITING: Sound = {
  notes: [{ atMs: 0, forMs: 180, hz: [440], gain: 0.12 }],
  everyMs: 5000,
};

/** A call was answered by itself: the microphone is open. Two rising notes, a pause, and again. */
export const AUTO_ANSWERED: Sound = {
  notes: [0, 180, 600, 780].map((atMs, index) => ({
    atMs,
    forMs: 150,
    hz: [index % 2 === 0 ? 660 : 880],
    gain: 0.25,
  })),
  everyMs: null,
};

/** A call is parked for me: three rising notes. */
export const PARK_CHIME: Sound = {
  notes: [
    { atMs: 0, forMs: 220, hz: [523.25], gain: 0.4 },
    { atMs: 170, forMs: 220, hz: [659.25], gain: 0.4 },
    { atMs: 340, forMs: 480, hz: [783.99], gain: 0.4 },
  ],
  everyMs: null,
};

/** The other side rings (ITU-T E.180, European cadence). */
export const RINGBACK: Sound = {
  notes: [{ atMs: 0, forMs: 1000, hz: [425], gain: 0.12 }],
  everyMs: 5000,
};

export const BUSY: Sound = {
  notes: [0, 500, 1000].map((atMs) => ({ atMs, forMs: 250, hz: [425], gain: 0.15 })),
  everyMs: null,
};

const DTMF_ROWS = [697, 770, 852, 941] as const;
const DTMF_COLUMNS = [1209, 1336, 1477, 1633] as const;
const DTMF_KEYS = '123A456B789C*0#D';

/** The two tones of a key (ITU-T Q.23), for the user's ear; the far side gets RFC 4733 events. */
export function keyTone(key: string): Sound | null {
  const index = DTMF_KEYS.indexOf(key.toUpperCase());
  if (key.length !== 1 || index < 0) return null;
  const hz = [DTMF_ROWS[Math.floor(index / 4)] ?? 697, DTMF_COLUMNS[index % 4] ?? 1209];
  return { notes: [{ atMs: 0, forMs: 110, hz, gain: 0.1 }], everyMs: null };
}
