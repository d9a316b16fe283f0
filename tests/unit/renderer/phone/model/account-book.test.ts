import { beforeEach, describe, expect, it } from 'vitest';
import { AccountBook } from '../../../../../renderer/phone/model/account-book.ts';
import type { Account } from '../../../../../renderer/phone/model/account.ts';
import { storageKeeper, type Keeper } from '../../../../../renderer/phone/model/keeper.ts';
import { z } from 'zod';

const account = (extension: string): Account => ({
  key: `${extension}@pbx.test`,
  server: 'pbx.test',
  extension,
  domain: 'pbx.test',
  webSocketUrl: 'wss://pbx.test/',
  serverName: '',
  apiBaseUrl: null,
  demo: false,
  instanceId: 'x',
});

class MemoryStorage implements Storage {
  readonly #items = new Map<string, string>();
  get length(): number {
    return this.#items.size;
  }
  clear(): void {
    this.#items.clear();
  }
  key(): string | null {
    return null;
  }
  getItem(name: string): string | null {
    return this.#items.get(name) ?? null;
  }
  setItem(name: string, value: string): void {
    this.#items.set(name, value);
  }
  removeItem(name: string): void {
    this.#items.delete(name);
  }
}

let keeper: Keeper;
let book: AccountBook;

beforeEach(() => {
  keeper = storageKeeper(new MemoryStorage());
  book = new AccountBook(keeper);
});

describe('the accounts of this machine', () => {
  it('keep their order; the first one dials until another is chosen', () => {
    book.keep(account('101'));
    book.keep(account('102'));
    book.keep(account('101'));
    expect(book.all.map(({ extension }) => extension)).toEqual(['101', '102']);
    expect(book.first?.extension).toBe('101');
    book.dialFrom('102@pbx.test');
    expect(book.first?.extension).toBe('102');
    expect(book.inUse.map(({ extension }) => extension)).toEqual(['102', '101']);
  });

  it('are in use until they are taken out of it, and then another one dials', () => {
    book.keep(account('101'));
    book.keep(account('102'));
    book.use('101@pbx.test', false);
    expect(book.inUse.map(({ extension }) => extension)).toEqual(['102']);
    expect(book.first?.extension).toBe('102');
    book.use('102@pbx.test', false);
    expect(book.inUse).toEqual([]);
    book.use('101@pbx.test', true);
    expect(book.first?.extension).toBe('101');
  });

  it('of a time when one at a time was in use, the one used last is', () => {
    keeper.write('accounts', {
      last: '102@pbx.test',
      accounts: [account('101'), account('102')],
    });
    expect(book.inUse.map(({ extension }) => extension)).toEqual(['102']);
    book.use('101@pbx.test', true);
    expect(book.inUse.map(({ extension }) => extension)).toEqual(['102', '101']);
  });

  it('keep the name and the colour that the user gave them, however often they sign in', () => {
    book.keep(account('101'));
    book.keep(account('102'));
    book.edit('101@pbx.test', { label: 'Office', colour: 5 });
    book.keep(account('101'));
    expect(book.find('101@pbx.test')).toMatchObject({ label: 'Office', colour: 5 });
    expect(book.find('102@pbx.test')?.colour).toBe(2);
  });

  it('are forgotten with everything kept under their key, and nothing of the others', () => {
    book.keep(account('101'));
    book.keep(account('102'));
    for (const key of ['101@pbx.test', '102@pbx.test']) keeper.write(`history:${key}`, 'calls');
    book.remove('101@pbx.test');
    expect(book.all.map(({ extension }) => extension)).toEqual(['102']);
    expect(book.first?.extension).toBe('102');
    expect(keeper.read('history:101@pbx.test', z.string())).toBeNull();
    expect(keeper.read('history:102@pbx.test', z.string())).toBe('calls');
    book.remove('102@pbx.test');
    expect(book.first).toBeNull();
  });
});
