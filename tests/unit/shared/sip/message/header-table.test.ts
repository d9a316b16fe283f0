import { describe, expect, it } from 'vitest';
import { VIA } from '../../../../../shared/sip/message/header-names.ts';
import { HeaderTable } from '../../../../../shared/sip/message/header-table.ts';
import { pushVia, removeTopVia, setTopVia } from '../../../../../shared/sip/message/via-stack.ts';
import { parseVias, withViaParam } from '../../../../../shared/sip/message/via.ts';

const listing = (headers: HeaderTable) =>
  [...headers].map(({ name, value }) => `${name}: ${value}`);

describe('header fields', () => {
  it('are found by any spelling and by their compact form', () => {
    const headers = HeaderTable.of([
      ['v', 'a'],
      ['VIA', 'b'],
      ['call-id', 'c'],
      ['x-MINE', 'd'],
    ]);
    expect(headers.all('Via')).toEqual(['a', 'b']);
    expect(headers.get('i')).toBe('c');
    expect(headers.get('X-Mine')).toBe('d');
    expect(listing(headers)).toEqual(['Via: a', 'Via: b', 'Call-ID: c', 'x-MINE: d']);
  });

  it('are set at the place of the first, appended, prepended and removed', () => {
    const headers = HeaderTable.of([
      ['X-A', '1'],
      ['X-B', '2'],
      ['x-a', '3'],
    ]);
    headers.set('x-a', '4').set('X-C', '5').prepend('X-D', '6');
    expect(listing(headers)).toEqual(['X-D: 6', 'x-a: 4', 'X-B: 2', 'X-C: 5']);
    expect(headers.delete('x-b')).toBe(true);
    expect(headers.delete('x-b')).toBe(false);
    headers.deleteWhere((name) => name === 'X-D');
    expect(listing(headers)).toEqual(['x-a: 4', 'X-C: 5']);
  });

  it('cannot be started by a value', () => {
    const headers = HeaderTable.of([['Subject', 'a\r\nX-Evil: b\nc\rd']]);
    expect(listing(headers)).toEqual(['Subject: a  X-Evil: b c d']);
    expect(() => headers.append('X\r\nY', 'z')).toThrow('not a header name');
  });

  it('are copied under a field of their own, which is the only one of its name', () => {
    const headers = HeaderTable.of([
      ['Via', 'old'],
      ['To', 'b'],
      ['v', 'older'],
    ]);
    const copy = headers.under(VIA, 'new\r\nX: 1');
    expect(listing(copy)).toEqual(['Via: new  X: 1', 'To: b']);
    expect(headers.all('Via')).toEqual(['old', 'older']);
  });

  it('are copied apart', () => {
    const headers = HeaderTable.of([['A', '1']]);
    headers.clone().set('A', '2');
    expect(headers.get('A')).toBe('1');
  });
});

describe('the stack of Vias', () => {
  it('is changed at its top, also where the top heads a list', () => {
    const headers = HeaderTable.of([
      ['Via', 'SIP/2.0/UDP a;branch=1, SIP/2.0/TCP b'],
      ['To', 'x'],
      ['Via', 'SIP/2.0/UDP c'],
    ]);
    const [top] = parseVias(headers.get('Via') ?? '') ?? [];
    if (!top) throw new Error('no Via');
    setTopVia(headers, withViaParam(withViaParam(top, 'received', '192.0.2.9'), 'rport', '5062'));
    expect(listing(headers)).toEqual([
      'Via: SIP/2.0/UDP a;branch=1;received=192.0.2.9;rport=5062',
      'Via: SIP/2.0/TCP b',
      'Via: SIP/2.0/UDP c',
      'To: x',
    ]);
    removeTopVia(headers);
    pushVia(headers, { ...top, transport: 'WS' });
    expect(headers.all('Via')).toEqual(['SIP/2.0/WS a;branch=1', 'SIP/2.0/TCP b', 'SIP/2.0/UDP c']);
  });

  it('puts a first Via before everything else', () => {
    const headers = HeaderTable.of([['To', 'x']]);
    const [top] = parseVias('SIP/2.0/UDP a') ?? [];
    if (top) setTopVia(headers, top);
    expect(listing(headers)).toEqual(['Via: SIP/2.0/UDP a', 'To: x']);
  });
});
