import { beforeEach, describe, expect, it } from 'vitest';
import { epochMs } from '../../../../shared/domain/ids.ts';
import { CallFloor } from '../../../../renderer/phone/model/call-floor.ts';
import { Phone } from '../../../../renderer/phone/model/phone.ts';
import type { PhoneEvent } from '../../../../renderer/phone/model/phone-event.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { ParkDocuments, parkIdOf, type ParkedSketch } from '../../../fakes/park-documents.ts';
import { ScriptedLine } from '../../../fakes/scripted-line.ts';

const ACCOUNT = {
  key: '102@pbx.test',
  server: 'pbx.test',
  extension: '102',
  domain: 'pbx.test',
  webSocketUrl: 'wss://pbx.test/',
  serverName: '',
  apiBaseUrl: null,
  demo: false,
  instanceId: 'x',
};
const CLIENT: ParkedSketch = { id: parkIdOf(1), slot: '102', parker: '101', parkerName: 'Bob' };

let clock: FakeClock;
let line: ScriptedLine;
let phone: Phone;
let documents: ParkDocuments;
let events: PhoneEvent[];
let ids: number;
let askBeforeHold: boolean;
let autoAnswer: boolean;

beforeEach(() => {
  clock = new FakeClock();
  line = new ScriptedLine();
  documents = new ParkDocuments(() => clock.now());
  ids = 0;
  askBeforeHold = false;
  autoAnswer = false;
  phone = new Phone(ACCOUNT, {
    line,
    clock,
    floor: new CallFloor(clock),
    newId: () => `call-${(ids += 1)}`,
    askBeforeHold: () => askBeforeHold,
    autoAnswer: () => autoAnswer,
  });
  events = [];
  phone.events.listen((event) => events.push(event));
  line.become({ kind: 'registered', at: epochMs(0), apiBaseUrl: null });
  line.say({ kind: 'park-list', event: { kind: 'subscribed' } });
});

const state = () => phone.state.getState();
const say = (body: string) => line.say({ kind: 'park-list', event: { kind: 'document', body } });
const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
const notices = () => state().notices.map(({ what }) => what);
const dials = () => line.performed.filter((effect) => effect.kind === 'dial');

async function talkTo(number: string): Promise<string> {
  const call = `in-${number}`;
  line.say({
    kind: 'call',
    input: { kind: 'came-in', call, party: { name: null, number }, recall: null },
  });
  phone.call({ kind: 'answer', call });
  await settle();
  return call;
}

