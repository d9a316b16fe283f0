import { parseDialogInfo } from '../sip/events/dialog-info-reader.ts';
import type { DialogEntry, DialogInfo } from '../sip/events/dialog-info.ts';
import { parkNotifyFrom } from './park-notify.ts';
import type { ParkNotify, ParkReport } from './park-report.ts';

/** What the subscription to one slot says; the words of the line's port. */
export type SlotEvent =
  | { readonly kind: 'subscribed' | 'lost' | 'unsupported' }
  | { readonly kind: 'document'; readonly body: string };

/** What is known of one slot. */
export type Slot =
  | {
      readonly kind: 'unknown';
      /** What was parked there when it was last known: if the slot is still taken, it is taken for the same call. */
      readonly parked: ParkReport | null;
    }
  /** The PBX has no such slot, or no hint for it. */
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'known';
      readonly version: number;
      readonly live: ReadonlyMap<string, DialogEntry>;
      /** The parked call: a new id each time that the slot is taken, since the dialog's is always the slot's number. */
      readonly parked: ParkReport | null;
    };

/** The slots of a parking lot, in the lot's order, as one list of parked calls. */
export interface SlotTable {
  readonly slots: ReadonlyMap<string, Slot>;
  /** Of the list made of them; grows by one with each change. */
  readonly version: number;
}

/** What the park list makes of it. */
export type SlotNews =
  | { readonly kind: 'notify'; readonly notify: ParkNotify }
  /** Of some slot nothing is known just now: the list is unknown, not empty. */
  | { readonly kind: 'lost' }
  /** Not one of the slots is there. */
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'nothing' };

export interface SlotStep {
  readonly table: SlotTable;
  readonly news: SlotNews;
  /** This slot said what cannot be used: subscribe to it anew. */
  readonly gap: boolean;
}

export function newSlotTable(slots: readonly string[]): SlotTable {
  return {
    slots: new Map(slots.map((slot) => [slot, { kind: 'unknown', parked: null }])),
    version: 0,
  };
}

/**
 * What is known after an event of one slot. Parking lots of Asterisk tell a slot's state as a lamp: full documents with one dialog,
 * `confirmed` while a call is parked and `terminated` while none is, and no word about who it is.
 */
export function foldSlot(
  table: SlotTable,
  { slot, event, newId }: { slot: string; event: SlotEvent; newId: () => string },
): SlotStep {
  const old = table.slots.get(slot);
  if (old === undefined) return { table, news: { kind: 'nothing' }, gap: false };
  const { next, gap } = nextSlot(old, { slot, event, newId });
  if (next === old) return { table, news: { kind: 'nothing' }, gap };
  if (event.kind === 'subscribed') {
    const slots = new Map(table.slots).set(slot, next);
    return { table: { ...table, slots }, news: { kind: 'nothing' }, gap };
  }
  const slots = new Map(table.slots).set(slot, next);
  const news = newsOf(slots, table.version + 1);
  return { table: { slots, version: table.version + 1 }, news, gap };
}

function nextSlot(
  old: Slot,
  { slot, event, newId }: { slot: string; event: SlotEvent; newId: () => string },
): { readonly next: Slot; readonly gap: boolean } {
  switch (event.kind) {
    // A new subscription counts its documents anew.
    case 'subscribed':
      return { next: old.kind === 'known' ? { ...old, version: -1 } : old, gap: false };
    case 'unsupported':
      return { next: { kind: 'absent' }, gap: false };
    case 'document':
      return documented(old, { slot, body: event.body, newId });
    case 'lost':
      return { next: old.kind === 'known' ? forgotten(old) : old, gap: false };
  }
}

const forgotten = (old: Slot): Slot => ({
  kind: 'unknown',
  parked: old.kind === 'absent' ? null : old.parked,
});

/** The connection is gone: of every slot it is only remembered what was there. */
export function forgetSlots(table: SlotTable): SlotTable {
  const slots = [...table.slots].map(([slot, old]) => [slot, forgotten(old)] as const);
  return { ...table, slots: new Map(slots) };
}

function documented(
  old: Slot,
  { slot, body, newId }: { slot: string; body: string; newId: () => string },
): { readonly next: Slot; readonly gap: boolean } {
  const reading = parseDialogInfo(body);
  if (reading.kind === 'unreadable') return { next: forgotten(old), gap: true };
  const { info } = reading;
  if (old.kind === 'known' && info.version < old.version) return { next: old, gap: false };
  if (info.state === 'partial' && (old.kind !== 'known' || info.version > old.version + 1))
    return { next: forgotten(old), gap: true };
  const before = old.kind === 'known' && info.state === 'partial' ? old.live : new Map();
  const live = merged(before, info.dialogs);
  const known = old.kind === 'absent' ? null : old.parked;
  const parked = parkedIn(slot, live, { info, known, newId });
  return { next: { kind: 'known', version: info.version, live, parked }, gap: false };
}

function merged(
  known: ReadonlyMap<string, DialogEntry>,
  dialogs: readonly DialogEntry[],
): ReadonlyMap<string, DialogEntry> {
  const live = new Map(known);
  for (const dialog of dialogs) {
    if (dialog.state.kind === 'terminated') live.delete(dialog.id);
    else live.set(dialog.id, dialog);
  }
  return live;
}

function parkedIn(
  slot: string,
  live: ReadonlyMap<string, DialogEntry>,
  about: { info: DialogInfo; known: ParkReport | null; newId: () => string },
): ParkReport | null {
  const [dialog] = live.values();
  if (dialog === undefined) return null;
  const [report] = parkNotifyFrom({ ...about.info, dialogs: [dialog] }).reports;
  if (report === undefined) return null;
  // A slot is dialled; what the dialog calls its target is the slot's own address or nothing at all.
  return { ...report, id: about.known?.id ?? about.newId(), slot, retrieveTarget: slot };
}

function newsOf(slots: ReadonlyMap<string, Slot>, version: number): SlotNews {
  const all = [...slots.values()];
  if (all.every(({ kind }) => kind === 'absent')) return { kind: 'unsupported' };
  if (all.some(({ kind }) => kind === 'unknown')) return { kind: 'lost' };
  const reports = all.flatMap((each) =>
    each.kind === 'known' && each.parked !== null ? [each.parked] : [],
  );
  return { kind: 'notify', notify: { version, scope: 'full', reports } };
}
