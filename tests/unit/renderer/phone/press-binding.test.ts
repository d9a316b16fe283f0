import { describe, expect, it } from 'vitest';
import { PressBinding } from '../../../../renderer/phone/features/park/press-binding.ts';

describe('whose call a press retrieves', () => {
  it('is the one under the pointer when it went down, whatever is there when it comes up', () => {
    const binding = new PressBinding();
    binding.down(1, 'first');
    expect(binding.click('second', true)).toBe('first');
  });

  it('is nobody’s when the pointer went down beside a button', () => {
    const binding = new PressBinding();
    binding.down(1, null);
    expect(binding.click('second', true)).toBeNull();
  });

  it('is nobody’s after the press was called off', () => {
    const binding = new PressBinding();
    binding.down(1, 'first');
    binding.cancel(1);
    expect(binding.click('first', true)).toBeNull();
  });

  it('serves for one click', () => {
    const binding = new PressBinding();
    binding.down(1, 'first');
    binding.click('first', true);
    expect(binding.click('second', true)).toBeNull();
  });

  it('of a key, which has no pointer, is the one that has the focus', () => {
    expect(new PressBinding().click('focused', false)).toBe('focused');
  });
});
