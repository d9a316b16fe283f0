import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { linkDesktop } from '../../../../../renderer/phone/model/desktop-link.ts';
import { MachineSettings } from '../../../../../renderer/phone/model/settings-store.ts';
import { Switchboard } from '../../../../../renderer/phone/model/switchboard.ts';
import { callToHold } from '../../../../../renderer/phone/model/which-call.ts';
import { callsAtHand } from '../../../../../renderer/phone/model/press-at-hand.ts';
import { TonePlayer } from '../../../../../renderer/sip/audio/tone-player.ts';
import type { DesktopEvent } from '../../../../../shared/bridge/contract.ts';
import { accountAt, fakeDesktop, PhonePage, settle } from '../../../../fakes/phone-page.ts';

const OFFICE = '101@office.test';
const HOME = '101@home.test';
const party = { name: null, number: '003386002678' };

let page: PhonePage;
let switchboard: Switchboard;
let tell: (event: DesktopEvent) => void;

beforeEach(() => {
  // There is no loudspeaker here.
  vi.spyOn(TonePlayer.prototype, 'play').mockReturnValue({ dispose: () => {} });
  page = new PhonePage(
    fakeDesktop({
      onEvent: (run) => {
        tell = run;
        return () => {};
      },
    }),
  );
  const machine = new MachineSettings(page.keeper, null);
  switchboard = new Switchboard(page.world, machine);
  const { desktop } = page.world;
  if (desktop === null) throw new Error('there is a desktop');
  linkDesktop(switchboard, desktop, {
    say: page.world.say,
    prefill: () => {},
    askBeforeQuit: () => {},
    quit: async () => {},
  });
  for (const domain of ['office.test', 'home.test']) {
    const session = switchboard.make(accountAt(domain), 'secret');
    switchboard.add(session);
    session.phone.line.start();
  }
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const ring = (
  account: string,
  call: string,
  recall: { slot: string; attempt: number } | null = null,
) => page.line(account).say({ kind: 'call', input: { kind: 'came-in', call, party, recall } });
const states = () => switchboard.floor.calls.calls.map(({ id, state }) => `${id} ${state.kind}`);

async function answer(call: string): Promise<void> {
  switchboard.floor.press({ kind: 'answer', call });
  await settle();
}

/** Two calls on hold, the newer one shown large. */
async function twoOnHold(): Promise<void> {
  ring(OFFICE, 'first');
  await answer('first');
  ring(OFFICE, 'second');
  await answer('second');
  switchboard.floor.press({ kind: 'hold', call: 'second' });
  await settle();
  expect(states()).toEqual(['first held', 'second held']);
  expect(switchboard.floor.state.getState().shownCall).toBe('second');
}

describe('a key that names no call', () => {
  it('hangs up the call on the screen where all wait on hold, not the oldest', async () => {
    await twoOnHold();
    tell({ kind: 'hang-up' });
    await settle();
    expect(states()).toEqual(['first held', 'second ended']);
  });

  it('goes on with the call on the screen where all wait on hold', async () => {
    await twoOnHold();
    expect(callToHold(callsAtHand(switchboard))).toMatchObject({
      kind: 'resume',
      call: { id: 'second' },
    });
    switchboard.floor.show('first');
    expect(callToHold(callsAtHand(switchboard))).toMatchObject({ call: { id: 'first' } });
  });

  it('gives up the call that is being set up before it declines one that has rung for longer', () => {
    ring(OFFICE, 'rings');
    switchboard.find(OFFICE)?.phone.dial('102');
    tell({ kind: 'hang-up' });
    expect(states()).toEqual(['rings incoming', expect.stringContaining('ended')]);
  });

  it('answers the call that is heard ringing, not one that came silently before it', async () => {
    switchboard.find(OFFICE)?.settings.change({ doNotDisturb: true });
    ring(OFFICE, 'silent');
    ring(HOME, 'heard');
    tell({ kind: 'answer', callId: null });
    await settle();
    expect(states()).toEqual(['silent incoming', 'heard active']);
  });

  it('answers a recall, which rings whatever is not to disturb, and a silent call where no other rings', async () => {
    switchboard.setDoNotDisturb(true);
    ring(OFFICE, 'silent');
    ring(HOME, 'recall', { slot: '101', attempt: 1 });
    tell({ kind: 'answer', callId: null });
    await settle();
    expect(states()).toEqual(['silent incoming', 'recall active']);
    tell({ kind: 'answer', callId: null });
    await settle();
    await settle();
    expect(states()).toEqual(['silent active', 'recall held']);
  });
});
