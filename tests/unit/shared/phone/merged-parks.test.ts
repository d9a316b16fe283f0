import { describe, expect, it } from 'vitest';
import { epochMs } from '../../../../shared/domain/ids.ts';
import {
  mergeParks,
  noParks,
  oldestWaiting,
  type AccountBoard,
  type ParkView,
} from '../../../../shared/phone/merged-parks.ts';
import { newBoard, type Board } from '../../../../shared/phone/park-board.ts';
import type { Card } from '../../../../shared/phone/park-card.ts';

const card = (id: string, second: number, more: Partial<Card> = {}): Card => ({
  id,
  number: null,
  retrieveTarget: `sip:*88;park-id=${id}`,
  caller: { name: 'Client', number: '003386002678' },
  slot: '101',
  group: null,
  parker: null,
  note: null,
  recallTo: null,
  recallGroup: null,
  alertsParker: false,
  waitingSince: epochMs(second * 1000),
  recallDueAt: null,
  state: { kind: 'parked' },
  ...more,
});
const live = { kind: 'live', version: 1, syncedAt: epochMs(0) } as const;
const lost = { kind: 'lost', syncedAt: epochMs(0) } as const;

function boardOf(
  account: string,
  cards: readonly Card[],
  more: Partial<Board> & Partial<Pick<AccountBoard, 'server' | 'supported'>> = {},
): AccountBoard {
  const { server = account, supported = true, ...board } = more;
  return {
    account,
    server,
    supported,
    board: { ...newBoard('101'), sync: live, cards, ...board },
  };
}
const keys = ({ cards }: ParkView) => cards.map(({ key }) => key);
const ended = { kind: 'ended', how: { kind: 'unknown' }, at: epochMs(0) } as const;

describe('the parked calls of several accounts', () => {
  it('are one list, oldest first, each with its account', () => {
    const view = mergeParks(
      [boardOf('office', [card('a', 1), card('c', 3)]), boardOf('home', [card('b', 2)])],
      noParks,
    );
    expect(view.cards.map(({ key, account }) => [key, account])).toEqual([
      ['a', 'office'],
      ['b', 'home'],
      ['c', 'office'],
    ]);
    expect(view).toMatchObject({ mood: 'parked', waiting: 3, waitingNow: 3 });
  });

  it('are frozen account by account: what one list does not know, the other does', () => {
    const view = mergeParks(
      [boardOf('office', [card('a', 1)], { sync: lost }), boardOf('home', [card('b', 2)])],
      noParks,
    );
    expect(view.cards.map(({ frozen }) => frozen)).toEqual([true, false]);
    expect(view).toMatchObject({ mood: 'parked', waiting: 2, waitingNow: 1 });
    expect(oldestWaiting(view)?.key).toBe('b');
  });

  it('give a press without a card the oldest that nobody is taking just now', () => {
    const taken = { state: { kind: 'retrieving' } } as const;
    const view = (...cards: readonly Card[]) => mergeParks([boardOf('office', cards)], noParks);
    expect(oldestWaiting(view(card('a', 1, taken), card('b', 2)))?.key).toBe('b');
    expect(oldestWaiting(view(card('a', 1, taken)))?.key).toBe('a');
    expect(
      oldestWaiting(view(card('a', 1, { state: { kind: 'recalling' } }), card('b', 2)))?.key,
    ).toBe('a');
  });

  it('are never called empty while one account does not know', () => {
    const empty = boardOf('home', []);
    const unknown = boardOf('office', [], { sync: { kind: 'never' } });
    const none = boardOf('other', [], { supported: false, sync: { kind: 'never' } });
    expect(mergeParks([empty, unknown], noParks).mood).toBe('unknown');
    expect(mergeParks([empty, boardOf('office', [])], noParks).mood).toBe('empty');
    expect(mergeParks([empty, none], noParks).mood).toBe('empty');
    expect(mergeParks([none], noParks).mood).toBe('unsupported');
  });

  it('keep their numbers for life, over all accounts', () => {
    const office = boardOf('office', [card('a', 1), card('c', 3)]);
    const first = mergeParks([office, boardOf('home', [card('b', 2)])], noParks);
    expect(first.cards.map(({ number }) => number)).toEqual([1, 2, 3]);
    const second = mergeParks(
      [office, boardOf('home', [card('b', 2, { state: ended }), card('d', 0)])],
      first,
    );
    expect(second.cards.map(({ key, number }) => [key, number])).toEqual([
      ['d', 4],
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
    const third = mergeParks([office, boardOf('home', [card('d', 0), card('e', 9)])], second);
    expect(third.cards.find(({ key }) => key === 'e')?.number).toBe(2);
  });

  it('redraw only what has changed', () => {
    const [a, b] = [card('a', 1), card('b', 2)];
    const first = mergeParks([boardOf('office', [a]), boardOf('home', [b])], noParks);
    const second = mergeParks([boardOf('office', [a]), boardOf('home', [{ ...b }])], first);
    expect(second.cards[0]).toBe(first.cards[0]);
    expect(second.cards[1]).not.toBe(first.cards[1]);
  });

  it('show a call once that two accounts of one PBX see: as the one it waits for', () => {
    const group = { slot: '102', group: 'Support' };
    const view = mergeParks(
      [
        boardOf('101', [card('a', 1, group)], { server: 'pbx', me: '101' }),
        boardOf('102', [card('a', 1, group)], { server: 'pbx', me: '102' }),
      ],
      noParks,
    );
    expect(view.cards.map(({ key, account }) => [key, account])).toEqual([['a', '102']]);
    expect(view.waiting).toBe(1);
  });

  it('take the list that is live when the other of the two is not', () => {
    const view = mergeParks(
      [
        boardOf('101', [card('a', 1)], { server: 'pbx', sync: lost }),
        boardOf('102', [card('a', 1)], { server: 'pbx', me: '102' }),
      ],
      noParks,
    );
    expect(view.cards).toMatchObject([{ account: '102', frozen: false }]);
  });

  it('stay two where two PBXs give one ParkId: nobody hides the call of another', () => {
    const view = mergeParks(
      [boardOf('office', [card('a', 1)]), boardOf('home', [card('a', 0)])],
      noParks,
    );
    expect(view.cards.map(({ key, account }) => [key, account])).toEqual([
      ['a home', 'home'],
      ['a', 'office'],
    ]);
  });

  it('have one retrieve under way at a time', () => {
    const view = mergeParks(
      [boardOf('office', [card('a', 1)]), boardOf('home', [card('b', 2)], { retrieving: 'b' })],
      noParks,
    );
    expect(view.retrieving).toBe('b');
    expect(keys(view)).toEqual(['a', 'b']);
  });
});
