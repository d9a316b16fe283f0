import { beforeEach, describe, expect, it } from 'vitest';
import { lastDialledOf } from '../../../../../renderer/phone/features/dialer/redial.ts';
import { History, missedCount } from '../../../../../renderer/phone/model/history.ts';
import type { Phone } from '../../../../../renderer/phone/model/phone.ts';
import { epochMs } from '../../../../../shared/domain/ids.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { memoryKeeper } from '../../../../fakes/memory-keeper.ts';
import { ParkDocuments, parkIdOf } from '../../../../fakes/park-documents.ts';
import { ScriptedLine } from '../../../../fakes/scripted-line.ts';
import { scriptedPhone } from '../../../../fakes/scripted-phone.ts';

let clock: FakeClock;
let line: ScriptedLine;
let phone: Phone;
let history: History;

beforeEach(() => {
  clock = new FakeClock();
  line = new ScriptedLine();
  phone = scriptedPhone({ line, clock, extension: '101' });
  history = new History(memoryKeeper(), '101@pbx.test');
  history.watch(phone);
  line.become({ kind: 'registered', at: epochMs(0), apiBaseUrl: null });
});

const record = () => history.state.getState();
const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
const alice = { name: 'Alice', number: '102' };
const lastCall = () => phone.state.getState().calls.calls.at(-1)?.id ?? '';

function ring(call: string): void {
  line.say({ kind: 'call', input: { kind: 'came-in', call, party: alice, recall: null } });
}

function giveUp(call: string): void {
  line.say({ kind: 'call', input: { kind: 'gone', call, why: 'cancel' } });
}

describe('the calls of this device', () => {
  it('count a call as missed that still rang while the history was looked at', () => {
    ring('a');
    clock.advance(5_000);
    history.markSeen(clock.now());
    clock.advance(5_000);
    giveUp('a');
    expect(missedCount(record())).toBe(1);
    history.markSeen(clock.now());
    expect(missedCount(record())).toBe(0);
  });

  it('offer what was dialled again, not who answered there', () => {
    phone.dial('600');
    const call = lastCall();
    line.say({ kind: 'call', input: { kind: 'answered', call, party: alice } });
    line.say({ kind: 'call', input: { kind: 'gone', call, why: 'bye' } });
    expect(record().entries).toMatchObject([{ kind: 'outgoing', number: '102' }]);
    expect(lastDialledOf(record())).toBe('600');
  });

  it('offer what was dialled again although that call was parked', () => {
    phone.dial('600');
    const call = lastCall();
    line.say({ kind: 'call', input: { kind: 'answered', call, party: null } });
    phone.park(call, { code: '*68', note: null });
    const receipt = { parkId: null, slot: '101', retrieveCode: '*88101' };
    line.say({ kind: 'call', input: { kind: 'refer-succeeded', call, receipt } });
    expect(record().entries).toMatchObject([{ kind: 'parked' }]);
    expect(lastDialledOf(record())).toBe('600');
  });

  it('do not name a retrieve that came too late as a call to the client, nor dial the client again', async () => {
    const documents = new ParkDocuments(() => clock.now());
    const id = parkIdOf(1);
    const body = documents.full([{ id, slot: '101', parker: '103' }]);
    line.say({ kind: 'park-list', event: { kind: 'subscribed' } });
    line.say({ kind: 'park-list', event: { kind: 'document', body } });
    phone.retrieve(id);
    const final = { status: 410, phrase: 'Gone', reasonText: 'Retrieved by Carol' };
    line.say({ kind: 'call', input: { kind: 'refused', call: lastCall(), final } });
    await settle();
    expect(record().entries).toEqual([]);
    expect(lastDialledOf(record())).toBeNull();
  });

  it('read what earlier versions wrote', () => {
    const entry = {
      id: 'a',
      at: 10,
      name: '',
      number: '102',
      kind: 'missed',
      lastedMs: 0,
    } as const;
    expect(missedCount({ entries: [entry], seenAt: 5 })).toBe(1);
    expect(missedCount({ entries: [entry], seenAt: 15 })).toBe(0);
    expect(lastDialledOf({ entries: [{ ...entry, kind: 'outgoing' }] })).toBe('102');
  });
});
