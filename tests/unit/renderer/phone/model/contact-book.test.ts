import { describe, expect, it } from 'vitest';
import { findPeople } from '../../../../../renderer/phone/features/contacts/people.ts';
import { textOf } from '../../../../../renderer/phone/features/contacts/read-text-file.ts';
import { ContactBook } from '../../../../../renderer/phone/model/contact-book.ts';
import { epochMs } from '../../../../../shared/domain/ids.ts';
import { memoryKeeper } from '../../../../fakes/memory-keeper.ts';

let ids = 0;
const open = (keeper = memoryKeeper(), accountKey = '101@pbx.test') =>
  new ContactBook(keeper, { accountKey, newId: () => `id-${(ids += 1)}` });
const draft = (name: string, number = '100') => ({
  name,
  company: '',
  numbers: [{ kind: 'work' as const, number }],
});
const namesIn = (book: ContactBook) => book.state.getState().contacts.map(({ name }) => name);

describe('the book of contacts', () => {
  it('is there again after a restart, for its own account alone', () => {
    const keeper = memoryKeeper();
    const book = open(keeper);
    book.save(draft('Zoe'), null);
    book.save(draft('Ärmel'), null);
    book.setFavourite('102', true);
    expect(namesIn(open(keeper))).toEqual(['Ärmel', 'Zoe']);
    expect(open(keeper).state.getState().favourites).toEqual(['102']);
    expect(namesIn(open(keeper, '102@pbx.test'))).toEqual([]);
  });

  it('changes a contact in place, and forgets it with its star', () => {
    const book = open();
    const saved = book.save(draft('Bob'), null);
    if (saved.kind !== 'saved') throw new Error(saved.kind);
    const { id } = saved.contact;
    book.setFavourite(id, true);
    book.save(draft('Robert', '+49 30 12'), id);
    expect(book.state.getState().contacts).toEqual([{ ...draft('Robert', '+493012'), id }]);
    book.remove(id);
    expect(book.state.getState()).toEqual({ contacts: [], favourites: [] });
  });

  it('refuses what cannot be dialled and says why', () => {
    expect(open().save(draft('Bob', 'ask him'), null)).toEqual({
      kind: 'bad',
      problem: 'bad-number',
    });
  });

  it('shows nothing that this machine does not keep, and says so', () => {
    const book = open(memoryKeeper(400));
    expect(book.save(draft('Bob'), null).kind).toBe('saved');
    const many = Array.from({ length: 20 }, (_, n) => `N${n},${n}`).join('\n');
    expect(book.import(`Name,Phone\n${many}`)).toMatchObject({ kept: false, added: 0 });
    expect(namesIn(book)).toEqual(['Bob']);
    expect(book.save(draft('X'.repeat(120)), null).kind).toBe('saved');
    expect(book.save(draft('Y'.repeat(120)), null).kind).toBe('not-kept');
  });

  it('takes tables and vCards by what they are', () => {
    const book = open();
    expect(book.import('Name,Phone\nA,1\nB,\n')).toMatchObject({
      added: 1,
      problems: [{ line: 3 }],
    });
    expect(book.import('BEGIN:VCARD\nFN:C\nTEL:2\nEND:VCARD')).toMatchObject({
      added: 1,
      known: 0,
    });
    expect(book.import('Name,Phone\nA,1')).toMatchObject({ added: 0, known: 1, kept: true });
    expect(namesIn(book)).toEqual(['A', 'C']);
  });
});

describe('the list of people', () => {
  it('has favourites first and nobody twice', () => {
    const book = open();
    const saved = book.save(draft('Carl'), null);
    book.save(draft('Dora'), null);
    if (saved.kind === 'saved') book.setFavourite(saved.contact.id, true);
    book.setFavourite('102', true);
    book.setFavourite('deleted', true);
    const directory = ['101', '102'].map((extension) => ({
      extension,
      displayName: `User ${extension}`,
      registered: true,
      doNotDisturb: false,
    }));
    const server = { kind: 'ready' as const, directory, loadedAt: epochMs(0) };
    const keys = (search: string) => {
      const { favourites, colleagues, contacts } = findPeople(
        server,
        book.state.getState(),
        search,
      );
      return [favourites.length, colleagues.length, contacts.length];
    };
    expect(keys('')).toEqual([2, 1, 1]);
    expect(keys('user')).toEqual([1, 1, 0]);
    expect(keys('102')).toEqual([1, 0, 0]);
  });
});

describe('a text file', () => {
  it.each([
    ['UTF-8', Buffer.from('Müller')],
    ['UTF-16 with its mark', Buffer.from('\uFEFFMüller', 'utf16le')],
    ['the old Windows code page', Buffer.from('Müller', 'latin1')],
  ])('is read in %s', (_name, bytes) => expect(textOf(bytes)).toBe('Müller'));
});
