import { describe, expect, it } from 'vitest';
import {
  checkContact,
  cleanNumber,
  CONTACT_LIMITS,
  findContacts,
  mergeImport,
  type Contact,
} from '../../../../shared/phone/contacts.ts';
import { readContactsCsv, writeContactsCsv } from '../../../../shared/phone/contacts-csv.ts';
import {
  looksLikeVcard,
  readVcards,
  writeVcards,
} from '../../../../shared/phone/contacts-vcard.ts';

const MUM: Contact = {
  id: '1',
  name: 'Müller, "Mum"; née Weiß',
  company: '',
  numbers: [
    { kind: 'home', number: '+49301234567' },
    { kind: 'mobile', number: '0171555' },
    { kind: 'mobile', number: '0172555' },
  ],
};
const SHOP: Contact = {
  id: '2',
  name: 'Workshop',
  company: 'Straßenbau & Söhne, Gesellschaft mit beschränkter Haftung und sehr langem Namen',
  numbers: [{ kind: 'work', number: '102' }],
};
const draft = ({ id: _id, ...rest }: Contact) => rest;
const card = (...lines: string[]) =>
  ['BEGIN:VCARD', 'VERSION:4.0', ...lines, 'END:VCARD'].join('\r\n');

describe('a number as people write it', () => {
  it.each([
    ['+49 (0)30 / 123-45 67', '+49301234567'],
    ['(030) 123.4567', '0301234567'],
    ['\u202A+49 30 1234567\u202C', '+49301234567'],
    ['tel:+49-30-1234567', '+49301234567'],
    ['*88102', '*88102'],
    ['alice@pbx.example', 'alice@pbx.example'],
  ])('%j is dialled as %s', (written, dialled) => expect(cleanNumber(written)).toBe(dialled));
});

describe('a contact', () => {
  it.each([
    [{ name: ' ', company: '', numbers: [{ kind: 'work', number: '1' }] }, 'no-name'],
    [{ name: 'A', company: '', numbers: [{ kind: 'work', number: ' ' }] }, 'no-number'],
    [
      { name: 'A', company: '', numbers: [{ kind: 'work', number: 'ask <b>Bob</b>' }] },
      'bad-number',
    ],
    [{ name: 'A'.repeat(121), company: '', numbers: [{ kind: 'work', number: '1' }] }, 'too-long'],
  ] as const)('is refused for what it lacks: %j', (bad, problem) => {
    expect(checkContact(bad)).toEqual({ kind: 'bad', problem });
  });

  it('is called by its company if it has no name', () => {
    const checked = checkContact({
      name: '',
      company: 'Acme',
      numbers: [{ kind: 'work', number: '1 00' }],
    });
    expect(checked).toEqual({
      kind: 'ok',
      draft: { name: 'Acme', company: '', numbers: [{ kind: 'work', number: '100' }] },
    });
  });

  it('is found by every word, without accents, and by number however it is typed', () => {
    const found = (search: string) => findContacts([MUM, SHOP], search).map(({ id }) => id);
    expect(found('muller weiss')).toEqual(['1']);
    expect(found('030 123')).toEqual(['1']);
    expect(found('sohne')).toEqual(['2']);
    expect(found('mum sohne')).toEqual([]);
    expect(found(' ')).toEqual(['1', '2']);
  });
});

