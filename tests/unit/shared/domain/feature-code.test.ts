import { describe, expect, it } from 'vitest';
import {
  defaultFeatureCodes,
  formatFeatureCode,
  parseFeatureCode,
} from '../../../../shared/domain/feature-code.ts';

const read = (text: string) => parseFeatureCode(text, defaultFeatureCodes);

describe('a feature code', () => {
  it.each([
    ['*68', { kind: 'park-own' }],
    ['*68#', { kind: 'park-own' }],
    ['*68%23', { kind: 'park-own' }],
    ['*68102', { kind: 'park-extension', extension: '102' }],
    ['%2A68102', { kind: 'park-extension', extension: '102' }],
    ['%2a68102%23', { kind: 'park-extension', extension: '102' }],
    ['*58', { kind: 'park-group' }],
    ['*58#', { kind: 'park-group' }],
    ['*88', { kind: 'retrieve-own' }],
    ['*880042', { kind: 'retrieve-extension', extension: '0042' }],
    ['*89', { kind: 'snooze-own' }],
    ['*89102', { kind: 'snooze-extension', extension: '102' }],
  ])('%s is understood', (text, request) => {
    expect(read(text)).toEqual(request);
  });

  it.each([
    '',
    '102',
    '*',
    '*6',
    '*7',
    '*58102',
    '*68bob',
    '*68##',
    '*68%2',
    '68',
    '*68 102',
    '**68',
  ])('%j asks for no feature', (text) => {
    expect(read(text)).toBeNull();
  });

  it('is the longest of the tenant’s codes that fits', () => {
    const codes = { park: '*6', parkGroup: '*68', retrieve: '*8', snooze: '*88' };
    expect(parseFeatureCode('*68', codes)).toEqual({ kind: 'park-group' });
    expect(parseFeatureCode('*681', codes)).toEqual({ kind: 'park-extension', extension: '81' });
    expect(parseFeatureCode('*88', codes)).toEqual({ kind: 'snooze-own' });
    expect(parseFeatureCode('*89', codes)).toEqual({ kind: 'retrieve-extension', extension: '9' });
  });

  it('that is a plain number stands alone: what begins with it is somebody’s extension', () => {
    const codes = { park: '70', parkGroup: '', retrieve: '', snooze: '' };
    expect(parseFeatureCode('70', codes)).toEqual({ kind: 'park-own' });
    expect(parseFeatureCode('7001', codes)).toBeNull();
  });

  it('may begin with a hash', () => {
    const codes = { ...defaultFeatureCodes, park: '#68' };
    expect(parseFeatureCode('%2368102#', codes)).toEqual({
      kind: 'park-extension',
      extension: '102',
    });
  });

  it.each(['*68', '*68102', '*58', '*88', '*88103', '*89', '*89102'])(
    '%s is written as it is read',
    (text) => {
      const request = read(text);
      if (request === null) throw new Error('not read');
      expect(formatFeatureCode(request, defaultFeatureCodes)).toBe(text);
    },
  );
});
