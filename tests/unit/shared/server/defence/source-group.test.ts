import { describe, expect, it } from 'vitest';
import { sourceGroup } from '../../../../../shared/server/defence/source-group.ts';

describe('one sender', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::9]', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('is for %s %s', (address, group) => {
    expect(sourceGroup(address)).toBe(group);
  });

  it('is the same all over a /64 and another in the next', () => {
    const group = sourceGroup('2001:db8:1:2::1');
    expect(sourceGroup('2001:db8:1:2:ffff:ffff:ffff:ffff')).toBe(group);
    expect(sourceGroup('2001:db8:1:3::1')).not.toBe(group);
  });
});
