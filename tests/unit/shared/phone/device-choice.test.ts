import { describe, expect, it } from 'vitest';
import { deviceNews, deviceToUse, rememberChoice } from '../../../../shared/phone/device-choice.ts';

const [headset, desk, laptop] = ['headset', 'desk', 'laptop'].map((id) => ({ id, label: id })) as [
  { id: string; label: string },
  { id: string; label: string },
  { id: string; label: string },
];

describe('a device that was chosen', () => {
  it.each([
    ['headset', [headset, laptop], 'headset'],
    ['headset', [laptop, desk], 'desk'],
    ['headset', [laptop], null],
    [null, [headset], null],
  ])('%s, with %j there, means %s', (chosen, present, used) => {
    expect(deviceToUse(chosen, [headset, desk], present)).toBe(used);
  });

  it('is the first of those remembered, once', () => {
    expect(rememberChoice([desk, headset], headset)).toEqual([headset, desk]);
    const many = Array.from({ length: 9 }, (_, n) => ({ id: String(n), label: '' }));
    expect(many.reduce(rememberChoice, rememberChoice([], desk))).toHaveLength(5);
  });

  it('is said to be gone, or back, and nothing when nothing changed', () => {
    expect(deviceNews('headset', 'headset', desk)).toEqual({ change: 'gone', device: desk });
    expect(deviceNews('headset', 'headset', null)).toEqual({ change: 'gone', device: null });
    expect(deviceNews('headset', 'desk', headset)).toEqual({ change: 'back', device: headset });
    expect(deviceNews('headset', 'desk', desk)).toBeNull();
  });
});
