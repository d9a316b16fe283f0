import { describe, expect, it } from 'vitest';
import { ReadParams, paramNameAt } from '../../../../../shared/sip/message/params.ts';

function many(count: number): ReadParams {
  const params = new ReadParams('n0', '0');
  for (let n = 1; n < count; n += 1) params.add(`n${n}`, String(n));
  return params;
}

describe('parameters that were read', () => {
  it.each([1, 8, 9, 1_000])('%s of them: each is found, and none that is not there', (count) => {
    const params = many(count);
    expect(params.get(`n${count - 1}`)).toBe(String(count - 1));
    expect(params.has('other')).toBe(false);
    expect(params.size).toBe(count);
    expect([...params]).toHaveLength(count);
  });

  it.each([2, 20])('the first of two equal names counts, of %s', (count) => {
    const params = many(count);
    params.add('n0', 'late');
    expect(params.get('n0')).toBe('0');
    expect(params.size).toBe(count);
    expect(new Map(params).get('n0')).toBe('0');
  });

  it('a parameter without a value is there', () => {
    const params = new ReadParams('lr', null);
    expect(params.has('lr')).toBe(true);
    expect(params.get('lr')).toBeNull();
  });

  it('names are compared without case, known ones and others, and only as a whole', () => {
    const text = ';TAG=a;Branch=b;X-Own=c;tagged';
    expect(paramNameAt(text, 1, 4)).toBe('tag');
    expect(paramNameAt(text, 7, 13)).toBe('branch');
    expect(paramNameAt(text, 16, 21)).toBe('x-own');
    expect(paramNameAt(text, 24, 30)).toBe('tagged');
  });
});
