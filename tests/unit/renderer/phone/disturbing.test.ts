import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { linkDesktop } from '../../../../renderer/phone/model/desktop-link.ts';
import { MachineSettings } from '../../../../renderer/phone/model/settings-store.ts';
import type { Session } from '../../../../renderer/phone/model/session.ts';
import { Switchboard } from '../../../../renderer/phone/model/switchboard.ts';
import { RINGTONES } from '../../../../renderer/sip/audio/ringtones.ts';
import { RECALL_RING, RINGBACK, type Sound } from '../../../../renderer/sip/audio/sounds.ts';
import { TonePlayer } from '../../../../renderer/sip/audio/tone-player.ts';
import type { DesktopEvent } from '../../../../shared/bridge/contract.ts';
import { ParkDocuments, parkIdOf, type ParkedSketch } from '../../../fakes/park-documents.ts';
import { accountAt, fakeDesktop, PhonePage, settle } from '../../../fakes/phone-page.ts';

const BOB = '101@office.test';
const CLIENT: ParkedSketch = { id: parkIdOf(1), slot: '101', parker: '103', note: 'invoice 4711' };
const party = { name: 'Client', number: '003386002678' };
const RECALL = { slot: '101', attempt: 1 };

let page: PhonePage;
let switchboard: Switchboard;
let bob: Session;
let documents: ParkDocuments;
let tell: (event: DesktopEvent) => void;
/** What sounds now. */
let sounding: Sound[];
/** The notifications that stand, as they were worded last. */
let standing: Map<string, string>;

beforeEach(() => {
  sounding = [];
  standing = new Map();
  vi.spyOn(TonePlayer.prototype, 'play').mockImplementation((sound) => {
    sounding.push(sound);
    return { dispose: () => void (sounding = sounding.filter((each) => each !== sound)) };
  });
  page = new PhonePage(
    fakeDesktop({
      showIncoming: async ({ callId, title, body }) =>
        void standing.set(callId, `${title} ${body}`),
      withdrawIncoming: async (callId) => void standing.delete(callId),
      showParked: async ({ parkId, title, body }) => void standing.set(parkId, `${title} ${body}`),
      withdrawParked: async (parkId) => void standing.delete(parkId),
      onEvent: (run) => {
        tell = run;
        return () => {};
      },
    }),
  );
  // What is said is the name of the message and what stands in it.
  const say = (id: string, values: object = {}) => [id, ...Object.values(values)].join(' ');
  Object.assign(page.world, { say: () => say });
  const machine = new MachineSettings(page.keeper, null);
  machine.change({ chimeOn: false });
  switchboard = new Switchboard(page.world, machine);
  const { desktop } = page.world;
  if (desktop === null) throw new Error('there is a desktop');
  const actions = { prefill: () => {}, askBeforeQuit: () => {}, quit: async () => {} };
  linkDesktop(switchboard, desktop, { say: page.world.say, ...actions });
  bob = switchboard.make(accountAt('office.test'), 'secret');
  switchboard.add(bob);
  bob.phone.line.start();
  documents = new ParkDocuments(() => page.clock.now());
  page.line(BOB).say({ kind: 'park-list', event: { kind: 'subscribed' } });
  list([]);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function list(parked: readonly ParkedSketch[]): void {
  const body = documents.full(parked);
  page.line(BOB).say({ kind: 'park-list', event: { kind: 'document', body } });
}

function ring(call: string, more: { recall?: typeof RECALL; autoAnswerAfterMs?: number } = {}) {
  const { recall = null, ...rest } = more;
  page.line(BOB).say({ kind: 'call', input: { kind: 'came-in', call, party, recall, ...rest } });
}

describe('do not disturb', () => {
  it('silences what rings at once, and lets it ring again', () => {
    ring('a');
    expect(sounding).toEqual([RINGTONES.trill]);
    switchboard.setDoNotDisturb(true);
    expect(sounding).toEqual([]);
    switchboard.setDoNotDisturb(false);
    expect(sounding).toEqual([RINGTONES.trill]);
  });

  it('shows a recall, since that rings as well', () => {
    switchboard.setDoNotDisturb(true);
    ring('a');
    ring('b', { recall: RECALL });
    expect(sounding).toEqual([RECALL_RING]);
    expect([...standing.keys()]).toEqual(['b']);
  });

  it('opens nobody’s microphone, whatever the caller’s side asks for', async () => {
    bob.settings.change({ autoAnswer: true, doNotDisturb: true });
    ring('a', { autoAnswerAfterMs: 0 });
    await page.clock.advanceAsync(1_000);
    expect(switchboard.floor.calls.calls).toMatchObject([{ state: { kind: 'incoming' } }]);
    expect(page.line(BOB).performed).toEqual([]);
  });
});

describe('a locked screen', () => {
  it('is told that somebody calls, not who', () => {
    tell({ kind: 'screen-locked', locked: true });
    ring('a');
    ring('b', { recall: RECALL });
    expect([...standing.values()].join()).not.toContain('Client');
    expect([...standing.values()].join()).not.toContain('3386002678');
    expect(standing.size).toBe(2);
  });

  it('says no more whose call is parked, and with which note, once it is locked', async () => {
    list([CLIENT]);
    await settle();
    expect(standing.get(CLIENT.id)).toContain('Client');
    tell({ kind: 'screen-locked', locked: true });
    expect(standing.get(CLIENT.id)).toBeDefined();
    expect(standing.get(CLIENT.id)).not.toMatch(/Client|invoice/);
  });
});

it('does not let a far telephone ring into the talk with somebody else', async () => {
  ring('a');
  switchboard.floor.press({ kind: 'answer', call: 'a' });
  await settle();
  bob.phone.dial('102');
  await settle();
  const consult = switchboard.floor.calls.calls.at(-1)?.id ?? '';
  page.line(BOB).say({ kind: 'call', input: { kind: 'rings', call: consult } });
  expect(sounding).toEqual([RINGBACK]);
  switchboard.floor.press({ kind: 'resume', call: 'a' });
  await settle();
  expect(sounding).toEqual([]);
});
