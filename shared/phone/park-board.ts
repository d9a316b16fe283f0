import { assertNever } from '../domain/assert-never.ts';
import { addMs, type EpochMs } from '../domain/ids.ts';
import { cardFrom, concerns, type Card } from './park-card.ts';
import type { CardEnd, ParkNotify, ParkReport } from './park-report.ts';
import type { RetrieveProblem } from './retrieve-problem.ts';

/** Whether what the board shows is true right now. */
export type BoardSync =
  /** Nothing was ever heard: the state is unknown, not empty. */
  | { readonly kind: 'never' }
  | { readonly kind: 'live'; readonly version: number; readonly syncedAt: EpochMs }
  /** The subscription is gone: the list is frozen, greyed, "last synced". */
  | { readonly kind: 'lost'; readonly syncedAt: EpochMs | null };

/** The phone's list of parked calls: a fold of the NOTIFYs of its subscription. */
export interface Board {
  readonly sync: BoardSync;
  /** Oldest first; ended cards stay in place for `ENDED_CARD_MS`. */
  readonly cards: readonly Card[];
  /** The one retrieve that is under way; further presses are ignored. */
  readonly retrieving: string | null;
  /** This phone's own extension: what I parked does not alert me, unless the server wants it. */
  readonly me: string;
}

/** How long an ended card stays, saying why, in ms. */
export const ENDED_CARD_MS = 3000;

export type BoardInput =
  /** A new subscription was accepted: its versions start anew. */
  | { readonly kind: 'subscribed' }
  | { readonly kind: 'notified'; readonly notify: ParkNotify }
  /** A body that cannot be read. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'subscription-lost' }
  /** Pointer-down, key or notification on this card. */
  | { readonly kind: 'retrieve-pressed'; readonly id: string }
  /** The global shortcut, the tray: whichever waits longest. */
  | { readonly kind: 'retrieve-oldest-pressed' }
  | { readonly kind: 'retrieve-succeeded'; readonly id: string }
  | {
      readonly kind: 'retrieve-failed';
      readonly id: string;
      readonly problem: RetrieveProblem;
    }
  /** Time passes: send one when `nextBoardTick` says, and the ended cards leave. */
  | { readonly kind: 'tick' };

export type BoardEffect =
  /** Subscribe anew, by the resubscribe policy. */
  | { readonly kind: 'resubscribe'; readonly why: 'gap' | 'unreadable' }
  /** Dial this target now, or say `retrieve-failed`. */
  | { readonly kind: 'retrieve'; readonly id: string; readonly target: string }
  /** A call was parked for me: notification and chime. */
  | { readonly kind: 'alert'; readonly card: Card }
  /** It is over: its notification goes. */
  | { readonly kind: 'withdraw'; readonly id: string }
  | { readonly kind: 'announce-ended'; readonly id: string; readonly how: CardEnd }
  | { readonly kind: 'say'; readonly id: string; readonly problem: RetrieveProblem };

export interface BoardStep {
  readonly board: Board;
  readonly effects: readonly BoardEffect[];
}

/** The board before anything was heard. */
export function newBoard(me: string): Board {
  return { sync: { kind: 'never' }, cards: [], retrieving: null, me };
}

/** The three states that the screen keeps apart; never "empty" by mistake. */
export function boardMood(board: Board): 'unknown' | 'empty' | 'parked' {
  if (board.sync.kind !== 'live') return 'unknown';
  return board.cards.some((card) => card.state.kind !== 'ended') ? 'parked' : 'empty';
}

/** The calls that still wait, oldest first. */
export function waitingCards(board: Board): readonly Card[] {
  return board.cards.filter((card) => card.state.kind !== 'ended');
}

/** When the next ended card has to leave; `null`: no tick is needed. */
export function nextBoardTick(board: Board): EpochMs | null {
  return board.cards.reduce<EpochMs | null>((soonest, card) => {
    if (card.state.kind !== 'ended') return soonest;
    const leavesAt = addMs(card.state.at, ENDED_CARD_MS);
    return soonest === null || leavesAt < soonest ? leavesAt : soonest;
  }, null);
}

/** What becomes of the board when `input` happens at `now` (this machine's clock). */
export function foldBoard(board: Board, input: BoardInput, now: EpochMs): BoardStep {
  switch (input.kind) {
    case 'subscribed':
      return quiet({ ...board, sync: lost(board.sync) });
    case 'notified':
      return notified(board, input.notify, now);
    case 'unreadable':
      return distrust(board, 'unreadable');
    case 'subscription-lost':
      return quiet({ ...board, sync: lost(board.sync) });
    case 'retrieve-pressed':
      return pressed(board, input.id);
    case 'retrieve-oldest-pressed': {
      const oldest = waitingCards(board)[0];
      return oldest === undefined ? quiet(board) : pressed(board, oldest.id);
    }
    case 'retrieve-succeeded':
      return quiet(released(board, input.id));
    case 'retrieve-failed':
      return retrieveFailed(board, input.id, input.problem);
    case 'tick':
      return quiet(numbered({ ...board, cards: board.cards.filter((card) => stays(card, now)) }));
    default:
      return assertNever(input);
  }
}

