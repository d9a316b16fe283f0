import { expect, it } from 'vitest';
import { csvField, journalCsvLine } from '../../../../../shared/server/admin/journal-csv.ts';

it.each([
  ['Alice', 'Alice'],
  ['', ''],
  ['003386002678', '003386002678'],
  ['+3386002678', "'+3386002678"],
  ['=1+1', "'=1+1"],
  ['-2', "'-2"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\r\nlines', '"two\r\nlines"'],
  ['\r=1', `"'\r=1"`],
])('%j stands in a file as %j', (text, field) => {
  expect(csvField(text)).toBe(field);
});

it('says nothing of a caller who asked for privacy', () => {
  const line = journalCsvLine({
    id: 1,
    at: 0,
    parkId: 'p',
    kind: 'retrieved',
    slot: '102',
    group: { id: 'g', name: null },
    parker: '101',
    caller: { name: 'Anonymous', number: 'anonymous', anonymous: true },
    by: '103',
    reason: null,
    note: null,
  });
  expect(line).toBe('1970-01-01T00:00:00.000Z,retrieved,102,g,101,anonymous,,103,,,p\r\n');
});
