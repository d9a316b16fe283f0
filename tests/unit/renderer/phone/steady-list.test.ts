import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  focusHeir,
  steadyPlaces,
  type Place,
} from '../../../../renderer/phone/features/park/steady-list.ts';

const cards = (...ids: string[]): Place[] => ids.map((id) => ({ kind: 'card', id }));

describe('a list that holds still under the pointer', () => {
  it('follows the cards when nothing is pointed at', () => {
    expect(steadyPlaces(cards('a', 'b'), ['b', 'c'], null)).toEqual(cards('b', 'c'));
  });

  it('leaves a gap for a card above the one that is pointed at', () => {
    const places = steadyPlaces(cards('a', 'b', 'c'), ['b', 'c'], 'b');
    expect(places).toEqual([{ kind: 'gap', id: 'a' }, ...cards('b', 'c')]);
  });

  it('lets cards below go and come', () => {
    expect(steadyPlaces(cards('a', 'b', 'c'), ['a', 'b', 'd'], 'b')).toEqual(cards('a', 'b', 'd'));
  });

  it('puts a card that is older than what is pointed at below it', () => {
    expect(steadyPlaces(cards('b', 'c'), ['a', 'b', 'c'], 'c')).toEqual(cards('b', 'c', 'a'));
  });

  it('keeps the place of the very card that is pointed at when it leaves', () => {
    expect(steadyPlaces(cards('a', 'b'), ['b'], 'a')).toEqual([
      { kind: 'gap', id: 'a' },
      ...cards('b'),
    ]);
  });

  it('never moves the card pointed at nor one above it, whatever comes and goes', () => {
    const ids = fc.uniqueArray(fc.constantFrom(...'abcdefghij'), { minLength: 1 });
    fc.assert(
      fc.property(ids, fc.array(ids, { maxLength: 8 }), fc.nat(), (start, changes, pick) => {
        const anchor = start[pick % start.length] ?? 'a';
        let shown: readonly Place[] = cards(...start);
        const before = shown.slice(0, start.indexOf(anchor) + 1).map(({ id }) => id);
        for (const next of changes) {
          shown = steadyPlaces(shown, next, anchor);
          expect(shown.slice(0, before.length).map(({ id }) => id)).toEqual(before);
          const live = shown.filter(({ kind }) => kind === 'card').map(({ id }) => id);
          expect([...live].sort()).toEqual([...next].sort());
        }
      }),
    );
  });
});

describe('the heir of a focus whose card has left', () => {
  it('is the next card, else the one before, else nobody', () => {
    expect(focusHeir(['a', 'b', 'c'], ['a', 'c'], 'b')).toBe('c');
    expect(focusHeir(['a', 'b'], ['a'], 'b')).toBe('a');
    expect(focusHeir(['a'], [], 'a')).toBeNull();
  });
});
