import { describe, expect, it } from 'vitest';
import { livesOf } from '../../../../shared/phone/park-lives.ts';

const step = (parkId: string, at: number, kind: string) => ({ parkId, at, kind });

describe('the journal told as lives', () => {
  it('puts the steps of each call in their order, and the call with the latest news first', () => {
    const lives = livesOf([
      step('b', 50, 'retrieved'),
      step('a', 40, 'recalled'),
      step('b', 30, 'parked'),
      step('a', 10, 'parked'),
    ]);
    expect(lives.map(({ parkId, last }) => [parkId, last.kind])).toEqual([
      ['b', 'retrieved'],
      ['a', 'recalled'],
    ]);
    expect(lives[1]?.steps.map(({ kind }) => kind)).toEqual(['parked', 'recalled']);
  });

  it('keeps the order of two steps in one millisecond', () => {
    const [life] = livesOf([step('a', 10, 'abandoned'), step('a', 10, 'parked')]);
    expect(life?.last.kind).toBe('abandoned');
  });

  it('is empty for an empty journal', () => {
    expect(livesOf([])).toEqual([]);
  });
});
