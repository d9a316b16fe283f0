import { describe, expect, it } from 'vitest';
import { sameUri } from '../../../../../shared/sip/message/uri-compare.ts';
import {
  formatUri,
  makeUri,
  parseUri,
  uriHeaders,
  uriParam,
  userOf,
} from '../../../../../shared/sip/message/uri.ts';
import type { SipUri } from '../../../../../shared/sip/message/uri.ts';

const uri = (text: string): SipUri => {
  const parsed = parseUri(text);
  if (!parsed) throw new Error(`malformed: ${text}`);
  return parsed;
};

describe('a URI', () => {
  it('is read into its parts', () => {
    const read = uri('SIP:alice:secret@pbx.test:5061;Transport=WS;lr?Subject=hi&Replaces=a%40b');
    expect({ ...read, params: [...read.params] }).toEqual({
      scheme: 'sip',
      user: 'alice',
      password: 'secret',
      host: 'pbx.test',
      port: 5061,
      params: [
        ['transport', 'WS'],
        ['lr', null],
      ],
      headers: 'Subject=hi&Replaces=a%40b',
      opaque: undefined,
    });
  });

  it('gives its user as text: *68, %2A68 and *68%23', () => {
    expect(userOf(uri('sip:*68102@pbx.test'))).toBe('*68102');
    expect(userOf(uri('sip:%2A68102@pbx.test'))).toBe('*68102');
    expect(userOf(uri('sip:*68%23@pbx.test'))).toBe('*68#');
    expect(userOf(uri('sip:%C3%A9@pbx.test'))).toBe('é');
    expect(userOf(uri('sip:pbx.test'))).toBeUndefined();
    expect(userOf(uri('tel:+3386002678;phone-context=x'))).toBe('+3386002678');
  });

  it('gives header fields and parameters as text', () => {
    expect(uriHeaders(uri('sip:a@b?Replaces=x%40y%3Bto-tag%3D1&Call-Info='))).toEqual([
      ['replaces', 'x@y;to-tag=1'],
      ['call-info', ''],
    ]);
    expect(uriParam(uri('sip:a@b;park-id=K3%4e5'), 'park-id')).toBe('K3N5');
    expect(uriParam(uri('sip:a@b;lr'), 'lr')).toBeNull();
    expect(uriParam(uri('sip:a@b'), 'lr')).toBeUndefined();
  });

  it('made from text escapes what has a meaning', () => {
    expect(
      formatUri(makeUri({ user: '*88102#', host: 'pbx.test', params: [['park-id', 'a;b']] })),
    ).toBe('sip:*88102%23@pbx.test;park-id=a%3Bb');
    expect(formatUri(makeUri({ user: 'a@b>c"\r\n', host: 'h', headers: [['X', 'a=b&c']] }))).toBe(
      'sip:a%40b%3Ec%22%0D%0A@h?X=a%3Db%26c',
    );
  });

  it('never lets a part break out, even one that was not made by us', () => {
    const evil: SipUri = {
      scheme: 'sip',
      user: 'a>\r\nX: y',
      host: 'h>\r\n',
      params: new Map([['p"', '> <']]),
      headers: ' >',
    };
    expect(formatUri(evil)).toBe('sip:a%3E%0D%0AX%3A%20y@invalid.invalid;p%22=%3E%20%3C?%20%3E');
    expect(formatUri({ scheme: 'x y', host: '', params: new Map(), opaque: '<>\n' })).toBe(
      'invalid:%3C%3E%0A',
    );
  });
});

describe('two URIs (RFC 3261 §19.1.4)', () => {
  const equal: readonly (readonly [string, string])[] = [
    ['sip:%61lice@atlanta.com;transport=TCP', 'sip:alice@AtLanTa.CoM;Transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;newparam=5'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;security=on'],
    [
      'sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com',
      'sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com',
    ],
    [
      'sip:alice@atlanta.com?subject=project%20x&priority=urgent',
      'sip:alice@atlanta.com?priority=urgent&subject=project%20x',
    ],
  ];
  for (const [a, b] of equal)
    it(`${a} equals ${b}`, () => expect(sameUri(uri(a), uri(b))).toBe(true));

  const different: readonly (readonly [string, string])[] = [
    ['SIP:ALICE@AtLanTa.CoM;Transport=udp', 'sip:alice@AtLanTa.CoM;Transport=UDP'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;transport=udp'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:6000;transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com?Subject=next%20meeting'],
    ['sip:bob@phone21.boxesbybob.com', 'sip:bob@192.0.2.4'],
    ['sip:carol@chicago.com;security=on', 'sip:carol@chicago.com;security=off'],
    ['sip:a@b', 'sips:a@b'],
    ['sip:%00@b', 'sip:%00%00@b'],
    ['sip:a%40@b', 'sip:a@b'],
    ['sip:a@b', 'sip:b'],
    ['tel:1', 'tel:2'],
  ];
  for (const [a, b] of different)
    it(`${a} is not ${b}`, () => expect(sameUri(uri(a), uri(b))).toBe(false));
});
