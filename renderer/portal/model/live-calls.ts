import type { AdminEvent, JournalKind, ParkedCallLine } from '../../../shared/config/admin/live.ts';

/** One thing that happened to a parked call, for the reader who watches. */
export interface Happening {
  readonly key: number;
  readonly at: number;
  readonly what: JournalKind;
  readonly slot: string;
  readonly parker: string;
  readonly by: string | null;
}

/** What is known of the calls parked now. `waiting` and `stale` are not `empty`: then nobody knows. */
export interface LiveCalls {
  readonly kind: 'waiting' | 'live' | 'stale';
  /** Oldest first. */
  readonly calls: readonly ParkedCallLine[];
  /** Newest first, at most 30. */
  readonly happenings: readonly Happening[];
  /** What the server's clock is ahead of this machine's, in ms. */
  readonly aheadMs: number;
  /** Latest word from the server, by this machine's clock; `null` before the first. */
  readonly heardAt: number | null;
}

export const nothingHeard: LiveCalls = {
  kind: 'waiting',
  calls: [],
  happenings: [],
  aheadMs: 0,
  heardAt: null,
};

const MOST_HAPPENINGS = 30;

/** The list after one message of the stream. */
export function foldEvent(before: LiveCalls, event: AdminEvent, now: number): LiveCalls {
  const heard: LiveCalls = { ...before, kind: 'live', aheadMs: event.at - now, heardAt: now };
  switch (event.kind) {
    case 'snapshot':
      return { ...heard, calls: event.calls };
    case 'call': {
      const { parkId, call, at, what, slot, parker, by } = event;
      const key = (before.happenings[0]?.key ?? 0) + 1;
      const happening = { key, at, what, slot, parker, by };
      return {
        ...heard,
        calls: withCall(before.calls, parkId, call),
        happenings: [happening, ...before.happenings].slice(0, MOST_HAPPENINGS),
      };
    }
    case 'registrations':
    case 'changed':
      return heard;
  }
}

/** The stream broke: what was known is kept, and marked. */
export function brokenOff(before: LiveCalls): LiveCalls {
  return before.kind === 'live' ? { ...before, kind: 'stale' } : before;
}

function withCall(
  calls: readonly ParkedCallLine[],
  parkId: string,
  call: ParkedCallLine | null,
): readonly ParkedCallLine[] {
  const known = calls.some((each) => each.parkId === parkId);
  if (call === null) return known ? calls.filter((each) => each.parkId !== parkId) : calls;
  const next = known
    ? calls.map((each) => (each.parkId === parkId ? call : each))
    : [...calls, call];
  return [...next].sort((a, b) => a.parkedAt - b.parkedAt);
}
