import { addMs, type EpochMs } from '../domain/ids.ts';
import type { CardEnd, ParkReport, PartyText } from './park-report.ts';

/** One parked call on the board: what is known of it from all reports. Times are on this machine's clock. */
export interface Card extends Omit<ParkReport, 'times' | 'state'> {
  /** Alt+1…9; kept for the card's life, `null` while more than nine wait. */
  readonly number: number | null;
  readonly waitingSince: EpochMs;
  /** When the recall is due; `null` while it rings, is being taken, or is not known. */
  readonly recallDueAt: EpochMs | null;
  readonly state: CardState;
}

export type CardState =
  | { readonly kind: 'parked' | 'recalling' | 'retrieving' }
  | { readonly kind: 'ended'; readonly how: CardEnd; readonly at: EpochMs };

export type ScopeOfCard = 'own' | 'group' | 'parked-by-me' | 'unsaid';

/**
 * The card of a report that has just come. The server's clock may be wrong or ours may: only differences between its
 * times and its `now` are used.
 */
export function cardFrom(report: ParkReport, now: EpochMs, old: Card | null): Card {
  const { times, state } = report;
  const ended = state.kind === 'ended';
  const dueAt = ended ? null : onOurClock(times.recallAt, times.now, now);
  const card: Card = {
    id: report.id,
    number: old?.number ?? null,
    retrieveTarget: report.retrieveTarget ?? old?.retrieveTarget ?? null,
    caller: report.caller ?? old?.caller ?? null,
    slot: report.slot ?? old?.slot ?? null,
    group: report.group ?? old?.group ?? null,
    parker: report.parker ?? old?.parker ?? null,
    note: report.note ?? (ended ? (old?.note ?? null) : null),
    recallTo: report.recallTo ?? old?.recallTo ?? null,
    recallGroup: report.recallGroup,
    alertsParker: report.alertsParker,
    waitingSince: waitingSince(report, now, old),
    recallDueAt: steadyDue(dueAt, old?.recallDueAt ?? null),
    state: stateFrom(report, now, old),
  };
  return old !== null && sameCard(card, old) ? old : card;
}

/** Two readings of one moment differ by how long each was under way; nobody sees less than this, in ms. */
const UNSEEN_MS = 500;

function steadyDue(dueAt: EpochMs | null, before: EpochMs | null): EpochMs | null {
  const same = dueAt !== null && before !== null && Math.abs(dueAt - before) < UNSEEN_MS;
  return same ? before : dueAt;
}

/** Whether a screen would show both alike: then the old one stays, and a full state redraws nothing that it does not change. */
function sameCard(a: Card, b: Card): boolean {
  return (
    a.retrieveTarget === b.retrieveTarget &&
    sameParty(a.caller, b.caller) &&
    a.slot === b.slot &&
    a.group === b.group &&
    a.parker?.extension === b.parker?.extension &&
    a.parker?.name === b.parker?.name &&
    a.note === b.note &&
    a.recallTo === b.recallTo &&
    a.recallGroup === b.recallGroup &&
    a.alertsParker === b.alertsParker &&
    a.recallDueAt === b.recallDueAt &&
    (a.state === b.state || (a.state.kind !== 'ended' && a.state.kind === b.state.kind))
  );
}

const sameParty = (a: PartyText | null, b: PartyText | null): boolean =>
  a?.name === b?.name && a?.number === b?.number;

/** How long the caller has waited, in whole seconds. */
export function waitedSeconds(card: Card, now: EpochMs): number {
  return Math.max(0, Math.floor((now - card.waitingSince) / 1000));
}

/** How long until the recall, in whole seconds, rounded up; `null` when none is due. */
export function secondsToRecall(card: Card, now: EpochMs): number | null {
  if (card.recallDueAt === null) return null;
  return Math.max(0, Math.ceil((card.recallDueAt - now) / 1000));
}

/** Whether its waiting is my concern: somebody else parked it, or the server wants parkers alerted as well. */
export function concerns(card: Card, me: string): boolean {
  return card.alertsParker || card.parker?.extension !== me;
}

/** Why the card is on my board, for its mark: mine, parked by me, group; a place of another PBX's lot says nothing of that. */
export function scopeOf(card: Card, me: string): ScopeOfCard {
  if (card.slot === me) return 'own';
  if (card.parker?.extension === me) return 'parked-by-me';
  return card.group === null && card.parker === null ? 'unsaid' : 'group';
}

/** A card does not change its place because two clocks drift: the first answer stands. */
function waitingSince({ times }: ParkReport, now: EpochMs, old: Card | null): EpochMs {
  if (old !== null) return old.waitingSince;
  const since = onOurClock(times.parkedAt, times.now, now);
  return since === null || since > now ? now : since;
}

function stateFrom({ state }: ParkReport, now: EpochMs, old: Card | null): CardState {
  if (state.kind !== 'ended') return { kind: state.kind };
  // A second word about the same end (a full state after the partial one) does not keep the card longer.
  if (old?.state.kind === 'ended') return old.state;
  return { kind: 'ended', how: state.how, at: now };
}

function onOurClock(time: EpochMs | null, serverNow: EpochMs | null, now: EpochMs): EpochMs | null {
  return time === null || serverNow === null ? null : addMs(now, time - serverNow);
}
