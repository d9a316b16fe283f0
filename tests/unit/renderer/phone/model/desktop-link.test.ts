import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { linkDesktop } from '../../../../../renderer/phone/model/desktop-link.ts';
import { MachineSettings } from '../../../../../renderer/phone/model/settings-store.ts';
import { Switchboard } from '../../../../../renderer/phone/model/switchboard.ts';
import type { DesktopBridge, DesktopEvent } from '../../../../../shared/bridge/contract.ts';
import type { CommandOutcome } from '../../../../../shared/bridge/phone-command.ts';
import type { PhoneSnapshot } from '../../../../../shared/bridge/snapshot.ts';
import { parseParkId } from '../../../../../shared/domain/ids.ts';
import { parkIdOf, type ParkedSketch } from '../../../../fakes/park-documents.ts';
import { fakeDesktop, PhonePage, settle } from '../../../../fakes/phone-page.ts';
import { SignedInAccounts } from '../../../../fakes/signed-in-accounts.ts';

const BOB = '101@office.test';
const ANN = '102@office.test';
const ELSEWHERE = '101@home.test';
const CLIENT: ParkedSketch = { id: parkIdOf(1), slot: '104', parker: '103', group: 'Support' };

let shown: string[];
let snapshots: PhoneSnapshot[];
let answers: CommandOutcome[];
let prefilled: string[];
let tell: (event: DesktopEvent) => void;
let page: PhonePage;
let accounts: SignedInAccounts;

const nobody = () => {};
const desktop = (): DesktopBridge =>
  fakeDesktop({
    publish: async (snapshot) => void snapshots.push(snapshot),
    showParked: async ({ parkId }) => void shown.push(`shown ${parkId}`),
    showWindow: async () => void shown.push('window'),
    answerCommand: async ({ outcome }) => void answers.push(outcome),
    withdrawParked: async (parkId) => void shown.push(`withdrawn ${parkId}`),
    onEvent: (run) => {
      tell = run;
      return nobody;
    },
  });

beforeEach(() => {
  shown = [];
  snapshots = [];
  answers = [];
  prefilled = [];
  page = new PhonePage(desktop());
  accounts = new SignedInAccounts(page);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A switchboard with these accounts signed in, as the page has it from the first sign-in on. */
function signIn(...keys: string[]) {
  const machine = new MachineSettings(page.keeper, null);
  machine.change({ chimeOn: false });
  const switchboard = new Switchboard(page.world, machine);
  const link = linkDesktop(switchboard, page.world.desktop ?? desktop(), {
    say: page.world.say,
    prefill: (target) => void prefilled.push(target),
    askBeforeQuit: nobody,
    quit: async () => {},
  });
  accounts.signIn(switchboard, keys);
  return { switchboard, link };
}

const alerts = () => snapshots.at(-1)?.alerts.length;

it('numbers its snapshots on when everybody has signed out and somebody signs in again', async () => {
  const first = signIn(BOB);
  await settle();
  first.link.dispose();
  await first.switchboard.close();
  const last = snapshots.at(-1)?.sequence ?? 0;
  const before = snapshots.length;
  signIn(BOB);
  await settle();
  const since = snapshots.slice(before).map(({ sequence }) => sequence);
  expect(since.length).toBeGreaterThan(0);
  expect(since.every((sequence) => sequence > last)).toBe(true);
});

it('shows a call that two accounts see once, until none of them has it any more', async () => {
  const { switchboard } = signIn(BOB, ANN);
  for (const key of [BOB, ANN]) accounts.list(key, [CLIENT]);
  await settle();
  expect(shown).toEqual([`shown ${CLIENT.id}`]);
  expect(alerts()).toBe(1);
  const bob = switchboard.find(BOB);
  if (bob !== null) await switchboard.remove(bob);
  await settle();
  expect(shown).toEqual([`shown ${CLIENT.id}`]);
  expect(alerts()).toBe(1);
  accounts.list(ANN, []);
  await settle();
  expect(shown).toEqual([`shown ${CLIENT.id}`, `withdrawn ${CLIENT.id}`]);
  expect(alerts()).toBe(0);
});

it.each([ANN, ELSEWHERE])(
  'retrieves a call by its id from %s, whose list is live',
  async (live) => {
    signIn(BOB, live);
    for (const key of [BOB, live]) accounts.list(key, [CLIENT]);
    page.line(BOB).say({ kind: 'park-list', event: { kind: 'lost' } });
    await settle();
    const parkId = parseParkId(CLIENT.id);
    if (parkId !== null) tell({ kind: 'retrieve', parkId, source: 'notification' });
    const dials = (key: string) => page.line(key).performed.filter(({ kind }) => kind === 'dial');
    expect([dials(BOB).length, dials(live).length]).toEqual([0, 1]);
  },
);

it.each(['*68102', '%2a68102', 'tel:*68102', ' *88'])(
  'dials no code that a program calls a number: %j',
  async (target) => {
    signIn(BOB);
    tell({ kind: 'command', id: 1, command: { kind: 'call', target } });
    await settle();
    expect(page.line(BOB).performed).toEqual([]);
    expect(answers).toMatchObject([{ kind: 'failed', reason: 'refused' }]);
  },
);

it('fills the dial field from a link, with no code of this telephone system either', () => {
  const { switchboard } = signIn(BOB);
  tell({ kind: 'prefill', target: '700' });
  const { pbx } = switchboard.first?.phone.state.getState() ?? {};
  if (pbx === undefined) throw new Error('somebody is signed in');
  const codes = { ...pbx.codes, park: '700' };
  switchboard.first?.phone.update({ codes });
  tell({ kind: 'prefill', target: '700' });
  tell({ kind: 'prefill', target: '7001' });
  expect(prefilled).toEqual(['700', '7001']);
});

it('tells the desktop how many wait, and the names of the first thousand', async () => {
  signIn(BOB);
  accounts.list(
    BOB,
    Array.from({ length: 1_200 }, (_, n) => ({ ...CLIENT, id: parkIdOf(n) })),
  );
  await settle();
  const { waiting, parked } = snapshots.at(-1) ?? {};
  expect([waiting, parked?.length]).toEqual([1_200, 1_000]);
  page.line(BOB).say({ kind: 'park-list', event: { kind: 'lost' } });
  await settle();
  expect(snapshots.at(-1)).toMatchObject({ waiting: 0, parkList: 'unknown' });
});

it.each<DesktopEvent>([
  { kind: 'retrieve-oldest', source: 'shortcut' },
  { kind: 'retrieve', parkId: CLIENT.id, source: 'tray' },
])('shows the window where $kind of $source first asks whether to hold', async (press) => {
  const { switchboard } = signIn(BOB);
  const bob = switchboard.find(BOB);
  bob?.settings.change({ askBeforeHold: true, doNotDisturb: true });
  accounts.list(BOB, [CLIENT]);
  const party = { name: 'Dora', number: '555' };
  const call = { kind: 'came-in', call: 'c1', party, recall: null } as const;
  page.line(BOB).say({ kind: 'call', input: call });
  tell({ kind: 'answer', callId: 'c1' });
  page.line(BOB).say({ kind: 'call', input: { kind: 'answered', call: 'c1', party: null } });
  await settle();
  shown = [];
  tell(press);
  expect(bob?.phone.state.getState().askingFor).toBe(CLIENT.id);
  expect(shown).toEqual(['window']);

  bob?.phone.cancelAsking();
  bob?.settings.change({ askBeforeHold: false });
  tell(press);
  await settle();
  expect(page.line(BOB).performed.map(({ kind }) => kind)).toContain('dial');
  expect(shown).toEqual(['window']);
});
