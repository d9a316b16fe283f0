import { beforeEach, describe, expect, it } from 'vitest';
import { epochMs } from '../../../../shared/domain/ids.ts';
import { foldBoard, newBoard } from '../../../../shared/phone/park-board.ts';
import {
  foldSlot,
  forgetSlots,
  newSlotTable,
  type SlotEvent,
  type SlotNews,
  type SlotTable,
} from '../../../../shared/phone/park-slots.ts';
import { asteriskSlot } from '../../../fakes/pbx-documents.ts';

let table: SlotTable;
let ids: number;

beforeEach(() => {
  table = newSlotTable(['701', '702']);
  ids = 0;
});

function say(slot: string, event: SlotEvent): SlotNews & { gap: boolean } {
  const newId = () => `park-${(ids += 1)}`;
  const step = foldSlot(table, { slot, event, newId });
  table = step.table;
  return { ...step.news, gap: step.gap };
}
const document = (slot: string, version: number, state: 'free' | 'taken'): SlotEvent => ({
  kind: 'document',
  body: asteriskSlot(slot, version, state),
});
const parked = (news: SlotNews) =>
  news.kind === 'notify' ? news.notify.reports.map(({ slot, id }) => `${slot} ${id}`) : news.kind;

describe('the slots of a parking lot as one list', () => {
  it('are unknown until every slot has spoken, then a list', () => {
    expect(parked(say('701', document('701', 0, 'taken')))).toBe('lost');
    expect(parked(say('702', document('702', 0, 'free')))).toEqual(['701 park-1']);
  });

  it('dial the slot to retrieve, and name nobody', () => {
    say('702', document('702', 0, 'free'));
    const news = say('701', document('701', 0, 'taken'));
    if (news.kind !== 'notify') throw new Error(news.kind);
    expect(news.notify.reports[0]).toMatchObject({ retrieveTarget: '701', caller: null });
  });

  it('give the next call in the same slot another id, though the dialog is called the same', () => {
    say('702', document('702', 0, 'free'));
    say('701', document('701', 0, 'taken'));
    expect(parked(say('701', document('701', 1, 'free')))).toEqual([]);
    expect(parked(say('701', document('701', 2, 'taken')))).toEqual(['701 park-2']);
  });

  it('keep the id over a connection that was lost while the call waited', () => {
    say('702', document('702', 0, 'free'));
    say('701', document('701', 7, 'taken'));
    table = forgetSlots(table);
    say('701', { kind: 'subscribed' });
    expect(parked(say('702', document('702', 0, 'free')))).toBe('lost');
    expect(parked(say('701', document('701', 0, 'taken')))).toEqual(['701 park-1']);
  });

  it('count anew with each subscription and pass older documents over', () => {
    say('702', document('702', 0, 'free'));
    say('701', document('701', 5, 'taken'));
    expect(say('701', document('701', 4, 'free')).kind).toBe('nothing');
    say('701', { kind: 'subscribed' });
    expect(parked(say('701', document('701', 0, 'free')))).toEqual([]);
  });

  it('leave out a slot that is not there, and say so when none is', () => {
    say('702', { kind: 'unsupported' });
    expect(parked(say('701', document('701', 0, 'taken')))).toEqual(['701 park-1']);
    expect(say('701', { kind: 'unsupported' }).kind).toBe('unsupported');
  });

  it('are unknown, never empty, after what cannot be read', () => {
    say('702', document('702', 0, 'free'));
    say('701', document('701', 0, 'taken'));
    const news = say('701', { kind: 'document', body: '<dialog-info' });
    expect(news).toEqual({ kind: 'lost', gap: true });
  });

  it('make cards on the board as any list does', () => {
    say('702', document('702', 0, 'free'));
    const news = say('701', document('701', 0, 'taken'));
    if (news.kind !== 'notify') throw new Error(news.kind);
    const { board } = foldBoard(
      newBoard('101'),
      { kind: 'notified', notify: news.notify },
      epochMs(1000),
    );
    expect(board.cards).toMatchObject([{ slot: '701', retrieveTarget: '701' }]);
  });
});
