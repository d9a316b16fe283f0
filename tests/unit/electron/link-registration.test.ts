import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  CALL_SCHEMES,
  desktopFileLinks,
  nativeLinks,
  noLinks,
  SIGN_IN_SCHEMES,
} from '../../../electron/system/link-registration.ts';
import type { ProtocolApp } from '../../../electron/system/link-registration.ts';
import { defaultsIn, withDefaults } from '../../../electron/system/mime-defaults.ts';

function desktop(before = '') {
  const folder = mkdtempSync(join(tmpdir(), 'link-registration-'));
  const mimeApps = join(folder, 'config', 'mimeapps.list');
  const applications = join(folder, 'applications');
  const links = desktopFileLinks({
    applications,
    mimeApps,
    executable: '/opt/Parkline 1/parkline',
    args: ['--profile', 'office'],
    name: 'parkline-links-office',
  });
  if (before !== '') {
    links.write({ calls: true, signIn: false });
    writeFileSync(mimeApps, before);
  }
  return { links, mimeApps, file: join(applications, 'parkline-links-office.desktop') };
}

const OTHERS = `[Added Associations]
x-scheme-handler/tel=old.desktop;
[Default Applications]
text/html=browser.desktop
# mine
x-scheme-handler/tel=old.desktop;older.desktop;

[Removed Associations]
x-scheme-handler/sip=bad.desktop;
`;

describe('on Linux', () => {
  test('a desktop file and the list of defaults say who opens what', () => {
    const { links, mimeApps, file } = desktop();
    expect(links.read()).toEqual({ calls: false, signIn: false });
    links.write({ calls: true, signIn: false });
    expect(links.read()).toEqual({ calls: true, signIn: false });
    const entry = readFileSync(file, 'utf8');
    expect(entry).toContain('Exec="/opt/Parkline 1/parkline" "--profile" "office" %u\n');
    expect(entry).toContain(
      'MimeType=x-scheme-handler/tel;x-scheme-handler/callto;x-scheme-handler/sip;x-scheme-handler/sips;\n',
    );
    expect(readFileSync(mimeApps, 'utf8')).toMatch(/^\[Default Applications\]\n/);
    links.write({ calls: true, signIn: true });
    expect(links.read()).toEqual({ calls: true, signIn: true });
    links.write({ calls: false, signIn: false });
    expect(links.read()).toEqual({ calls: false, signIn: false });
    expect(existsSync(file)).toBe(false);
  });

  test('what belongs to others stays, and who was first before comes second and is first again', () => {
    const { links, mimeApps } = desktop(OTHERS);
    links.write({ calls: true, signIn: false });
    const text = readFileSync(mimeApps, 'utf8');
    expect(defaultsIn(text).get('x-scheme-handler/tel')).toEqual([
      'parkline-links-office.desktop',
      'old.desktop',
      'older.desktop',
    ]);
    for (const line of ['text/html=browser.desktop', '# mine', '[Added Associations]']) {
      expect(text).toContain(`${line}\n`);
    }
    expect(text).toContain('[Removed Associations]\nx-scheme-handler/sip=bad.desktop;\n');
    links.write({ calls: false, signIn: false });
    expect(defaultsIn(readFileSync(mimeApps, 'utf8')).get('x-scheme-handler/tel')).toEqual([
      'old.desktop',
      'older.desktop',
    ]);
  });

  test('taking back what was never taken changes nothing', () => {
    expect(withDefaults(OTHERS, { id: 'x.desktop', add: [], remove: ['text/x'] })).toBe(OTHERS);
    expect(withDefaults('', { id: 'x.desktop', add: [], remove: ['text/x'] })).toBe('');
  });

  test('a list without an end of line is not torn', () => {
    const after = withDefaults('[Added Associations]', {
      id: 'x.desktop',
      add: ['a/b'],
      remove: [],
    });
    expect(after).toBe('[Added Associations]\n[Default Applications]\na/b=x.desktop;\n');
  });
});

describe('on macOS and Windows', () => {
  test('Electron is asked for each scheme, with the words that choose the profile', () => {
    const mine = new Set<string>();
    const app: ProtocolApp = {
      isDefaultProtocolClient: (scheme, path, args) => mine.has([scheme, path, ...args].join(' ')),
      setAsDefaultProtocolClient: (scheme, path, args) => {
        mine.add([scheme, path, ...args].join(' '));
        return true;
      },
      removeAsDefaultProtocolClient: (scheme, path, args) =>
        mine.delete([scheme, path, ...args].join(' ')),
    };
    const links = nativeLinks(app, 'C:\\Parkline.exe', ['--profile', 'office']);
    links.write({ calls: true, signIn: false });
    expect(links.read()).toEqual({ calls: true, signIn: false });
    expect([...mine]).toEqual(
      CALL_SCHEMES.map((each) => `${each} C:\\Parkline.exe --profile office`),
    );
    links.write({ calls: false, signIn: true });
    expect(links.read()).toEqual({ calls: false, signIn: true });
    expect(mine.size).toBe(SIGN_IN_SCHEMES.length);
  });
});

test('a second profile of a demonstration takes nothing', () => {
  noLinks.write({ calls: true, signIn: true });
  expect(noLinks.read()).toEqual({ calls: false, signIn: false });
});
