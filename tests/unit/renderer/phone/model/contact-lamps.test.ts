import { beforeEach, describe, expect, it } from 'vitest';
import { ContactBook } from '../../../../../renderer/phone/model/contact-book.ts';
import { ContactLamps } from '../../../../../renderer/phone/model/contact-lamps.ts';
import { keepNames } from '../../../../../renderer/phone/model/name-keeper.ts';
import type { Phone } from '../../../../../renderer/phone/model/phone.ts';
import { epochMs } from '../../../../../shared/domain/ids.ts';
import { callLampOf, MOST_LAMPS, unwatched } from '../../../../../shared/phone/lamps.ts';
import { dialogDocument } from '../../../../fakes/dialog-documents.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { ScriptedLine } from '../../../../fakes/scripted-line.ts';
import { memoryKeeper } from '../../../../fakes/memory-keeper.ts';
import { scriptedPhone } from '../../../../fakes/scripted-phone.ts';

let clock: FakeClock;
let line: ScriptedLine;
let phone: Phone;
let book: ContactBook;
let lamps: ContactLamps;

beforeEach(() => {
  clock = new FakeClock();
  line = new ScriptedLine();
  phone = scriptedPhone({ line, clock, extension: '101' });
  let ids = 0;
  book = new ContactBook(memoryKeeper(), { accountKey: 'me', newId: () => `id-${(ids += 1)}` });
  lamps = new ContactLamps(phone, book, clock);
});

const settle = () => clock.advance(300);
const tell = (digits: string, state: 'confirmed' | null, document: 'full' | 'partial' = 'full') =>
  line.say({
    kind: 'lamp',
    digits,
    event: {
      kind: 'document',
      body: dialogDocument(
        { version: document === 'full' ? 0 : 7, state: document },
        state === null ? [] : [{ id: 'x', state }],
      ),
    },
  });
const callOf = (extension: string) =>
  callLampOf((lamps.state.getState().get(extension) ?? unwatched).calls);

describe('colleagues’ lamps', () => {
  it('are watched while somebody looks: calls and parked calls, and never one’s own', () => {
    const rows = ['101', '102', '103'].map((extension) => lamps.show(extension));
    settle();
    expect(line.watched).toEqual(['102', '*88102', '103', '*88103']);
    rows[1]?.dispose();
    settle();
    expect(line.watched).toEqual(['103', '*88103']);
  });

  it('of favourites are watched always, and no more than there may be', () => {
    book.setFavourite('199', true);
    for (let n = 0; n < 100; n += 1) lamps.show(`2${String(n).padStart(2, '0')}`);
    settle();
    expect(line.watched).toHaveLength(2 * MOST_LAMPS);
    expect(line.watched[0]).toBe('199');
  });

  it('of a favourite contact whose number is an extension are watched, of others there is nobody to watch', () => {
    const saved = book.save(
      { name: 'Al', company: '', numbers: [{ kind: 'work', number: '105' }] },
      null,
    );
    if (saved.kind === 'saved') book.setFavourite(saved.contact.id, true);
    settle();
    expect(line.watched).toEqual(['105', '*88105']);
  });

  it('show what was told last, and nothing once nobody looks any more', () => {
    const row = lamps.show('102');
    settle();
    expect(callOf('102')).toBe('unknown');
    tell('102', null);
    expect(callOf('102')).toBe('free');
    tell('102', 'confirmed');
    expect(callOf('102')).toBe('busy');
    expect(lamps.state.getState().get('102')?.parked).toBeNull();
    tell('*88102', 'confirmed');
    expect(lamps.state.getState().get('102')?.parked?.live.size).toBe(1);
    line.say({ kind: 'lamp', digits: '102', event: { kind: 'lost' } });
    expect(callOf('102')).toBe('unknown');
    row.dispose();
    settle();
    expect(lamps.state.getState().size).toBe(0);
  });

  it('are asked for anew when something was missed, once and not at once', async () => {
    lamps.show('102');
    settle();
    tell('102', null);
    const asked: (readonly string[])[] = [];
    line.onWatched((watched) => asked.push(watched));
    tell('102', 'confirmed', 'partial');
    tell('102', 'confirmed', 'partial');
    expect(callOf('102')).toBe('unknown');
    clock.advance(4_900);
    await Promise.resolve();
    expect(asked, 'a server that only says nonsense is not asked in a circle').toEqual([]);
    clock.advance(200);
    await Promise.resolve();
    expect(asked).toEqual([['*88102'], ['102', '*88102']]);
  });

  it('watch no parked calls where the server has no lists of them', () => {
    phone.update({ parkListSupported: false });
    lamps.show('102');
    settle();
    expect(line.watched).toEqual(['102']);
  });
});

describe('names', () => {
  it('of own contacts stand on calls from their first moment, and change with the book', () => {
    const names = keepNames(phone, book);
    const ring = (call: string) =>
      line.say({
        kind: 'call',
        input: {
          kind: 'came-in',
          call,
          party: { name: null, number: '+49301234567' },
          recall: null,
        },
      });
    const heard: (string | null)[] = [];
    phone.events.listen((event) => event.kind === 'call-came' && heard.push(event.call.party.name));
    ring('1');
    const draft = {
      name: 'Anna',
      company: '',
      numbers: [{ kind: 'work' as const, number: '030 1234567' }],
    };
    book.save(draft, null);
    expect(phone.state.getState().calls.calls[0]?.party.name).toBe('Anna');
    ring('2');
    expect(heard).toEqual([null, 'Anna']);
    names.dispose();
  });

  it('of the directory name those of whom the network says a number alone', () => {
    keepNames(phone, book);
    line.say({
      kind: 'call',
      input: { kind: 'came-in', call: '1', party: { name: '102', number: '102' }, recall: null },
    });
    const directory = [
      { extension: '102', displayName: 'Alice', registered: true, doNotDisturb: false },
    ];
    phone.update({ server: { kind: 'ready', directory, loadedAt: epochMs(0) } });
    expect(phone.state.getState().calls.calls[0]?.party.name).toBe('Alice');
  });
});
