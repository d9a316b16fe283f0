import { expect, it } from 'vitest';
import {
  MOST_STREAMS_EACH,
  StreamPlaces,
} from '../../../../../shared/server/admin/stream-places.ts';

it('leaves every admin their own places, however many one takes', () => {
  const places = new StreamPlaces();
  const taken = Array.from({ length: MOST_STREAMS_EACH }, () => {
    expect(places.isFull('ada')).toBe(false);
    return places.take('ada');
  });
  expect([places.isFull('ada'), places.isFull('bob')]).toEqual([true, false]);
  taken[0]?.dispose();
  taken[0]?.dispose();
  expect(places.isFull('ada')).toBe(false);
  places.take('ada');
  expect(places.isFull('ada')).toBe(true);
});
