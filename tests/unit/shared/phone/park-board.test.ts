import { describe, expect, it } from 'vitest';
import { addMs, type EpochMs } from '../../../../shared/domain/ids.ts';
import {
  boardMood,
  foldBoard,
  newBoard,
  nextBoardTick,
  waitingCards,
  type Board,
  type BoardEffect,
  type BoardInput,
} from '../../../../shared/phone/park-board.ts';
import { scopeOf, secondsToRecall, waitedSeconds } from '../../../../shared/phone/park-card.ts';
import type { ParkReport, ReportedState } from '../../../../shared/phone/park-report.ts';
import { startOfTest } from '../../../fakes/parked-calls.ts';

const at = (seconds: number): EpochMs => addMs(startOfTest, seconds * 1000);
/** The server's clock is an hour ahead of ours. */
const server = (seconds: number): EpochMs => addMs(at(seconds), 3_600_000);

function report(id: string, changes: Partial<ParkReport> = {}): ParkReport {
  return {
    id,
    retrieveTarget: `sip:*88102@pbx.test;park-id=${id}`,
    caller: { name: 'Client', number: '003386002678' },
    slot: '102',
    group: null,
    parker: { extension: '101', name: 'Bob' },
    note: null,
    recallTo: 'parker',
    recallGroup: null,
    alertsParker: false,
    times: { now: server(0), parkedAt: server(0), recallAt: server(300) },
    state: { kind: 'parked' },
    ...changes,
  };
}

const parkedAt = (seconds: number) => ({
  times: { now: server(seconds), parkedAt: server(seconds), recallAt: server(seconds + 300) },
});

const over = (how: Extract<ReportedState, { kind: 'ended' }>['how']): Partial<ParkReport> => ({
  state: { kind: 'ended', how },
});

/** Alice's phone: folds inputs and keeps what they caused. */
class Phone {
  board: Board = newBoard('102');
  effects: readonly BoardEffect[] = [];
  #version = 0;

  does(input: BoardInput, seconds = 0): readonly BoardEffect[] {
    const { board, effects } = foldBoard(this.board, input, at(seconds));
    this.board = board;
    this.effects = effects;
    return effects;
  }

