import { expect, test } from 'vitest';
import { parseCommandLine } from '../../../electron/command-line.ts';

test('nothing given is the default profile with a window and a real microphone', () => {
  expect(parseCommandLine([])).toEqual({
    profile: 'default',
    signInFile: null,
    microphone: 'device',
    secondary: false,
    minimised: false,
    selfTest: false,
    link: null,
    command: null,
  });
});

test('both spellings of an option are read', () => {
  expect(parseCommandLine(['--profile', '101']).profile).toBe('101');
  expect(parseCommandLine(['--profile=101']).profile).toBe('101');
});

test('a profile that is no folder name is not taken', () => {
  for (const name of ['../other', 'a/b', '', 'x'.repeat(41)]) {
    expect(parseCommandLine(['--profile', name]).profile).toBe('default');
  }
});

test('a link among Chromium’s own switches is found', () => {
  const options = parseCommandLine(['--ozone-platform=x11', '--secondary', 'tel:+38612345678']);
  expect(options).toMatchObject({ secondary: true, link: 'tel:+38612345678' });
});

test('what stands behind --command belongs to parkline-phone alone', () => {
  const options = parseCommandLine(['--command', 'call', 'tel:103', '--profile', '101']);
  expect(options.command).toEqual(['call', 'tel:103', '--profile', '101']);
  expect(options).toMatchObject({ profile: 'default', link: null });
});
