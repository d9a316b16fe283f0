import { addMs, type EpochMs } from '../domain/ids.ts';
import { isRinging, isTalking, type Call } from './call.ts';
import { concerns, type Card } from './park-card.ts';

/** What the user chose for the park chime. */
export interface ChimeSettings {
  readonly enabled: boolean;
  /** How often it repeats while a call waits, in ms; ≥ 5000, default 20 000. 0: once per parked call. */
  readonly repeatMs: number;
}

export const defaultChimeSettings: ChimeSettings = { enabled: true, repeatMs: 20_000 };

/** What the chime rule looks at. */
export interface ChimeScene {
  readonly now: EpochMs;
  /** The calls that wait for me and that I did not park; none of an account that is not to be disturbed. */
  readonly waiting: readonly Card[];
  readonly calls: readonly Call[];
  /** When it last sounded and for which cards; `null` before the first time. */
  readonly last: { readonly at: EpochMs; readonly cards: ReadonlySet<string> } | null;
}

export type ChimeDecision =
  /** Nothing waits, or the user wants quiet: look again when something changes. */
  | { readonly kind: 'silent' }
  /** Look again then, or when something changes. */
  | { readonly kind: 'later'; readonly at: EpochMs }
  | { readonly kind: 'play' };

/**
 * Whether the park chime sounds now. Never while ringing or talking; at once for a card it has not sounded for; again at
 * the set interval while a call waits; silent when nothing waits.
 */
export function decideChime(settings: ChimeSettings, scene: ChimeScene): ChimeDecision {
  const { now, waiting, calls, last } = scene;
  if (!settings.enabled || waiting.length === 0) return { kind: 'silent' };
  if (calls.some(({ state }) => isTalking(state) || isRinging(state))) return { kind: 'silent' };
  if (last === null || waiting.some((card) => !last.cards.has(card.id))) return { kind: 'play' };
  if (settings.repeatMs === 0) return { kind: 'silent' };
  const next = addMs(last.at, settings.repeatMs);
  return now >= next ? { kind: 'play' } : { kind: 'later', at: next };
}

/** The cards whose waiting is my concern: live, and not parked by me unless the server wants that too. */
export function alertingCards(cards: readonly Card[], me: string): readonly Card[] {
  return cards.filter((card) => card.state.kind !== 'ended' && concerns(card, me));
}

/** How much a notification may say where others can read it. */
export type NotificationDetail = 'full' | 'hidden';

/** A system notification of one parked call; the id replaces an earlier one for the same call. */
export interface ParkNotification {
  readonly id: string;
  readonly caller: { readonly name: string | null; readonly number: string } | null;
  readonly slot: string | null;
  readonly note: string | null;
}

export type NotificationChange =
  /** Shows it, in place of the one with the same id. */
  | { readonly kind: 'show'; readonly notification: ParkNotification }
  | { readonly kind: 'withdraw'; readonly id: string };

export interface NotificationScene {
  readonly shown: ReadonlyMap<string, ParkNotification>;
  /** Cards that were alerted: what waited before the start, or was parked by me, is not among them. */
  readonly alerted: ReadonlySet<string>;
  readonly cards: readonly Card[];
  readonly doNotDisturb: boolean;
  readonly detail: NotificationDetail;
}

/** So many stand at once: a storm of parked calls is told by the count on the tray, not by a wall of notifications. */
export const MOST_NOTIFICATIONS = 12;

/** What has to change for the system's notifications to match the board; one per parked call, never stacked. */
export function notificationChanges(scene: NotificationScene): readonly NotificationChange[] {
  const wanted = new Map(
    scene.cards
      .filter((card) => card.state.kind !== 'ended' && scene.alerted.has(card.id))
      .map((card) => [card.id, notificationOf(card, scene.detail)]),
  );
  const gone = [...scene.shown.keys()]
    .filter((id) => !wanted.has(id))
    .map((id): NotificationChange => ({ kind: 'withdraw', id }));
  const all = [...wanted.values()];
  const corrected = all.filter((next) => {
    const shown = scene.shown.get(next.id);
    return shown !== undefined && !sameText(shown, next);
  });
  // Do-not-disturb keeps new ones away, but lets one that is shown be corrected.
  const room = scene.doNotDisturb ? 0 : MOST_NOTIFICATIONS - (scene.shown.size - gone.length);
  const fresh = all.filter(({ id }) => !scene.shown.has(id)).slice(0, Math.max(0, room));
  const news = [...corrected, ...fresh].map((notification): NotificationChange => ({
    kind: 'show',
    notification,
  }));
  return [...gone, ...news];
}

function notificationOf(card: Card, detail: NotificationDetail): ParkNotification {
  const { id, slot } = card;
  return detail === 'hidden'
    ? { id, slot, caller: null, note: null }
    : { id, slot, caller: card.caller, note: card.note };
}

function sameText(a: ParkNotification, b: ParkNotification): boolean {
  return (
    a.slot === b.slot &&
    a.note === b.note &&
    a.caller?.name === b.caller?.name &&
    a.caller?.number === b.caller?.number
  );
}
