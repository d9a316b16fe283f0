import { waitingCards, type Board } from './park-board.ts';
import type { Card } from './park-card.ts';

/** One account's board among those of the other accounts. */
export interface AccountBoard {
  readonly account: string;
  /** Where the list comes from: two accounts of one PBX may both see one parked call. */
  readonly server: string;
  readonly board: Board;
  /** The PBX has such a list at all. */
  readonly supported: boolean;
}

/** One card of the list over all accounts. */
export interface PlacedCard {
  /** Names the card on the screen: its ParkId, or that with its account where two PBXs use one ParkId. */
  readonly key: string;
  readonly account: string;
  readonly card: Card;
  /** Alt+1…9 over all accounts; kept for the card's life. */
  readonly number: number | null;
  /** Its account's list is not live: shown, not pressed. */
  readonly frozen: boolean;
}

/** The parked calls of all accounts as one list, oldest first. */
export interface ParkView {
  readonly cards: readonly PlacedCard[];
  /** Three states, never two: nothing is called empty while one account's list is unknown. */
  readonly mood: 'parked' | 'empty' | 'unknown' | 'unsupported';
  /** How many calls the list shows as waiting. */
  readonly waiting: number;
  /** How many of them are known to wait right now. */
  readonly waitingNow: number;
  /** The card whose retrieve is under way, over all accounts. */
  readonly retrieving: string | null;
}

export const noParks: ParkView = {
  cards: [],
  mood: 'unknown',
  waiting: 0,
  waitingNow: 0,
  retrieving: null,
};

/**
 * One list of several: accounts in their order, the one that dials first. Cards that have not changed stay the same objects, so
 * that a change of one of five hundred redraws one.
 */
export function mergeParks(boards: readonly AccountBoard[], before: ParkView): ParkView {
  const cards = numbered(onlyOnce(boards), before);
  const waiting = cards.filter(({ card }) => card.state.kind !== 'ended');
  const pressed = boards.find(({ board }) => board.retrieving !== null);
  return {
    cards,
    mood: moodOf(boards),
    waiting: waiting.length,
    waitingNow: waiting.filter(({ frozen }) => !frozen).length,
    retrieving:
      pressed === undefined
        ? null
        : (cards.find((placed) => isOf(placed, pressed.account, pressed.board.retrieving))?.key ??
          pressed.board.retrieving),
  };
}

/**
 * Whose turn a press without a card is: the call that waits longest, of those that are known to wait before the others. One that
 * somebody is taking just now waits no more, unless that is all there is.
 */
export function oldestWaiting({ cards }: Pick<ParkView, 'cards'>): PlacedCard | null {
  const waiting = cards.filter(({ card }) => card.state.kind !== 'ended');
  const known = waiting.filter(({ frozen }) => !frozen);
  return (
    known.find(({ card }) => card.state.kind !== 'retrieving') ?? known[0] ?? waiting[0] ?? null
  );
}

function moodOf(boards: readonly AccountBoard[]): ParkView['mood'] {
  const able = boards.filter(({ supported }) => supported);
  if (able.length === 0) return boards.length === 0 ? 'unknown' : 'unsupported';
  const live = able.filter(({ board }) => board.sync.kind === 'live');
  if (live.some(({ board }) => waitingCards(board).length > 0)) return 'parked';
  return live.length < able.length ? 'unknown' : 'empty';
}

type Placed = Omit<PlacedCard, 'number'>;

/** A call that two accounts of one PBX see is one card: that of the account it waits for, if its list is live. */
function onlyOnce(boards: readonly AccountBoard[]): readonly Placed[] {
  const seen = new Map<string, Placed & { readonly server: string; readonly rank: number }>();
  const order = new Map<string, string>();
  for (const { account, server, board } of boards) {
    const frozen = board.sync.kind !== 'live';
    for (const card of board.cards) {
      const taken = order.get(card.id);
      const key = taken === undefined || taken === server ? card.id : `${card.id} ${account}`;
      if (taken === undefined) order.set(card.id, server);
      const rank = (frozen ? 0 : 2) + (card.slot === board.me ? 1 : 0);
      const known = seen.get(key);
      if (known !== undefined && known.rank >= rank) continue;
      seen.set(key, { key, account, card, frozen, server, rank });
    }
  }
  return [...seen.values()]
    .map(({ key, account, card, frozen }) => ({ key, account, card, frozen }))
    .toSorted(byAge);
}

function byAge(a: Placed, b: Placed): number {
  return (
    a.card.waitingSince - b.card.waitingSince ||
    (a.card.id < b.card.id ? -1 : Number(a.card.id > b.card.id))
  );
}

/** Free numbers 1–9 go to cards without one; a number, once given, stays with its card for life. */
function numbered(cards: readonly Placed[], before: ParkView): readonly PlacedCard[] {
  const old = new Map(before.cards.map((placed) => [placed.key, placed]));
  const taken = new Set(cards.map(({ key }) => old.get(key)?.number ?? null));
  const free = [1, 2, 3, 4, 5, 6, 7, 8, 9].filter((number) => !taken.has(number));
  return cards.map((placed) => {
    const known = old.get(placed.key);
    const has = known?.number ?? null;
    const number = has ?? (placed.card.state.kind === 'ended' ? null : (free.shift() ?? null));
    return known !== undefined && same(known, placed) && known.number === number
      ? known
      : { ...placed, number };
  });
}

const same = (a: Placed, b: Placed): boolean =>
  a.card === b.card && a.account === b.account && a.frozen === b.frozen;

const isOf = ({ account, card }: PlacedCard, of: string, id: string | null): boolean =>
  account === of && card.id === id;