describe('vCards', () => {
  it('come back as they were written, folded lines and all', () => {
    const text = writeVcards([MUM, SHOP]);
    expect(
      Math.max(...text.split('\r\n').map((line) => Buffer.byteLength(line))),
    ).toBeLessThanOrEqual(75);
    expect(looksLikeVcard(text)).toBe(true);
    expect(readVcards(text)).toEqual({ contacts: [draft(MUM), draft(SHOP)], problems: [] });
  });

  it('of version 4 hold numbers as URIs, groups and quoted parameters', () => {
    const { contacts, problems } = readVcards(
      card(
        'FN:Ann\\, B.',
        'item1.TEL;VALUE=uri;TYPE="cell,voice";PREF=1:tel:+49-30-1;ext=7',
        'NOTE:folded',
        ' line',
      ),
    );
    expect(problems).toEqual([]);
    expect(contacts).toEqual([
      { name: 'Ann, B.', company: '', numbers: [{ kind: 'mobile', number: '+49301' }] },
    ]);
  });

  it('of old telephones are read with their quoted-printable names', () => {
    const text = [
      'BEGIN:VCARD',
      'VERSION:2.1',
      'N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BC=',
      'ller;Eva',
      'TEL;CELL:0171',
      'END:VCARD',
    ].join('\n');
    expect(readVcards(text).contacts).toEqual([
      { name: 'Eva Müller', company: '', numbers: [{ kind: 'mobile', number: '0171' }] },
    ]);
  });

  it('name each card that cannot be taken by its line, and keep the others', () => {
    const text = [
      card('FN:No Number'),
      card('FN:Good', 'TEL:100'),
      card('TEL:101'),
      'BEGIN:VCARD',
      'FN:Cut',
    ].join('\r\n');
    const { contacts, problems } = readVcards(text);
    expect(contacts.map(({ name }) => name)).toEqual(['Good']);
    expect(problems).toEqual([
      { line: 1, problem: 'no-number' },
      { line: 10, problem: 'no-name' },
      { line: 14, problem: 'unfinished-card' },
    ]);
  });

  it('are not found in a file of something else', () => {
    expect(readVcards('hello').problems).toEqual([{ line: 1, problem: 'not-contacts' }]);
  });
});

describe('a table of contacts', () => {
  it('comes back as it was written', () => {
    const { contacts, problems } = readContactsCsv(writeContactsCsv([MUM, SHOP]));
    expect(problems).toEqual([]);
    const inOrder = { ...draft(MUM), numbers: [MUM.numbers[1], MUM.numbers[2], MUM.numbers[0]] };
    expect(contacts).toEqual([inOrder, draft(SHOP)]);
  });

  it('may be German, with semicolons and a byte order mark', () => {
    const { contacts } = readContactsCsv(
      '\uFEFFVorname;Nachname;Firma;Telefon geschäftlich;Handy;Geschäftlich: Straße\r\nEva;Müller;"Bau; Söhne";030 12;0171;Weg 1\r\n',
    );
    expect(contacts).toEqual([
      {
        name: 'Eva Müller',
        company: 'Bau; Söhne',
        numbers: [
          { kind: 'work', number: '03012' },
          { kind: 'mobile', number: '0171' },
        ],
      },
    ]);
  });

  it('names its bad lines, counting lines within quotes', () => {
    const text = 'Name,Phone\n"Two\nlines",100\n,101\nBob,\nEve,ask me\nAnn,102\n';
    const { contacts, problems } = readContactsCsv(text);
    expect(contacts.map(({ name }) => name)).toEqual(['Two lines', 'Ann']);
    expect(problems).toEqual([
      { line: 4, problem: 'no-name' },
      { line: 5, problem: 'no-number' },
      { line: 6, problem: 'bad-number' },
    ]);
  });

  it('is refused as a whole when its columns or quotes make no sense', () => {
    expect(readContactsCsv('Colour,Size\nred,1').problems).toEqual([
      { line: 1, problem: 'no-columns' },
    ]);
    expect(readContactsCsv('Name,Phone\n"Bob,1').problems).toEqual([
      { line: 2, problem: 'unclosed-quote' },
    ]);
    expect(readContactsCsv('').problems).toEqual([{ line: 1, problem: 'no-columns' }]);
  });

  it('runs nothing in a spreadsheet', () => {
    const text = writeContactsCsv([{ ...SHOP, name: '=cmd()', company: '+SUM(A1)' }]);
    expect(text).toContain("'=cmd(),'+SUM(A1)");
    expect(readContactsCsv(text).contacts[0]?.name).toBe('=cmd()');
  });
});

describe('an import', () => {
  it('adds what is new, once', () => {
    const more = { ...draft(MUM), numbers: [{ kind: 'work' as const, number: '999' }] };
    const sum = mergeImport([MUM], [draft(MUM), draft(SHOP), draft(SHOP), more]);
    expect(sum.added).toEqual([draft(SHOP), more]);
    expect(sum.known).toBe(2);
  });

  it('stops where the book is full and says so', () => {
    const many = Array.from({ length: CONTACT_LIMITS.contacts + 2 }, (_, n) => ({
      ...draft(SHOP),
      name: `N${n}`,
    }));
    const sum = mergeImport([MUM], many);
    expect(sum.added).toHaveLength(CONTACT_LIMITS.contacts - 1);
    expect(sum.left).toBe(3);
  });
});
