import { describe, expect, it } from 'vitest';
import { differences, merged } from '../../../../renderer/portal/model/merge.ts';
import { dropped, moved } from '../../../../renderer/portal/model/reorder.ts';

const base = { name: 'Sales', timer: '300', members: ['101'] };
const fields = ['name', 'timer', 'members'] as const;

describe('two versions of the same form', () => {
  it('differ where they differ, and whoever alone changed a field is proposed', () => {
    const mine = { ...base, name: 'Mine', timer: '60' };
    const theirs = { ...base, name: 'Theirs', members: ['101', '102'] };
    expect(differences({ base, mine, theirs }, fields)).toEqual([
      { key: 'name', proposal: null },
      { key: 'timer', proposal: 'mine' },
      { key: 'members', proposal: 'theirs' },
    ]);
  });

  it('do not differ where both changed to the same', () => {
    const both = { ...base, name: 'Same' };
    expect(differences({ base, mine: both, theirs: both }, fields)).toEqual([]);
  });

  it('are merged as chosen; what nobody chose stays theirs', () => {
    const mine = { ...base, name: 'Mine', timer: '60' };
    const theirs = { ...base, name: 'Theirs' };
    expect(merged(mine, theirs, new Map([['name' as const, 'mine' as const]]))).toEqual({
      ...theirs,
      name: 'Mine',
    });
  });
});

describe('the order of members', () => {
  const list = ['a', 'b', 'c', 'd'];
  const drop = (keys: string[], target: string, position: 'before' | 'after') =>
    dropped(list, (entry) => entry, { keys: new Set(keys), target, position }).join('');

  it('changes by one place at a time, not beyond the ends', () => {
    expect(moved(list, 1, -1).join('')).toBe('bacd');
    expect(moved(list, 1, 1).join('')).toBe('acbd');
    expect(moved(list, 0, -1)).toBe(list);
    expect(moved(list, 3, 1)).toBe(list);
  });

  it('changes by dropping before or after another one', () => {
    expect(drop(['d'], 'a', 'before')).toBe('dabc');
    expect(drop(['a'], 'c', 'after')).toBe('bcad');
    expect(drop(['d', 'a'], 'c', 'before')).toBe('badc');
    expect(drop(['a'], 'a', 'after')).toBe('abcd');
    expect(drop(['a'], 'gone', 'after')).toBe('abcd');
  });
});
