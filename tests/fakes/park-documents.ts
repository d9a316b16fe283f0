import type { DialogEntry, DialogState } from '../../shared/sip/events/dialog-info.ts';
import { formatDialogInfo } from '../../shared/sip/events/dialog-info-writer.ts';

export interface ParkedSketch {
  readonly id: string;
  readonly name?: string;
  readonly number?: string;
  readonly slot?: string;
  readonly group?: string;
  readonly parker?: string;
  readonly parkerName?: string;
  readonly note?: string;
  /** Seconds it has waited. */
  readonly waited?: number;
  /** Seconds until the recall; `null` for none. */
  readonly recallIn?: number | null;
  readonly state?: 'parked' | 'recalling' | 'retrieving';
  /** Default `parker`. */
  readonly recallTo?: NonNullable<DialogEntry['parkedCall']>['recallTo'];
  readonly recallGroup?: string;
  readonly ended?: { readonly reason: string; readonly by?: string };
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** The n-th ParkId of a test: well-formed and easy to tell apart. */
export function parkIdOf(n: number): string {
  const tail = [...Array(5).keys()]
    .map((place) => ALPHABET[Math.floor(n / 32 ** place) % 32])
    .join('');
  return `${'a'.repeat(21)}${tail}`;
}

/** Writes the documents of one subscription: versions grow by one. */
export class ParkDocuments {
  readonly #now: () => number;
  #version = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A new subscription. */
  restart(): void {
    this.#version = 0;
  }

  /** Leaves a gap, as a lost NOTIFY does. */
  lose(): void {
    this.#version += 1;
  }

  full(parked: readonly ParkedSketch[]): string {
    return this.#document('full', parked);
  }

  partial(parked: readonly ParkedSketch[]): string {
    return this.#document('partial', parked);
  }

  #document(state: 'full' | 'partial', parked: readonly ParkedSketch[]): string {
    const version = this.#version;
    this.#version += 1;
    const now = this.#now();
    const dialogs = parked.map((sketch) => entryOf(sketch, now));
    return formatDialogInfo({ version, state, entity: 'sip:*88@pbx.test', dialogs });
  }
}

function entryOf(sketch: ParkedSketch, now: number): DialogEntry {
  const { id, slot = '101', number = '003386002678', name = 'Client' } = sketch;
  const ended: DialogState = { kind: 'terminated', event: 'replaced' };
  const recallIn = sketch.recallIn === undefined ? 240 : sketch.recallIn;
  return {
    id,
    direction: 'recipient',
    state: sketch.ended === undefined ? { kind: 'confirmed' } : ended,
    local: {
      identity: { display: `Parked on ${slot}`, uri: `sip:*88${slot}@pbx.test` },
      target: { uri: `sip:*88${slot}@pbx.test;park-id=${id}`, params: new Map() },
    },
    remote: {
      identity: { ...(name === '' ? {} : { display: name }), uri: `sip:${number}@pbx.test` },
    },
    parkedCall: {
      slot,
      state: sketch.ended === undefined ? (sketch.state ?? 'parked') : 'retrieved',
      parker: sketch.parker ?? '103',
      parkerName: sketch.parkerName ?? 'Carol',
      parkedAt: now - (sketch.waited ?? 42) * 1000,
      ...(recallIn === null ? {} : { recallAt: now + recallIn * 1000 }),
      recallTo: sketch.recallTo ?? 'parker',
      recallGroup: sketch.recallGroup,
      now,
      ...(sketch.group === undefined ? {} : { group: sketch.group }),
      ...(sketch.note === undefined ? {} : { note: sketch.note }),
      ...(sketch.ended === undefined ? {} : { endedReason: sketch.ended.reason }),
      ...(sketch.ended?.by === undefined ? {} : { endedBy: sketch.ended.by }),
    },
  };
}
