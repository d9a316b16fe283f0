import { describe, expect, it } from 'vitest';
import { defaultFeatureCodes } from '../../../../shared/domain/feature-code.ts';
import { previewDial } from '../../../../shared/phone/dial-preview.ts';

const names = new Map([
  ['101', 'Bob'],
  ['102', 'Alice'],
]);
const preview = (text: string) => previewDial(text, defaultFeatureCodes, names);

describe('before it is pressed', () => {
  it.each([
    ['', { kind: 'nothing' }],
    ['102', { kind: 'call', number: '102', name: 'Alice' }],
    ['00338 600-2678', { kind: 'call', number: '003386002678', name: null }],
    ['*', { kind: 'unfinished-code' }],
    ['*6', { kind: 'unfinished-code' }],
    ['*68', { kind: 'park-own' }],
    ['*58', { kind: 'park-group' }],
    ['*88', { kind: 'retrieve-own' }],
    [
      '*68102',
      { kind: 'park-extension', extension: '102', target: { kind: 'known', name: 'Alice' } },
    ],
    [
      '*68102#',
      { kind: 'park-extension', extension: '102', target: { kind: 'known', name: 'Alice' } },
    ],
    ['*6810', { kind: 'park-extension', extension: '10', target: { kind: 'incomplete' } }],
    ['*68999', { kind: 'park-extension', extension: '999', target: { kind: 'unknown' } }],
    [
      '*88101',
      { kind: 'retrieve-extension', extension: '101', target: { kind: 'known', name: 'Bob' } },
    ],
    ['*70', { kind: 'call', number: '*70', name: null }],
  ])('%j says what it will do', (text, says) => {
    expect(preview(text)).toEqual(says);
  });

  it('the beginning of a park code that is a plain number is a number, too', () => {
    const codes = { park: '700', parkGroup: '', retrieve: '', snooze: '' };
    const says = (text: string) => previewDial(text, codes, names).kind;
    expect(['70', '700', '7001'].map(says)).toEqual(['call', 'park-own', 'call']);
  });

  it('nothing is claimed about extensions where there is no directory', () => {
    expect(previewDial('*68102', defaultFeatureCodes, null)).toMatchObject({
      target: { kind: 'unchecked' },
    });
  });
});
