import { describe, expect, it } from 'vitest';
import { HeaderTable } from '../../../../../shared/sip/message/header-table.ts';
import {
  formatNameAddr,
  makeNameAddr,
  parseNameAddr,
  parseNameAddrs,
  tagOf,
  withTag,
} from '../../../../../shared/sip/message/name-addr.ts';
import { TypedHeaders } from '../../../../../shared/sip/message/typed-headers.ts';
import { formatUri, makeUri } from '../../../../../shared/sip/message/uri.ts';

const contactsOf = (...values: string[]) =>
  new TypedHeaders(HeaderTable.of(values.map((value) => ['Contact', value] as const))).contacts;

describe('an address', () => {
  it('is read with quoted, unquoted and no name', () => {
    expect(parseNameAddr('"Anna \\"A\\" Kovács" <sip:201@pbx.test>;tag=a')?.displayName).toBe(
      'Anna "A" Kovács',
    );
    expect(parseNameAddr('The Operator <sip:0@pbx.test>')?.displayName).toBe('The Operator');
    expect(parseNameAddr('"" <sip:0@pbx.test>')?.displayName).toBeUndefined();
    expect(parseNameAddr('<sip:0@pbx.test>')?.displayName).toBeUndefined();
  });

  it('has URI parameters in brackets and its own without', () => {
    const inside = parseNameAddr('<sip:a@b;x=1>;tag=2');
    expect([inside?.uri.params.get('x'), inside && tagOf(inside)]).toEqual(['1', '2']);
    const bare = parseNameAddr('sip:a@b;tag=2');
    expect([bare?.uri.params.size, bare && tagOf(bare)]).toEqual([0, '2']);
  });

  it('is refused when something follows', () => {
    for (const text of [
      '<sip:a@b> x',
      '<sip:a@b>,',
      '',
      ',',
      '<>',
      'Bob',
      'Bell, A <sip:a@b>',
      '<sip:a@b',
      'sip:a@b?x=y',
    ]) {
      expect(parseNameAddr(text), text).toBeUndefined();
    }
  });

  it('cannot be broken out of by its display name', () => {
    const evil = '"><script>\\\r\nVia: x\0" <sip:evil@x>';
    const text = formatNameAddr(makeNameAddr(makeUri({ user: '101', host: 'pbx.test' }), evil));
    expect(text).toBe('"\\"><script>\\\\  Via: x \\" <sip:evil@x>" <sip:101@pbx.test>');
    const copy = parseNameAddr(text);
    expect(copy && formatUri(copy.uri)).toBe('sip:101@pbx.test');
    expect(copy?.displayName).toBe('"><script>\\  Via: x " <sip:evil@x>');
  });

  it('takes a tag', () => {
    const address = withTag(makeNameAddr(makeUri({ host: 'pbx.test' })), 't1');
    expect(formatNameAddr(address)).toBe('<sip:pbx.test>;tag=t1');
  });
});

describe('a list of addresses', () => {
  it('is split at its commas only', () => {
    const list = parseNameAddrs('"a, b" <sip:1@x;p=1> , sip:2@x;q=0.5,<sip:3@x>');
    expect(list?.map(({ uri }) => uri.user)).toEqual(['1', '2', '3']);
  });
  it('is refused beyond its limit', () =>
    expect(parseNameAddrs('sip:a@b,sip:a@b', 1)).toBeUndefined());
  it('may be a star when it is Contact', () => {
    expect(contactsOf('*')).toEqual({ kind: 'all' });
    expect(contactsOf()).toEqual({ kind: 'list', contacts: [] });
    expect(contactsOf('<sip:1@x>, <sip:2@x>', 'sip:3@x')).toMatchObject({
      contacts: { length: 3 },
    });
    expect(contactsOf('*', '<sip:1@x>')).toBeUndefined();
  });
});
