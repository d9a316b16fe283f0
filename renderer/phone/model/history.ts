import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { onDispose, type Disposable } from '../../../shared/domain/disposable.ts';
import type { Call } from '../../../shared/phone/call.ts';
import type { Keeper } from './keeper.ts';
import type { Phone } from './phone.ts';

const entrySchema = z.object({
  id: z.string(),
  at: z.number(),
  name: z.string(),
  number: z.string(),
  kind: z.enum(['incoming', 'outgoing', 'missed', 'elsewhere', 'retrieved', 'recalled', 'parked']),
  /** Talking time, ms; 0 when it was not answered. */
  lastedMs: z.number(),
});
export type HistoryEntry = z.infer<typeof entrySchema>;

const recordSchema = z.object({ entries: z.array(entrySchema), seenAt: z.number() });
export type HistoryRecord = z.infer<typeof recordSchema>;

const KEPT = 300;

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
      if (event.kind === 'call-ended') this.#add(event.call, phone.now);
    });
    return onDispose(() => events.dispose());
  }

  markSeen(at: number): void {
    this.#save({ ...this.state.getState(), seenAt: at });
  }

  clear(): void {
    this.#save({ entries: [], seenAt: this.state.getState().seenAt });
  }

  #add(call: Call, now: number): void {
    const entry: HistoryEntry = {
      id: call.id,
      at: call.startedAt,
      name: call.party.name ?? '',
      number: call.party.number,
      kind: kindOf(call),
      lastedMs: call.answeredAt === null ? 0 : now - call.answeredAt,
    };
    const { entries, seenAt } = this.state.getState();
    this.#save({ entries: [entry, ...entries].slice(0, KEPT), seenAt });
  }

  #save(record: HistoryRecord): void {
    this.state.setState(record);
    this.#keeper.write(this.#name, record);
  }
}

export function missedCount({ entries, seenAt }: HistoryRecord): number {
  return entries.filter((entry) => entry.kind === 'missed' && entry.at > seenAt).length;
}

function kindOf(call: Call): HistoryEntry['kind'] {
  const why = call.state.kind === 'ended' ? call.state.why.kind : null;
  if (why === 'parked') return 'parked';
  if (call.purpose.kind === 'retrieve' && call.answeredAt !== null) return 'retrieved';
  if (call.direction === 'outgoing') return 'outgoing';
  if (why === 'missed') return 'missed';
  if (why === 'answered-elsewhere') return 'elsewhere';
  return call.recall === null ? 'incoming' : 'recalled';
}