describe('a parked call on the phone', () => {
  it('is unknown until the list has come, then empty, then shown, then unknown again', () => {
    expect(state().board.sync.kind).toBe('never');
    say(documents.full([]));
    expect(state().board).toMatchObject({ sync: { kind: 'live' }, cards: [] });
    say(documents.partial([CLIENT]));
    expect(state().board.cards).toHaveLength(1);
    line.say({ kind: 'park-list', event: { kind: 'lost' } });
    expect(state().board.sync.kind).toBe('lost');
    expect(state().board.cards).toHaveLength(1);
  });

  it('is retrieved by exactly the target its card gave, and once', () => {
    say(documents.full([CLIENT]));
    phone.retrieve(CLIENT.id);
    phone.retrieve(CLIENT.id);
    expect(dials()).toMatchObject([{ target: `sip:*88102@pbx.test;park-id=${CLIENT.id}` }]);
  });

  it('shows the parked caller, not the code, while and after it is retrieved', async () => {
    say(documents.full([CLIENT]));
    phone.retrieve(CLIENT.id);
    expect(state().calls.calls[0]?.party).toEqual({ name: 'Client', number: '003386002678' });
    const party = { name: 'Client', number: '003386002678' };
    line.say({ kind: 'call', input: { kind: 'answered', call: 'call-1', party } });
    expect(state().calls.calls[0]).toMatchObject({ party, state: { kind: 'active' } });
  });

  it('puts the present call on hold before it is dialled', async () => {
    say(documents.full([CLIENT]));
    await talkTo('103');
    line.agrees = false;
    phone.retrieve(CLIENT.id);
    expect(line.performed.at(-1)).toEqual({ kind: 'hold', call: 'in-103' });
    expect(dials()).toEqual([]);
    line.say({ kind: 'call', input: { kind: 'hold-done', call: 'in-103' } });
    expect(dials()).toHaveLength(1);
  });

  it('asks before it holds when the user wants to be asked', async () => {
    askBeforeHold = true;
    say(documents.full([CLIENT]));
    await talkTo('103');
    phone.retrieve(CLIENT.id);
    expect(state().askingFor).toBe(CLIENT.id);
    expect(line.performed.some(({ kind }) => kind === 'hold')).toBe(false);
    phone.retrieve(CLIENT.id, true);
    expect(line.performed.some(({ kind }) => kind === 'hold')).toBe(true);
  });

  it('says who was faster when it is gone, takes the held call up again and frees the list', async () => {
    say(documents.full([CLIENT]));
    await talkTo('103');
    phone.retrieve(CLIENT.id);
    await settle();
    const final = { status: 410, phrase: 'Gone', reasonText: 'Retrieved by Carol' };
    line.say({ kind: 'call', input: { kind: 'refused', call: 'call-1', final } });
    await settle();
    expect(notices()).toContainEqual({
      kind: 'retrieve-failed',
      problem: { kind: 'gone', how: { kind: 'retrieved', by: 'Carol' } },
      party: { name: 'Client', number: '003386002678' },
    });
    expect(state().calls.calls.find(({ id }) => id === 'in-103')?.state.kind).toBe('active');
    expect(state().board.retrieving).toBeNull();
  });

  it('is put back where it was, with its note', async () => {
    say(documents.full([{ ...CLIENT, note: 'wants invoice 4711' }]));
    phone.retrieve(CLIENT.id);
    line.say({ kind: 'call', input: { kind: 'answered', call: 'call-1', party: null } });
    expect(state().putBack).toMatchObject({ slot: '102', note: 'wants invoice 4711' });
    phone.putBack();
    expect(line.performed.at(-1)).toEqual({
      kind: 'refer',
      call: 'call-1',
      target: { kind: 'park', code: '*68102', note: 'wants invoice 4711' },
    });
  });

  it('is put back to the group when it was the group’s', () => {
    say(documents.full([{ ...CLIENT, group: 'Support', slot: '104' }]));
    phone.retrieve(CLIENT.id);
    line.say({ kind: 'call', input: { kind: 'answered', call: 'call-1', party: null } });
    expect(state().putBack?.code).toBe('*58');
  });

  it('alerts when somebody else parked it, and is withdrawn when it ends', () => {
    say(documents.full([]));
    say(documents.partial([CLIENT]));
    say(documents.partial([{ ...CLIENT, ended: { reason: 'Caller hung up' } }]));
    const effects = events.flatMap((event) => (event.kind === 'board' ? [event.effect.kind] : []));
    expect(effects).toEqual(['alert', 'withdraw', 'announce-ended']);
  });

  it('leaves the list 3 s after its end', () => {
    say(documents.full([CLIENT]));
    say(documents.partial([{ ...CLIENT, ended: { reason: 'Caller hung up' } }]));
    clock.advance(2_900);
    expect(state().board.cards).toHaveLength(1);
    clock.advance(200);
    expect(state().board.cards).toHaveLength(0);
  });

  it('has the list asked for anew when a NOTIFY is missing or cannot be read', () => {
    say(documents.full([CLIENT]));
    documents.lose();
    say(documents.partial([]));
    expect(line.resyncs).toBe(1);
    say('<dialog-info');
    expect(line.resyncs).toBe(2);
    expect(state().board.sync.kind).toBe('lost');
  });
});

describe('parking', () => {
  it('tells where the call went and with which code it is retrieved', async () => {
    const call = await talkTo('103');
    phone.park(call, { code: '*68', note: null });
    const receipt = { parkId: CLIENT.id, slot: '102', retrieveCode: '*88102' };
    line.say({ kind: 'call', input: { kind: 'refer-accepted', call } });
    expect(state().calls.calls[0]?.state.kind).toBe('parking');
    line.say({ kind: 'call', input: { kind: 'refer-succeeded', call, receipt } });
    expect(line.performed.at(-1)).toEqual({ kind: 'end', call });
    expect(notices()).toContainEqual(expect.objectContaining({ kind: 'parked', receipt }));
  });

  it('says no more how the call is retrieved once somebody has it', async () => {
    const call = await talkTo('103');
    phone.park(call, { code: '*68', note: null });
    const receipt = { parkId: CLIENT.id, slot: '102', retrieveCode: '*88102' };
    line.say({ kind: 'call', input: { kind: 'refer-accepted', call } });
    line.say({ kind: 'call', input: { kind: 'refer-succeeded', call, receipt } });
    say(documents.full([CLIENT]));
    expect(notices()).toContainEqual(expect.objectContaining({ kind: 'parked' }));
    say(documents.partial([{ ...CLIENT, ended: { reason: 'Retrieved by 103', by: '103' } }]));
    expect(notices()).toEqual([]);
  });

  it('keeps the call and says so when no word comes for 10 s', async () => {
    const call = await talkTo('103');
    phone.park(call, { code: '*68', note: null });
    clock.advance(10_000);
    expect(state().calls.calls[0]?.state.kind).toBe('active');
    expect(notices()).toMatchObject([
      { kind: 'call-trouble', notice: { kind: 'no-word', of: 'park' } },
    ]);
    expect(line.resyncs).toBe(1);
  });

  it('is what a park code in the transfer field means', async () => {
    const call = await talkTo('103');
    phone.transfer(call, '*68103');
    expect(line.performed.at(-1)).toMatchObject({ target: { kind: 'park', code: '*68103' } });
  });
});

