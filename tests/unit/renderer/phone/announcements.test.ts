import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MachineSettings } from '../../../../renderer/phone/model/settings-store.ts';
import { Switchboard } from '../../../../renderer/phone/model/switchboard.ts';
import { watchAnnouncements } from '../../../../renderer/phone/observers/announcements.ts';
import { TonePlayer } from '../../../../renderer/sip/audio/tone-player.ts';
import { parkIdOf, type ParkedSketch } from '../../../fakes/park-documents.ts';
import { PhonePage, settle } from '../../../fakes/phone-page.ts';
import { SignedInAccounts } from '../../../fakes/signed-in-accounts.ts';

const BOB = '101@office.test';
const ANN = '102@office.test';
const HOME = '101@home.test';
const CLIENT: ParkedSketch = { id: parkIdOf(1), slot: '104', parker: '103', group: 'Support' };
const party = { name: 'Client', number: '003386002678' };

let page: PhonePage;
let switchboard: Switchboard;
let accounts: SignedInAccounts;
let said: string[];

beforeEach(() => {
  // There is no loudspeaker here.
  vi.spyOn(TonePlayer.prototype, 'play').mockReturnValue({ dispose: () => {} });
  page = new PhonePage();
  accounts = new SignedInAccounts(page);
  said = [];
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Words stand for themselves: what is said is the name of the message. */
function signIn(...keys: string[]): void {
  switchboard = new Switchboard(page.world, new MachineSettings(page.keeper, null));
  watchAnnouncements(switchboard, {
    say: (id, values = {}) => (id === 'accounts.of' ? String(values['words']) : id),
    announce: (words) => said.push(words()),
  });
  accounts.signIn(switchboard, keys);
}

const ring = (key: string, call: string, recall: { slot: string; attempt: number } | null = null) =>
  page.line(key).say({ kind: 'call', input: { kind: 'came-in', call, party, recall } });

describe('those who hear the page', () => {
  it('are told who calls, and that somebody comes back from where they were parked', () => {
    signIn(BOB);
    ring(BOB, 'a');
    ring(BOB, 'b', { slot: '101', attempt: 1 });
    expect(said).toEqual(['call.incomingFrom', 'notify.recall']);
  });

  it('are told that the other side has hung up, and not what they did themselves', async () => {
    signIn(BOB);
    for (const call of ['a', 'b']) {
      ring(BOB, call);
      switchboard.floor.press({ kind: 'answer', call });
      await settle();
    }
    said.length = 0;
    page.line(BOB).say({ kind: 'call', input: { kind: 'gone', call: 'b', why: 'bye' } });
    switchboard.floor.press({ kind: 'hang-up', call: 'a' });
    expect(said).toEqual(['call.over']);
  });

  it('are not disturbed by a call that comes silently, but by a recall', () => {
    signIn(BOB, HOME);
    switchboard.find(BOB)?.settings.change({ doNotDisturb: true });
    ring(BOB, 'a');
    expect(said).toEqual([]);
    ring(BOB, 'b', { slot: '101', attempt: 1 });
    ring(HOME, 'c');
    expect(said).toEqual(['notify.recall', 'call.incomingFrom']);
  });

  it('are told once of a parked call that two accounts of one server see, and once that it is gone', () => {
    signIn(BOB, ANN);
    for (const key of [ANN, BOB]) accounts.list(key, [CLIENT]);
    expect(said).toEqual(['announce.parked']);
    for (const key of [BOB, ANN]) accounts.list(key, []);
    expect(said).toEqual(['announce.parked', 'announce.ended']);
  });

  it('are told by the account of the colleague of what the other account has parked', () => {
    signIn(BOB, ANN);
    for (const key of [BOB, ANN]) accounts.list(key, [{ ...CLIENT, slot: '102', parker: '101' }]);
    expect(said).toEqual(['announce.parked']);
  });
});
