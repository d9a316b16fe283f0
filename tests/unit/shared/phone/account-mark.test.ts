import { describe, expect, it } from 'vitest';
import {
  ACCOUNT_COLOURS,
  accountMarks,
  freeColour,
  type MarkedAccount,
} from '../../../../shared/phone/account-mark.ts';

const account = (
  extension: string,
  domain: string,
  more: Partial<MarkedAccount> = {},
): MarkedAccount => ({
  key: `${extension}@${domain}`,
  extension,
  domain,
  serverName: '',
  ...more,
});
const texts = (...accounts: readonly MarkedAccount[]) =>
  [...accountMarks(accounts).values()].map(({ text }) => text);

describe('the marks of accounts', () => {
  it('say what the user calls an account, else what its server is called, else where it is', () => {
    expect(
      texts(
        account('101', 'a.test', { label: 'Office', serverName: 'Example Ltd' }),
        account('201', 'b.test', { serverName: 'Home' }),
        account('301', 'c.test'),
      ),
    ).toEqual(['Office', 'Home', 'c.test']);
  });

  it('add the extension where two accounts are of one server, and the address where both are alike', () => {
    expect(
      texts(
        account('101', 'a.test', { serverName: 'Example Ltd' }),
        account('102', 'a.test', { serverName: 'example ltd' }),
        account('301', 'c.test'),
      ),
    ).toEqual(['Example Ltd · 101', 'example ltd · 102', 'c.test']);
    expect(
      texts(account('101', 'a.test', { label: 'PBX' }), account('101', 'b.test', { label: 'PBX' })),
    ).toEqual(['101@a.test', '101@b.test']);
  });

  it('have a colour each, and a new account one that nobody has', () => {
    const marks = accountMarks([account('101', 'a.test'), account('102', 'b.test')]);
    expect([...marks.values()].map(({ colour }) => colour)).toEqual([1, 2]);
    expect(freeColour([{ colour: 1 }, { colour: 3 }])).toBe(2);
    expect(freeColour(ACCOUNT_COLOURS.map((colour) => ({ colour })))).toBe(1);
  });
});
