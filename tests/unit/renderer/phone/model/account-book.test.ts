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
  it('keep their order; the one used last comes up at start', () => {
    book.keep(account('101'));
    book.keep(account('102'));
    book.keep(account('101'));
    expect(book.all.map(({ extension }) => extension)).toEqual(['101', '102']);
    expect(book.last?.extension).toBe('101');
    book.use('102@pbx.test');
    expect(book.last?.extension).toBe('102');
  });

  it('are forgotten with everything kept under their key, and nothing of the others', () => {
    book.keep(account('101'));
    book.keep(account('102'));
    for (const key of ['101@pbx.test', '102@pbx.test']) keeper.write(`history:${key}`, 'calls');
    book.remove('102@pbx.test');
    expect(book.all.map(({ extension }) => extension)).toEqual(['101']);
    expect(book.last).toBeNull();
    expect(keeper.read('history:102@pbx.test', z.string())).toBeNull();
    expect(keeper.read('history:101@pbx.test', z.string())).toBe('calls');
  });
});
