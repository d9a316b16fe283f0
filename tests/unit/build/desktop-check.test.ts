import { describe, expect, test } from 'vitest';
import { checkSurroundings, explainFailure } from '../../../build/demo/desktop-check.ts';

const desktop = { platform: 'linux', isRoot: false, env: { DISPLAY: ':0' } } as const;

describe('whether phones can be opened here', () => {
  test('an ordinary user with a display is ready', () => {
    expect(checkSurroundings(desktop)).toEqual({ kind: 'ready' });
    expect(checkSurroundings({ ...desktop, env: { WAYLAND_DISPLAY: 'wayland-0' } })).toEqual({
      kind: 'ready',
    });
    expect(checkSurroundings({ platform: 'darwin', isRoot: false, env: {} })).toEqual({
      kind: 'ready',
    });
  });

  test('no display, and root, are said with a command that mends them', () => {
    expect(checkSurroundings({ ...desktop, env: {} })).toMatchObject({
      kind: 'impossible',
      reason: 'there is no display here',
    });
    const root = checkSurroundings({ ...desktop, isRoot: true });
    expect(root).toMatchObject({ kind: 'impossible' });
    expect(JSON.stringify(root)).not.toContain('--no-sandbox');
  });

  test.each([
    ['error while loading shared libraries: libgbm.so.1: cannot open', 'libgbm.so.1', 'apt-get'],
    [
      'The SUID sandbox helper binary was found, but is not configured correctly.',
      'sandbox',
      'chmod 4755',
    ],
    ['[1:1/FATAL] No usable sandbox!', 'sandbox', 'chmod 4755'],
    ['Missing X server or $DISPLAY', 'display', 'DISPLAY'],
    ['something else entirely', 'something else entirely', '--self-test'],
  ])('%s is explained', (printed, reason, mend) => {
    const check = explainFailure('/app/parkline', printed);
    if (check.kind !== 'impossible') throw new Error('a failure was taken for success');
    expect(check.reason).toContain(reason);
    expect(check.mend).toContain(mend);
    expect(check.mend).not.toContain('--no-sandbox');
  });
});
