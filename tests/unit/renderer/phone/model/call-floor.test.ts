import { beforeEach, describe, expect, it } from 'vitest';
import { CallFloor } from '../../../../../renderer/phone/model/call-floor.ts';
import type { Phone } from '../../../../../renderer/phone/model/phone.ts';
import { epochMs } from '../../../../../shared/domain/ids.ts';
import { nameBook } from '../../../../../shared/phone/names.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { ScriptedLine } from '../../../../fakes/scripted-line.ts';
import { scriptedPhone } from '../../../../fakes/scripted-phone.ts';

let clock: FakeClock;
let floor: CallFloor;
let lines: Readonly<Record<'office' | 'home', ScriptedLine>>;
let office: Phone;
let home: Phone;

beforeEach(() => {
  clock = new FakeClock();
  floor = new CallFloor(clock);
  lines = { office: new ScriptedLine(), home: new ScriptedLine() };
  office = scriptedPhone({ line: lines.office, clock, extension: '101', floor });
  home = scriptedPhone({ line: lines.home, clock, extension: '201', floor });
  for (const line of Object.values(lines))
    line.become({ kind: 'registered', at: epochMs(0), apiBaseUrl: null });
});

const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
const party = { name: null, number: '003386002678' };
const ring = (line: ScriptedLine, call: string) =>
  line.say({ kind: 'call', input: { kind: 'came-in', call, party, recall: null } });
const states = (phone: Phone) =>
  phone.state.getState().calls.calls.map(({ id, state }) => `${id} ${state.kind}`);

async function talkAtTheOffice(): Promise<void> {
  ring(lines.office, 'o1');
  office.call({ kind: 'answer', call: 'o1' });
  await settle();
}

describe('the calls of two accounts', () => {
  it('are each done by the line of their own account', async () => {
    await talkAtTheOffice();
    ring(lines.home, 'h1');
    floor.press({ kind: 'answer', call: 'h1' });
    await settle();
    await settle();
    expect(lines.office.performed.map(({ kind }) => kind)).toEqual(['answer', 'hold']);
    expect(lines.home.performed.map(({ kind }) => kind)).toEqual(['answer']);
    expect([states(office), states(home)]).toEqual([['o1 held'], ['h1 active']]);
    expect(floor.calls.calls).toHaveLength(2);
  });

  it('hold the talker before the other account retrieves, and go on when that comes to nothing', async () => {
    await talkAtTheOffice();
    home.dial('*88102');
    await settle();
    const [call] = home.state.getState().calls.calls;
    expect(lines.home.performed).toMatchObject([{ kind: 'dial', target: '*88102' }]);
    const final = { status: 404, phrase: 'Not Found', reasonText: null };
    lines.home.say({ kind: 'call', input: { kind: 'refused', call: call?.id ?? '', final } });
    await settle();
    expect(states(office)).toEqual(['o1 active']);
  });

  it('cannot be spoken for by another account', async () => {
    await talkAtTheOffice();
    lines.home.say({ kind: 'call', input: { kind: 'gone', call: 'o1', why: 'bye' } });
    home.call({ kind: 'hang-up', call: 'o1' });
    expect(states(office)).toEqual(['o1 active']);
  });

  it('show one call large over both, and tell each phone only of its own', async () => {
    await talkAtTheOffice();
    expect(floor.state.getState().shownCall).toBe('o1');
    const before = office.state.getState().calls;
    home.dial('202');
    expect(floor.state.getState().shownCall).toBe('call-1');
    expect(office.state.getState().calls.calls.map(({ id }) => id)).toEqual(['o1']);
    expect(before.calls).toHaveLength(1);
    floor.show('o1');
    expect(home.state.getState().shownCall).toBe('o1');
  });

  it('carry the names that their own account knows', async () => {
    await talkAtTheOffice();
    ring(lines.home, 'h1');
    const contacts = [{ name: 'Client', numbers: [party.number] }];
    office.useNames(nameBook({ contacts, directory: [] }));
    expect(floor.calls.calls.map((call) => call.party.name)).toEqual(['Client', null]);
  });

  it('of an account that leaves are gone, and whoever was held for them goes on', async () => {
    await talkAtTheOffice();
    lines.home.agrees = false;
    home.dial('202');
    await settle();
    expect(states(office)).toEqual(['o1 held']);
    home.dispose();
    await settle();
    expect(states(office)).toEqual(['o1 active']);
    expect(floor.calls.calls.map(({ account }) => account)).toEqual(['101@pbx.test']);
  });
});
