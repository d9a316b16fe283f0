import { parseDialogInfo } from '../sip/events/dialog-info-reader.ts';
import type { DialogEntry, DialogInfo } from '../sip/events/dialog-info.ts';
import type { Board } from './park-board.ts';

/** Whether somebody can be reached, as the directory says it. Unknown is not free. */
export type Presence = 'signed-in' | 'signed-out' | 'do-not-disturb' | 'unknown';

/** What somebody is doing on the telephone, as their `dialog` subscription says it (RFC 4235). */
export type CallLamp = 'free' | 'ringing' | 'busy' | 'unknown';

/** What is known of a colleague: who is about to call or to park must see all of it. */
export interface LampState {
  readonly presence: Presence;
  readonly call: CallLamp;
  readonly parked: 'some' | 'none';
}

export const unknownLamp: LampState = { presence: 'unknown', call: 'unknown', parked: 'none' };

/** What a watched resource has told so far. `null`: nothing that counts now. */
export type LampTable = {
  readonly version: number;
  /** What goes on there, by dialog. */
  readonly live: ReadonlyMap<string, 'ringing' | 'busy'>;
} | null;

/** What becomes of a subscription; the words of the line's port. */
export type LampEvent =
  | { readonly kind: 'subscribed' | 'lost' | 'unsupported' }
  | { readonly kind: 'document'; readonly body: string };

export interface LampStep {
  readonly table: LampTable;
  /** Something was missed or cannot be read: subscribe anew. */
  readonly gap: boolean;
}

/** What is known after an event. What cannot be trusted is unknown. */
export function foldLamp(table: LampTable, event: LampEvent): LampStep {
  if (event.kind !== 'document') return { table: null, gap: false };
  const reading = parseDialogInfo(event.body);
  if (reading.kind === 'unreadable') return { table: null, gap: true };
  return reading.info.state === 'full' ? full(table, reading.info) : partial(table, reading.info);
}

/** Some servers never count their versions up: only an older document is passed over. */
function full(table: LampTable, info: DialogInfo): LampStep {
  if (table !== null && info.version < table.version) return { table, gap: false };
  return { table: { version: info.version, live: merged(new Map(), info.dialogs) }, gap: false };
}

function partial(table: LampTable, info: DialogInfo): LampStep {
  if (table === null || info.version > table.version + 1) return { table: null, gap: true };
  if (info.version <= table.version) return { table, gap: false };
  return { table: { version: info.version, live: merged(table.live, info.dialogs) }, gap: false };
}

function merged(
  known: ReadonlyMap<string, 'ringing' | 'busy'>,
  dialogs: readonly DialogEntry[],
): ReadonlyMap<string, 'ringing' | 'busy'> {
  const live = new Map(known);
  for (const dialog of dialogs) {
    if (dialog.state.kind === 'terminated') live.delete(dialog.id);
    else live.set(dialog.id, activityOf(dialog));
  }
  return live;
}

/** Who is being called rings; who calls somebody is busy. */
function activityOf({ state, direction }: DialogEntry): 'ringing' | 'busy' {
  const early = state.kind !== 'confirmed';
  return early && direction !== 'initiator' ? 'ringing' : 'busy';
}

/** Somebody who talks while a second call rings is busy. */
export function callLampOf(table: LampTable): CallLamp {
  if (table === null) return 'unknown';
  const activities = [...table.live.values()];
  if (activities.includes('busy')) return 'busy';
  return activities.length === 0 ? 'free' : 'ringing';
}

/** Who the lamp belongs to, as far as the directory knows them. */
export interface LampOwner {
  readonly extension: string;
  readonly registered: boolean;
  readonly doNotDisturb: boolean;
}

/** What is watched of one extension: their own calls, and the calls parked there. */
export interface WatchedLamp {
  readonly calls: LampTable;
  readonly parked: LampTable;
}

export const unwatched: WatchedLamp = { calls: null, parked: null };

/** A colleague's lamp from everything that is known; `entry` is `null` for who is not in the directory. */
export function lampOf(
  entry: LampOwner | null,
  board: Board,
  watched: WatchedLamp = unwatched,
): LampState {
  const onBoard =
    entry !== null &&
    board.sync.kind === 'live' &&
    board.cards.some((card) => card.slot === entry.extension && card.state.kind !== 'ended');
  const elsewhere = watched.parked !== null && watched.parked.live.size > 0;
  return {
    presence: entry === null ? 'unknown' : presenceOf(entry),
    call: callLampOf(watched.calls),
    parked: onBoard || elsewhere ? 'some' : 'none',
  };
}

function presenceOf({ registered, doNotDisturb }: LampOwner): Presence {
  if (!registered) return 'signed-out';
  return doNotDisturb ? 'do-not-disturb' : 'signed-in';
}

/** The one sign that a lamp shows. */
export type LampSign = 'busy' | 'ringing' | 'free' | Presence;

/** A call that goes on is the newest news; then what the directory says; free only who is known to be. */
export function lampSign({ presence, call }: LampState): LampSign {
  if (call === 'busy' || call === 'ringing') return call;
  if (presence === 'signed-out' || presence === 'do-not-disturb') return presence;
  return call === 'free' ? 'free' : presence;
}

/** So many people are watched at most: favourites first, then those in view. */
export const MOST_LAMPS = 40;

/** Who is watched: at most `most`, each once, favourites before those in view. */
export function lampsToWatch(
  favourites: readonly string[],
  inView: readonly string[],
  most: number = MOST_LAMPS,
): readonly string[] {
  return [...new Set([...favourites, ...inView])].slice(0, most);
}
