import { describe, expect, it } from 'vitest';
import { nameBook, named } from '../../../../shared/phone/names.ts';

const book = nameBook({
  contacts: [
    { name: 'Mum', numbers: ['030 123 45 67', '+44 20 7946 0018'] },
    { name: 'Workshop', numbers: ['workshop@partner.example'] },
    { name: 'My Alice', numbers: ['102'] },
  ],
  directory: [
    { extension: '101', displayName: 'Bob Baker' },
    { extension: '102', displayName: 'Alice Archer' },
    { extension: '103', displayName: '' },
  ],
});
const find = (number: string) => book.find(number)?.name ?? null;

describe('finding a name by number', () => {
  it.each([
    ['0301234567', 'Mum'],
    ['030/123-4567', 'Mum'],
    ['+49301234567', 'Mum'],
    ['0049 (0)30 1234567', 'Mum'],
    ['+442079460018', 'Mum'],
    ['sip:+442079460018@trunk.example;user=phone', 'Mum'],
    ['101', 'Bob Baker'],
    ['workshop', 'Workshop'],
  ])('knows %s', (number, name) => expect(find(number)).toBe(name));

  it.each([
    ['another country', '+41301234567890'],
    ['another number with the same end', '+442089460018'],
    ['an extension that ends alike', '1101'],
    ['a short number that ends a long one', '4567'],
    ['somebody without a name', '103'],
    ['nobody', ''],
    ['a code', '*88101'],
  ])('does not take %s for somebody', (_what, number) => expect(find(number)).toBeNull());
});

describe('naming a party', () => {
  it('believes the own contact first, then the network, then the directory', () => {
    expect(named({ name: 'Alice A.', number: '102' }, book).name).toBe('My Alice');
    expect(named({ name: 'Bob from outside', number: '101' }, book).name).toBe('Bob from outside');
    expect(named({ name: null, number: '101' }, book).name).toBe('Bob Baker');
  });

  it('takes a repeated number for no name', () => {
    expect(named({ name: '101', number: '101' }, book).name).toBe('Bob Baker');
    expect(named({ name: '+49 30 999', number: '004930999' }, book).name).toBe('+49 30 999');
  });

  it('leaves a hidden caller hidden', () => {
    expect(named({ name: null, number: '' }, book)).toEqual({ name: null, number: '' });
  });
});