describe('the transfer field', () => {
  it('takes numbers and codes as people write them', async () => {
    const call = await talkTo('103');
    phone.transfer(call, '*68 103');
    expect(line.performed.at(-1)).toMatchObject({ target: { kind: 'park', code: '*68103' } });
    const other = await talkTo('104');
    phone.transfer(other, '+49 (0)30 123-4');
    expect(line.performed.at(-1)).toMatchObject({ target: { kind: 'blind', number: '+49301234' } });
  });

  it('calls whoever is asked first by the number as people write it', async () => {
    await talkTo('103');
    phone.consult('030/12 34');
    await settle();
    expect(dials()).toMatchObject([{ target: '0301234' }]);
  });
});

describe('dialling', () => {
  it('dials feature codes like numbers, and knows that some retrieve', () => {
    phone.dial('*88');
    expect(dials()).toMatchObject([{ target: '*88', purpose: { kind: 'retrieve', cardId: null } }]);
  });

  it('says so when there is no connection, instead of starting a call that cannot be', () => {
    line.become({ kind: 'offline', since: epochMs(0), problem: { kind: 'unreachable' } });
    expect(phone.dial('103')).toBe(false);
    expect(dials()).toEqual([]);
    expect(notices()).toEqual([{ kind: 'not-dialled', why: 'offline' }]);
  });
});

it('leaves no timer behind when it is disposed', async () => {
  say(documents.full([CLIENT]));
  const call = await talkTo('103');
  phone.park(call, { code: '*68', note: null });
  say(documents.partial([{ ...CLIENT, ended: { reason: 'Caller hung up' } }]));
  phone.call({ kind: 'hang-up', call });
  phone.dispose();
  expect(clock.pending).toBe(0);
});

describe('a call that asks to be answered by itself', () => {
  const comes = (call: string, autoAnswerAfterMs: number) =>
    line.say({
      kind: 'call',
      input: {
        kind: 'came-in',
        call,
        party: { name: null, number: '103' },
        recall: null,
        autoAnswerAfterMs,
      },
    });
  const answers = () => line.performed.filter((effect) => effect.kind === 'answer');

  it('rings like any other unless the user allowed it', () => {
    comes('a', 0);
    clock.advance(10_000);
    expect(answers()).toEqual([]);
  });

  it('is answered when it wants that, with a tone', () => {
    autoAnswer = true;
    comes('a', 2_000);
    clock.advance(1_999);
    expect(answers()).toEqual([]);
    clock.advance(1);
    expect(answers()).toEqual([{ kind: 'answer', call: 'a' }]);
    expect(events.map(({ kind }) => kind)).toContain('auto-answered');
  });

  it('is never answered into another call', async () => {
    autoAnswer = true;
    await talkTo('104');
    comes('a', 0);
    clock.advance(5_000);
    expect(answers()).toEqual([{ kind: 'answer', call: 'in-104' }]);
  });
});

describe('a conference by one key', () => {
  it('begins with the call on hold, and ends with the shown one', async () => {
    await talkTo('103');
    await talkTo('104');
    phone.toggleConference();
    await settle();
    expect(line.performed.at(-1)).toEqual({ kind: 'mix', calls: ['in-103', 'in-104'] });
    phone.show('in-103');
    phone.toggleConference();
    expect(line.performed.slice(-2)).toEqual([
      { kind: 'hold', call: 'in-104' },
      { kind: 'mix', calls: [] },
    ]);
  });

  it('does nothing with one call', async () => {
    await talkTo('103');
    const before = line.performed.length;
    phone.toggleConference();
    expect(line.performed).toHaveLength(before);
  });
});

describe('the sound of a call', () => {
  const poor = { loss: 0.1, jitterMs: 5, roundTripMs: 40, mos: 2.2, codec: 'opus', level: 0 };

  it('is measured every three seconds, shown, and told at the end', async () => {
    await talkTo('103');
    line.measured = poor;
    await clock.advanceAsync(6_500);
    expect(state().qualities.get('in-103')).toEqual(poor);
    phone.call({ kind: 'hang-up', call: 'in-103' });
    const ended = events.find((event) => event.kind === 'call-ended');
    expect(ended).toMatchObject({ quality: { readings: 2, mos: 2.2 } });
    expect(notices()).toMatchObject([{ kind: 'sounded-poor' }]);
  });

  it('is not measured while nothing is heard', async () => {
    line.measured = poor;
    await clock.advanceAsync(10_000);
    expect(state().qualities.size).toBe(0);
  });
});
