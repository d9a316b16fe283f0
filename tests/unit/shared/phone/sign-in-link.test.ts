import { describe, expect, it } from 'vitest';
import {
  readSignInFile,
  readSignInLink,
  signInLinkOf,
  type SignInDraft,
} from '../../../../shared/phone/sign-in-link.ts';

const DRAFT: SignInDraft = {
  server: 'pbx.example',
  extension: '101',
  password: 'a&b=c é+',
  webSocketUrl: 'wss://pbx.example:8089/ws',
  domain: '',
  pbx: { kind: 'asterisk', slots: '701-720', parkCode: '' },
};

describe('a sign-in link', () => {
  it('says again what it was made of', () => {
    expect(readSignInLink(signInLinkOf(DRAFT))).toEqual(DRAFT);
  });

  it('of a page signs in to the server that the page is on', () => {
    expect(readSignInLink('https://pbx.example:8443/#sign-in?extension=101')).toMatchObject({
      server: 'pbx.example:8443',
      extension: '101',
      pbx: null,
    });
    expect(readSignInLink('http://localhost:80/#sign-in?extension=1')?.server).toBe(
      'http://localhost:80',
    );
  });

  it.each([
    ['https://pbx.example/#sign-in?server=evil.example&extension=101', 'names another server'],
    ['https://user@pbx.example/#sign-in?extension=101', 'carries credentials'],
    ['parkline:sign-in?extension=101', 'names no server'],
    ['parkline:sign-in?server=a&pbx=unheard-of', 'names an unknown telephone system'],
    ['parkline:sign-in?server=a%0d%0ab', 'carries control characters'],
    ['parkline:dial?server=pbx.example', 'asks for something else'],
    ['javascript:alert(1)', 'is no link of ours'],
    [`parkline:sign-in?server=${'a'.repeat(3000)}`, 'is too long'],
  ])('is refused: %s %s', (link) => {
    expect(readSignInLink(link)).toBeNull();
  });

  it('takes the first of each member and ignores those it does not know', () => {
    const draft = readSignInLink('parkline:sign-in?server=a.test&server=b.test&run=1');
    expect(draft).toMatchObject({ server: 'a.test' });
  });
});

describe('a sign-in file', () => {
  it('holds the same members as JSON', () => {
    const text = JSON.stringify({ server: 'pbx.example', extension: '101', pbx: 'portsip' });
    expect(readSignInFile(text)).toMatchObject({ extension: '101', pbx: { kind: 'portsip' } });
  });

  it.each(['', '[]', '{"server":1}', '{}', 'x'.repeat(20_000)])(
    'is refused when it is %j',
    (text) => {
      expect(readSignInFile(text)).toBeNull();
    },
  );
});
