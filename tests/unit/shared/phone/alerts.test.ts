import { describe, expect, it } from 'vitest';
import { addMs } from '../../../../shared/domain/ids.ts';
import {
  alertingCards,
  decideChime,
  defaultChimeSettings,
  MOST_NOTIFICATIONS,
  notificationChanges,
  type ChimeScene,
  type NotificationChange,
  type NotificationScene,
} from '../../../../shared/phone/alerts.ts';
import type { Call, CallState } from '../../../../shared/phone/call.ts';
import { newCall } from '../../../../shared/phone/call-flow.ts';
import type { Card } from '../../../../shared/phone/park-card.ts';
import { startOfTest } from '../../../fakes/parked-calls.ts';

const at = (seconds: number) => addMs(startOfTest, seconds * 1000);

function card(id: string, changes: Partial<Card> = {}): Card {
  return {
    id,
    number: 1,
    retrieveTarget: null,
    caller: { name: 'Client', number: '003386002678' },
    slot: '102',
    group: null,
    parker: { extension: '101', name: 'Bob' },
    note: 'wants invoice 4711',
    recallTo: 'parker',
    recallGroup: null,
    alertsParker: false,
    waitingSince: startOfTest,
    recallDueAt: null,
    state: { kind: 'parked' },
    ...changes,
  };
}

const call = (state: CallState): Call => ({ ...newCall('a', startOfTest), state });
const gone = { kind: 'ended', how: { kind: 'caller-gone' }, at: startOfTest } as const;

describe('the park chime', () => {
  const scene = (changes: Partial<ChimeScene> = {}): ChimeScene => ({
    now: at(0),
    waiting: [card('a')],
    calls: [],
    last: null,
    ...changes,
  });
  const decide = (changes: Partial<ChimeScene>) =>
    decideChime(defaultChimeSettings, scene(changes));

  it('sounds for a call that waits, and is silent when nothing waits', () => {
    expect(decide({})).toEqual({ kind: 'play' });
    expect(decide({ waiting: [] })).toEqual({ kind: 'silent' });
  });

  it.each<CallState>([
    { kind: 'active' },
    { kind: 'incoming' },
    { kind: 'dialing' },
    { kind: 'ringing' },
    { kind: 'resuming' },
    {
      kind: 'parking',
      target: { kind: 'park', code: '*68', note: null },
      phase: 'asked',
      refer: 1,
      before: 'active',
    },
  ])('never sounds while a call is %o', (state) => {
    expect(decide({ calls: [call(state)] })).toEqual({ kind: 'silent' });
  });

  it('sounds beside a call on hold and an ended one', () => {
    const ended = { kind: 'ended', at: startOfTest, why: { kind: 'missed' } } as const;
    expect(decide({ calls: [call({ kind: 'held' }), call(ended)] })).toEqual({ kind: 'play' });
  });

  it('repeats at the set interval, and at once for a new call', () => {
    const last = { at: at(0), cards: new Set(['a']) };
    expect(decide({ last, now: at(5) })).toEqual({ kind: 'later', at: at(20) });
    expect(decide({ last, now: at(20) })).toEqual({ kind: 'play' });
    expect(decide({ last, now: at(5), waiting: [card('a'), card('b')] })).toEqual({ kind: 'play' });
  });

  it('sounds once per call when repeating is off, and never when it is off', () => {
    const last = { at: at(0), cards: new Set(['a']) };
    const once = { enabled: true, repeatMs: 0 };
    expect(decideChime(once, scene({ last, now: at(99) }))).toEqual({ kind: 'silent' });
    expect(decideChime({ ...once, enabled: false }, scene())).toEqual({ kind: 'silent' });
  });

  it('is not for what I parked myself or what is over', () => {
    const mine = card('m', { parker: { extension: '102', name: null } });
    expect(alertingCards([card('a'), mine, card('e', { state: gone })], '102')).toEqual([
      card('a'),
    ]);
    const wanted = { ...mine, alertsParker: true };
    expect(alertingCards([wanted], '102')).toEqual([wanted]);
  });
});

describe('the notifications', () => {
  const scene = (changes: Partial<NotificationScene>): NotificationScene => ({
    shown: new Map(),
    alerted: new Set(['a', 'b']),
    cards: [],
    doNotDisturb: false,
    detail: 'full',
    ...changes,
  });
  const shownFrom = (changes: readonly NotificationChange[]) =>
    new Map(
      changes.flatMap((change) =>
        change.kind === 'show' ? [[change.notification.id, change.notification] as const] : [],
      ),
    );
  const shownFor = (...cards: Card[]) => shownFrom(notificationChanges(scene({ cards })));

  it('come for what was alerted, and not for what already waited at the start', () => {
    const changes = notificationChanges(scene({ cards: [card('a'), card('z')] }));
    expect(changes).toEqual([
      {
        kind: 'show',
        notification: {
          id: 'a',
          slot: '102',
          caller: { name: 'Client', number: '003386002678' },
          note: 'wants invoice 4711',
        },
      },
    ]);
  });

  it('are not shown again, but replaced when their words change', () => {
    const shown = shownFor(card('a'));
    expect(notificationChanges(scene({ shown, cards: [card('a')] }))).toEqual([]);
    const renamed = card('a', { caller: { name: 'Dupont', number: '003386002678' } });
    expect(notificationChanges(scene({ shown, cards: [renamed] }))).toMatchObject([
      { kind: 'show', notification: { id: 'a', caller: { name: 'Dupont' } } },
    ]);
  });

  it('are withdrawn when the call is over or out of the list', () => {
    const shown = shownFor(card('a'), card('b'));
    const cards = [card('a', { state: gone })];
    expect(notificationChanges(scene({ shown, cards }))).toEqual([
      { kind: 'withdraw', id: 'a' },
      { kind: 'withdraw', id: 'b' },
    ]);
  });

  it('are no more than so many at once, and room is taken by the next', () => {
    const cards = Array.from({ length: 5_000 }, (_, n) => card(`k${n}`));
    const alerted = new Set(cards.map(({ id }) => id));
    const first = notificationChanges(scene({ cards, alerted }));
    expect(first).toHaveLength(MOST_NOTIFICATIONS);
    const shown = shownFrom(first);
    expect(notificationChanges(scene({ shown, cards, alerted }))).toEqual([]);
    const [oldest, ...rest] = cards;
    expect(notificationChanges(scene({ shown, cards: rest, alerted }))).toMatchObject([
      { kind: 'withdraw', id: oldest?.id },
      { kind: 'show', notification: { id: `k${MOST_NOTIFICATIONS}` } },
    ]);
  });

  it('respect do-not-disturb, and can hide who is calling', () => {
    expect(notificationChanges(scene({ cards: [card('a')], doNotDisturb: true }))).toEqual([]);
    expect(notificationChanges(scene({ cards: [card('a')], detail: 'hidden' }))).toEqual([
      { kind: 'show', notification: { id: 'a', slot: '102', caller: null, note: null } },
    ]);
  });
});
