import { beforeEach, describe, expect, it } from 'vitest';
import { Lately } from '../../../../../shared/server/defence/lately.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';

let clock: FakeClock;
let lately: Lately;

beforeEach(() => {
  clock = new FakeClock();
  lately = new Lately(clock, 1_000, 3);
});

describe('who did something lately', () => {
  it('is known for as long as was asked for, from the last time on', () => {
    lately.note('101');
    clock.advance(900);
    lately.note('101');
    clock.advance(1_000);
    expect(lately.has('101')).toBe(true);
    clock.advance(1);
    expect(lately.has('101')).toBe(false);
  });

  it('is known at that place alone', () => {
    lately.note('101', 'here');
    expect(lately.has('101', 'here')).toBe(true);
    expect(lately.has('101', 'there')).toBe(false);
    expect(lately.has('102', 'here')).toBe(false);
    expect(lately.has('101')).toBe(false);
  });

  it('is forgotten for a new one when there are too many: at the place silent longest, the one silent longest', () => {
    for (const name of ['101', '102']) lately.note(name, 'here');
    clock.advance(10);
    lately.note('101', 'there');
    lately.note('101', 'here');
    clock.advance(10);
    lately.note('103', 'elsewhere');
    const known = ['101 here', '102 here', '101 there', '103 elsewhere'].filter((each) => {
      const [name = '', place = ''] = each.split(' ');
      return lately.has(name, place);
    });
    // The place silent longest loses a name, though another place has one that is older.
    expect(known).toEqual(['101 here', '102 here', '103 elsewhere']);
  });

  it('makes room by being forgotten', () => {
    for (const name of ['101', '102', '103']) lately.note(name);
    clock.advance(1_001);
    for (const name of ['101', '102', '103']) expect(lately.has(name)).toBe(false);
    for (const name of ['104', '105', '106']) lately.note(name);
    for (const name of ['104', '105', '106']) expect(lately.has(name)).toBe(true);
    lately.note('107');
    expect(lately.has('104')).toBe(false);
    expect(lately.has('105')).toBe(true);
  });

  it('is not forgotten for those of another place that are over, though nobody asks for them', () => {
    lately = new Lately(clock, 1_000, 32);
    lately.note('101', 'busy');
    clock.advance(1_001);
    const places = Array.from({ length: 31 }, (_, n) => `place ${n}`);
    for (const place of places) lately.note('102', place);
    lately.note('103', 'busy');
    expect(places.filter((place) => lately.has('102', place))).toEqual(places);
    expect(lately.has('103', 'busy')).toBe(true);
  });

  it('is not forgotten for a place that has many: it makes room for its own', () => {
    lately.note('101', 'there');
    for (const name of ['101', '102', '103', '104']) lately.note(name, 'busy');
    expect(lately.has('101', 'there')).toBe(true);
    expect(lately.has('102', 'busy')).toBe(false);
    expect(lately.has('104', 'busy')).toBe(true);
  });
});