  hears(scope: 'full' | 'partial', reports: readonly ParkReport[], seconds = 0, version?: number) {
    this.#version = version ?? this.#version + 1;
    const notify = { version: this.#version, scope, reports };
    return this.does({ kind: 'notified', notify }, seconds);
  }

  get ids(): readonly string[] {
    return this.board.cards.map((card) => card.id);
  }
}

function synced(...reports: ParkReport[]): Phone {
  const phone = new Phone();
  phone.hears('full', reports);
  return phone;
}

describe('what the board says of itself', () => {
  it('is unknown, then empty, then parked, and unknown again without a subscription', () => {
    const phone = new Phone();
    expect(boardMood(phone.board)).toBe('unknown');
    phone.hears('full', []);
    expect(boardMood(phone.board)).toBe('empty');
    phone.hears('partial', [report('a')], 1);
    expect(boardMood(phone.board)).toBe('parked');
    phone.does({ kind: 'subscription-lost' }, 2);
    expect(boardMood(phone.board)).toBe('unknown');
    expect(phone.ids).toEqual(['a']);
    expect(phone.board.sync).toEqual({ kind: 'lost', syncedAt: at(1) });
  });

  it('is not empty by mistake when an empty list is lost', () => {
    const phone = synced();
    phone.does({ kind: 'subscription-lost' });
    expect(boardMood(phone.board)).toBe('unknown');
  });
});

describe('versions', () => {
  it.each(['full', 'partial'] as const)(
    'that go backwards or stand still freeze the list: %s',
    (scope) => {
      for (const version of [1, 0]) {
        const phone = synced(report('a'));
        expect(phone.hears(scope, [], 1, version)).toEqual([{ kind: 'resubscribe', why: 'gap' }]);
        expect(phone.ids).toEqual(['a']);
        expect(boardMood(phone.board)).toBe('unknown');
      }
    },
  );

  it('with a gap before a partial state freeze the list and ask for it anew', () => {
    const phone = synced(report('a'));
    expect(phone.hears('partial', [report('b')], 1, 3)).toEqual([
      { kind: 'resubscribe', why: 'gap' },
    ]);
    expect(phone.ids).toEqual(['a']);
    expect(boardMood(phone.board)).toBe('unknown');
    expect(phone.hears('partial', [report('b')], 1, 4)).toEqual([
      { kind: 'resubscribe', why: 'gap' },
    ]);
  });

  it('with a gap before a full state do no harm', () => {
    const phone = synced(report('a'));
    phone.hears('full', [report('b')], 1, 9);
    expect(waitingCards(phone.board).map((card) => card.id)).toEqual(['b']);
  });

  it('start anew with a new subscription', () => {
    const phone = new Phone();
    phone.hears('full', [report('a')], 0, 40);
    phone.does({ kind: 'subscribed' });
    phone.hears('full', [report('a'), report('b', parkedAt(5))], 6, 0);
    expect(phone.ids).toEqual(['a', 'b']);
    expect(boardMood(phone.board)).toBe('parked');
  });

  it('mean nothing in a body that cannot be read', () => {
    const phone = synced(report('a'));
    expect(phone.does({ kind: 'unreadable' })).toEqual([
      { kind: 'resubscribe', why: 'unreadable' },
    ]);
    expect(boardMood(phone.board)).toBe('unknown');
  });
});

describe('a card', () => {
  it('counts waiting and recall by differences on the server’s clock only', () => {
    const phone = new Phone();
    const times = { now: server(30), parkedAt: server(10), recallAt: server(310) };
    phone.hears('full', [report('a', { times })], 0);
    const card = phone.board.cards[0];
    if (card === undefined) throw new Error('no card');
    expect(waitedSeconds(card, at(0))).toBe(20);
    expect(waitedSeconds(card, at(5))).toBe(25);
    expect(secondsToRecall(card, at(0))).toBe(280);
    expect(secondsToRecall(card, at(0.5))).toBe(280);
    expect(secondsToRecall(card, at(400))).toBe(0);
  });

  it('has no countdown while the parker rings, and a fresh one after a snooze', () => {
    const phone = synced(report('a'));
    const ringing = { now: server(300), parkedAt: server(0), recallAt: null };
    phone.hears('partial', [report('a', { times: ringing, state: { kind: 'recalling' } })], 300);
    expect(phone.board.cards[0]).toMatchObject({ recallDueAt: null, state: { kind: 'recalling' } });
    const snoozed = { now: server(301), parkedAt: server(0), recallAt: server(601) };
    phone.hears('partial', [report('a', { times: snoozed })], 301);
    expect(phone.board.cards[0]?.recallDueAt).toBe(at(601));
    expect(phone.board.cards[0]?.waitingSince).toBe(at(0));
  });

  it('stays the very same when it is told again, however long the word was under way', () => {
    const phone = synced(report('a'), report('b'));
    const before = phone.board.cards;
    const times = { now: server(60), parkedAt: server(0), recallAt: server(300) };
    phone.hears('full', [report('a', { times }), report('b', { times, note: 'waits' })], 60.2);
    expect(phone.board.cards[0]).toBe(before[0]);
    expect(phone.board.cards[1]).toMatchObject({ id: 'b', note: 'waits' });
  });

  it('is in the list oldest first, whatever the order of the reports', () => {
    const phone = new Phone();
    const times = (parked: number) => ({
      times: { now: server(60), parkedAt: server(parked), recallAt: null },
    });
    phone.hears(
      'full',
      [report('b', times(20)), report('a', times(10)), report('c', times(30))],
      60,
    );
    expect(phone.ids).toEqual(['a', 'b', 'c']);
  });

  it('keeps its number for life, and gives it back at the end', () => {
    const phone = synced(report('a'), report('b', parkedAt(1)));
    const numbers = () => Object.fromEntries(phone.board.cards.map((c) => [c.id, c.number]));
    expect(numbers()).toEqual({ a: 1, b: 2 });
    phone.hears(
      'partial',
      [report('a', over({ kind: 'caller-gone' })), report('c', parkedAt(2))],
      2,
    );
    expect(numbers()).toEqual({ a: 1, b: 2, c: 3 });
    phone.does({ kind: 'tick' }, 5);
    expect(numbers()).toEqual({ b: 2, c: 3 });
    phone.hears('partial', [report('d', parkedAt(6))], 6);
    expect(numbers()).toEqual({ b: 2, c: 3, d: 1 });
  });

  it('without a number gets the first one that is free', () => {
    const all = Array.from({ length: 10 }, (_, n) => report(`card-${n}`, parkedAt(n)));
    const phone = synced(...all);
    expect(phone.board.cards[9]?.number).toBeNull();
    phone.hears('partial', [report('card-4', over({ kind: 'lost' }))], 20);
    phone.does({ kind: 'tick' }, 23);
    expect(phone.board.cards.find((card) => card.id === 'card-9')?.number).toBe(5);
  });

  it('says why it is mine', () => {
    const phone = synced(
      report('a'),
      report('b', { slot: '103', parker: { extension: '102', name: 'Alice' } }),
      report('c', { slot: '103', group: 'Support' }),
      report('d', { slot: '701', group: null, parker: null }),
    );
    expect(phone.board.cards.map((card) => scopeOf(card, '102'))).toEqual([
      'own',
      'parked-by-me',
      'group',
      'unsaid',
    ]);
  });
});

describe('an ended card', () => {
  it('stays in its place for three seconds and says who took it', () => {
    const phone = synced(report('a'), report('b', parkedAt(1)));
    const how = { kind: 'retrieved', by: 'Carol' } as const;
    const effects = phone.hears('partial', [report('a', over(how))], 10);
    expect(effects).toEqual([
      { kind: 'withdraw', id: 'a' },
      { kind: 'announce-ended', id: 'a', how },
    ]);
    expect(phone.ids).toEqual(['a', 'b']);
    expect(waitingCards(phone.board).map((card) => card.id)).toEqual(['b']);
    expect(nextBoardTick(phone.board)).toBe(at(13));
    phone.does({ kind: 'tick' }, 12.9);
    expect(phone.ids).toEqual(['a', 'b']);
    phone.does({ kind: 'tick' }, 13);
    expect(phone.ids).toEqual(['b']);
    expect(nextBoardTick(phone.board)).toBeNull();
  });

  it('is not kept longer because its end is told twice', () => {
    const phone = synced(report('a'));
    phone.hears('partial', [report('a', over({ kind: 'caller-gone' }))], 10);
    expect(phone.hears('full', [report('a', over({ kind: 'unknown' }))], 12)).toEqual([]);
    expect(phone.board.cards[0]?.state).toEqual({
      kind: 'ended',
      how: { kind: 'caller-gone' },
      at: at(10),
    });
  });

  it('comes of a full state that does not name it any more', () => {
    const phone = synced(report('a'));
    phone.hears('full', [], 1);
    expect(phone.board.cards[0]?.state).toMatchObject({ kind: 'ended', how: { kind: 'unknown' } });
    expect(boardMood(phone.board)).toBe('empty');
  });

  it('that was never seen alive is not shown', () => {
    const phone = synced();
    expect(phone.hears('partial', [report('x', over({ kind: 'lost' }))], 1)).toEqual([]);
    expect(phone.ids).toEqual([]);
  });
});

describe('the alert', () => {
  const alerts = (effects: readonly BoardEffect[]) =>
    effects.flatMap((effect) => (effect.kind === 'alert' ? [effect.card.id] : []));

  it('comes for a newly parked call, once', () => {
    const phone = synced();
    expect(alerts(phone.hears('partial', [report('a')], 1))).toEqual(['a']);
    expect(alerts(phone.hears('partial', [report('a')], 2))).toEqual([]);
  });

  it('does not come for what waited before the phone was started', () => {
    expect(alerts(new Phone().hears('full', [report('a')]))).toEqual([]);
  });

  it('does not come for what I parked myself, unless the server wants that', () => {
    const phone = synced();
    const mine = { slot: '103', parker: { extension: '102', name: 'Alice' } };
    expect(alerts(phone.hears('partial', [report('a', mine)], 1))).toEqual([]);
    const wanted = { ...mine, alertsParker: true };
    expect(alerts(phone.hears('partial', [report('b', wanted)], 2))).toEqual(['b']);
  });

  it('comes after a reconnect for what was parked meanwhile, and only for that', () => {
    const phone = synced(report('a'));
    phone.does({ kind: 'subscription-lost' }, 1);
    phone.does({ kind: 'subscribed' }, 9);
    const both = [report('a'), report('b', parkedAt(5))];
    expect(alerts(phone.hears('full', both, 10, 0))).toEqual(['b']);
  });
});

describe('a press', () => {
  const press = (id: string) => ({ kind: 'retrieve-pressed', id }) as const;

  it('retrieves exactly the call it was made on', () => {
    const phone = synced(report('a'), report('b', parkedAt(1)));
    expect(phone.does(press('b'))).toEqual([
      { kind: 'retrieve', id: 'b', target: 'sip:*88102@pbx.test;park-id=b' },
    ]);
  });

  it('is ignored while another retrieve is under way, and works again after it', () => {
    const phone = synced(report('a'), report('b', parkedAt(1)));
    phone.does(press('a'));
    expect(phone.does(press('a'))).toEqual([]);
    expect(phone.does(press('b'))).toEqual([]);
    phone.does({ kind: 'retrieve-succeeded', id: 'a' });
    expect(phone.does(press('b'))).toHaveLength(1);
  });

  it('on a card that has just ended takes nobody else and says who took it', () => {
    const phone = synced(report('a'), report('b', parkedAt(1)));
    phone.hears('partial', [report('a', over({ kind: 'retrieved', by: 'Carol' }))], 2);
    expect(phone.does(press('a'), 3)).toEqual([
      { kind: 'say', id: 'a', problem: { kind: 'gone', how: { kind: 'retrieved', by: 'Carol' } } },
    ]);
    expect(phone.board.retrieving).toBeNull();
  });

  it('of the shortcut takes the oldest that still waits', () => {
    const phone = synced(report('a'), report('b', parkedAt(1)));
    phone.hears('partial', [report('a', over({ kind: 'caller-gone' }))], 2);
    expect(phone.does({ kind: 'retrieve-oldest-pressed' }, 3)).toMatchObject([
      { kind: 'retrieve', id: 'b' },
    ]);
    const empty = synced();
    expect(empty.does({ kind: 'retrieve-oldest-pressed' })).toEqual([]);
  });

  it('that fails says the name that the list knows', () => {
    const phone = synced(report('a'));
    phone.does(press('a'));
    phone.hears('partial', [report('a', over({ kind: 'retrieved', by: 'Carol' }))], 1);
    const problem = { kind: 'gone', how: { kind: 'retrieved', by: '103' } } as const;
    expect(phone.does({ kind: 'retrieve-failed', id: 'a', problem }, 1)).toEqual([
      { kind: 'say', id: 'a', problem: { kind: 'gone', how: { kind: 'retrieved', by: 'Carol' } } },
    ]);
    expect(phone.board.retrieving).toBeNull();
  });
});
