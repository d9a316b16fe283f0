import { expect, test } from 'vitest';
import { missingFrom } from '../../../build/setup/debian-packages.ts';

test('a package that dpkg does not know, or knows as removed, is missing', () => {
  const list =
    'xvfb installed\nopenbox config-files\ndpkg-query: no packages found matching dunst\n';
  expect(missingFrom(['xvfb', 'openbox', 'dunst'], list)).toEqual(['openbox', 'dunst']);
});

test('of alternatives one is enough, and the first is asked for when none is there', () => {
  const wanted = [['libasound2', 'libasound2t64']];
  expect(missingFrom(wanted, 'libasound2t64 installed\n')).toEqual([]);
  expect(missingFrom(wanted, '')).toEqual(['libasound2']);
});