function notified(board: Board, notify: ParkNotify, now: EpochMs): BoardStep {
  const { sync } = board;
  // Within a subscription documents come in their order and each counts one up (RFC 4235 §4.1): a server that does not has
  // begun anew or lost count, and what it says then or later may be about another list than ours.
  if (sync.kind === 'live' && notify.version <= sync.version) return distrust(board, 'gap');
  const follows = sync.kind === 'live' && notify.version === sync.version + 1;
  if (notify.scope === 'partial' && !follows) return distrust(board, 'gap');

  const merged = merge(board, notify, now);
  const next: Board = numbered({
    ...board,
    cards: merged.filter((card) => stays(card, now)).toSorted(byAge),
    sync: { kind: 'live', version: notify.version, syncedAt: now },
  });
  return { board: next, effects: changes(board, next) };
}

/** The cards after a NOTIFY: a full one also ends what it does not name. */
function merge(board: Board, notify: ParkNotify, now: EpochMs): readonly Card[] {
  const reports = new Map(notify.reports.map((report) => [report.id, report]));
  const known = board.cards.map((card) => {
    const report = reports.get(card.id);
    if (report !== undefined) return cardFrom(report, now, card);
    const vanished = notify.scope === 'full' && card.state.kind !== 'ended';
    return vanished ? ended(card, { kind: 'unknown' }, now) : card;
  });
  const ids = new Set(board.cards.map((card) => card.id));
  const fresh = [...reports.values()]
    .filter((report) => !ids.has(report.id) && report.state.kind !== 'ended')
    .map((report: ParkReport) => cardFrom(report, now, null));
  return [...known, ...fresh];
}

function changes(before: Board, after: Board): readonly BoardEffect[] {
  const was = new Map(before.cards.map((card) => [card.id, card]));
  return after.cards.flatMap((card): BoardEffect[] => {
    const old = was.get(card.id);
    if (card.state.kind === 'ended') {
      if (old === undefined || old.state.kind === 'ended') return [];
      return [
        { kind: 'withdraw', id: card.id },
        { kind: 'announce-ended', id: card.id, how: card.state.how },
      ];
    }
    // What already waited when the phone was started is shown, not announced.
    const isNew = old === undefined && before.sync.kind !== 'never';
    return isNew && concerns(card, before.me) ? [{ kind: 'alert', card }] : [];
  });
}

function pressed(board: Board, id: string): BoardStep {
  if (board.retrieving !== null) return quiet(board);
  const card = board.cards.find((each) => each.id === id);
  if (card === undefined) return say(board, id, { kind: 'nothing-parked' });
  if (card.state.kind === 'ended') return say(board, id, { kind: 'gone', how: card.state.how });
  if (card.retrieveTarget === null) return say(board, id, { kind: 'not-retrievable' });
  return {
    board: { ...board, retrieving: id },
    effects: [{ kind: 'retrieve', id, target: card.retrieveTarget }],
  };
}

function retrieveFailed(board: Board, id: string, problem: RetrieveProblem): BoardStep {
  const card = board.cards.find((each) => each.id === id);
  // The NOTIFY knows names where the response knows a number.
  const told = card?.state.kind === 'ended' && card.state.how.kind !== 'unknown';
  const better: RetrieveProblem =
    told && card.state.kind === 'ended' && problem.kind !== 'not-permitted'
      ? { kind: 'gone', how: card.state.how }
      : problem;
  return say(released(board, id), id, better);
}

function released(board: Board, id: string): Board {
  return board.retrieving === id ? { ...board, retrieving: null } : board;
}

/** What cannot be trusted is not shown as true: the list is frozen and asked for anew. */
function distrust(board: Board, why: 'gap' | 'unreadable'): BoardStep {
  return { board: { ...board, sync: lost(board.sync) }, effects: [{ kind: 'resubscribe', why }] };
}

function lost(sync: BoardSync): BoardSync {
  return sync.kind === 'live' ? { kind: 'lost', syncedAt: sync.syncedAt } : sync;
}

function ended(card: Card, how: CardEnd, now: EpochMs): Card {
  return { ...card, state: { kind: 'ended', how, at: now } };
}

function stays(card: Card, now: EpochMs): boolean {
  return card.state.kind !== 'ended' || now < card.state.at + ENDED_CARD_MS;
}

function byAge(a: Card, b: Card): number {
  return a.waitingSince - b.waitingSince || (a.id < b.id ? -1 : Number(a.id > b.id));
}

/** Gives free numbers 1–9 to cards without one; a number, once given, stays with its card for life. */
function numbered(board: Board): Board {
  const taken = new Set(board.cards.map((card) => card.number));
  const free = [1, 2, 3, 4, 5, 6, 7, 8, 9].filter((number) => !taken.has(number));
  const cards = board.cards.map((card) => {
    const next = card.number === null && card.state.kind !== 'ended' ? free.shift() : undefined;
    return next === undefined ? card : { ...card, number: next };
  });
  return { ...board, cards };
}

function quiet(board: Board): BoardStep {
  return { board, effects: [] };
}

function say(board: Board, id: string, problem: RetrieveProblem): BoardStep {
  return { board, effects: [{ kind: 'say', id, problem }] };
}
