import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { onDispose, type Disposable } from '../../../shared/domain/disposable.ts';
import type { Call } from '../../../shared/phone/call.ts';
import {
  historyEntrySchema,
  historyKey,
  type HistoryEntry,
} from '../../../shared/phone/history.ts';
import type { QualitySummary } from '../../../shared/phone/call-quality.ts';
import type { Keeper } from './keeper.ts';
import type { Phone } from './phone.ts';

const recordSchema = z.object({ entries: z.array(historyEntrySchema), seenAt: z.number() });
export type HistoryRecord = z.infer<typeof recordSchema>;

const KEPT = 1_000;

/** The calls of this device for this account, newest first. */
export class History {
  readonly state: StoreApi<HistoryRecord>;
  readonly #keeper: Keeper;
  readonly #name: string;

  constructor(keeper: Keeper, accountKey: string) {
    this.#keeper = keeper;
    this.#name = `history:${accountKey}`;
    this.state = createStore(
      () => keeper.read(this.#name, recordSchema) ?? { entries: [], seenAt: 0 },
    );
  }

  /** Listens to the phone until disposed. */
  watch(phone: Phone): Disposable {
    const events = phone.events.listen((event) => {
      if (event.kind === 'call-ended') this.#add(event.call, event.quality, phone.now);
    });
    return onDispose(() => events.dispose());
  }

  markSeen(at: number): void {
    this.#save({ ...this.state.getState(), seenAt: at });
  }

  remove(key: string): void {
    const { entries, seenAt } = this.state.getState();
    this.#save({ entries: entries.filter((entry) => historyKey(entry) !== key), seenAt });
  }

  clear(): void {
    this.#save({ entries: [], seenAt: this.state.getState().seenAt });
  }

  #add(call: Call, quality: QualitySummary | null, now: number): void {
    // A retrieve that came to nothing called nobody: what became of the parked call is the server's to tell.
    if (isFailedRetrieve(call)) return;
    const dialled = dialledIn(call);
    const entry: HistoryEntry = {
      id: call.id,
      at: call.startedAt,
      name: call.party.name ?? '',
      number: call.party.number,
      kind: kindOf(call),
      lastedMs: call.answeredAt === null ? 0 : now - call.answeredAt,
      endedAt: now,
      ...(dialled === null ? {} : { dialled }),
      ...(quality === null ? {} : { quality: soundOf(quality) }),
    };
    const { entries, seenAt } = this.state.getState();
    this.#save({ entries: [entry, ...entries].slice(0, KEPT), seenAt });
  }

  #save(record: HistoryRecord): void {
    this.state.setState(record);
    this.#keeper.write(this.#name, record);
  }
}

function soundOf({ mos, loss, jitterMs, roundTripMs }: QualitySummary) {
  return { mos, loss, jitterMs, roundTripMs };
}

/** A call that still rang when the history was looked at was not missed then: its end counts. */
export function missedCount({ entries, seenAt }: HistoryRecord): number {
  return entries.filter(({ kind, at, endedAt = at }) => kind === 'missed' && endedAt > seenAt)
    .length;
}

const isFailedRetrieve = ({ purpose, answeredAt }: Call): boolean =>
  purpose.kind === 'retrieve' && purpose.cardId !== null && answeredAt === null;

const dialledIn = ({ purpose, target }: Call): string | null =>
  purpose.kind === 'retrieve' ? null : target;

function kindOf(call: Call): HistoryEntry['kind'] {
  const why = call.state.kind === 'ended' ? call.state.why.kind : null;
  if (why === 'parked') return 'parked';
  if (call.purpose.kind === 'retrieve' && call.answeredAt !== null) return 'retrieved';
  if (call.direction === 'outgoing') return 'outgoing';
  if (why === 'missed') return 'missed';
  if (why === 'answered-elsewhere') return 'elsewhere';
  return call.recall === null ? 'incoming' : 'recalled';
}
