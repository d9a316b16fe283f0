import { describe, expect, it } from 'vitest';
import { readUserCsv } from '../../../../../shared/server/provisioning/user-csv.ts';

const HEADER = 'extension,password,name';

function users(...lines: readonly string[]) {
  const read = readUserCsv(lines.join('\r\n'));
  return read.ok
    ? read.value.map(({ extension, password, displayName }) => [extension, password, displayName])
    : read.error;
}

describe('a file of users', () => {
  it.each([
    ['plain lines', [HEADER, '101,secret,Bob'], ['101', 'secret', 'Bob']],
    ['a last line without its end', [HEADER, '101,secret,Bob', ''], ['101', 'secret', 'Bob']],
    [
      'columns in any order and case',
      ['Name, PASSWORD ,Extension', 'Bob,secret,101'],
      ['101', 'secret', 'Bob'],
    ],
    ['a byte order mark', [`\uFEFF${HEADER}`, '101,secret,Bob'], ['101', 'secret', 'Bob']],
    [
      'quotes, with commas and quotes in them',
      [HEADER, '101,"a,""b""","Smith, Bob"'],
      ['101', 'a,"b"', 'Smith, Bob'],
    ],
    [
      'blanks around extension and name, not around the password',
      [HEADER, ' 101 , a b , Bob '],
      ['101', ' a b ', 'Bob'],
    ],
    ['no name', [HEADER, '101,secret,'], ['101', 'secret', '']],
  ])('may have %s', (_what, lines, user) => {
    expect(users(...lines)).toEqual([user]);
  });

  it('may have blank lines and ends of lines of any kind', () => {
    const read = readUserCsv(`${HEADER}\n101,a,Bob\n\n102,b,Alice\r\n`);
    expect(read.ok && read.value.map(({ extension }) => extension)).toEqual(['101', '102']);
  });

  it.each([
    ['nothing', [''], 1, 'the file is empty'],
    ['another header', ['number,password,name', '1,2,3'], 1, 'the first line must be'],
    ['a header alone', [HEADER], 2, 'no user below the header'],
    ['a field too many', [HEADER, '101,secret,Bob,x'], 2, '3 fields are needed, there are 4'],
    ['no extension', [HEADER, ',secret,Bob'], 2, 'the extension is missing'],
    ['a word for an extension', [HEADER, 'bob,secret,Bob'], 2, '"bob" is not an extension'],
    ['no password', [HEADER, '101,,Bob'], 2, 'the password is missing'],
    ['a quote that never closes', [HEADER, '101,"secret,Bob'], 2, 'not closed properly'],
    ['text after a quote', [HEADER, '101,"secret"x,Bob'], 2, 'not closed properly'],
    ['one extension twice', [HEADER, '101,a,Bob', '101,b,Rob'], 3, 'on line 2 already'],
  ])('with %s is refused, and says where', (_what, lines, line, message) => {
    expect(users(...lines)).toEqual([{ line, message: expect.stringContaining(message) }]);
  });

  it('names every bad line by where it starts, quoted line breaks counted', () => {
    const lines = [HEADER, 'x,a,Bob', '"101",secret,"Bob\r\nSmith"', ',b,', '102,secret,Alice'];
    expect(users(...lines)).toEqual([
      { line: 2, message: expect.any(String) },
      { line: 3, message: expect.stringContaining('control character') },
      { line: 5, message: expect.any(String) },
    ]);
  });
});
