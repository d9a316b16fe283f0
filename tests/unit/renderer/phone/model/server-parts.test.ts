import { CallFloor } from '../../../../../renderer/phone/model/call-floor.ts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lampWords } from '../../../../../renderer/phone/features/contacts/lamp.tsx';
import { storageKeeper } from '../../../../../renderer/phone/model/keeper.ts';
import { Phone } from '../../../../../renderer/phone/model/phone.ts';
import { ServerPartsLoader } from '../../../../../renderer/phone/model/server-parts.ts';
import { SettingsStore } from '../../../../../renderer/phone/model/settings-store.ts';
import type { Forwarding } from '../../../../../shared/domain/call-forwarding.ts';
import { epochMs } from '../../../../../shared/domain/ids.ts';
import { lampOf } from '../../../../../shared/phone/lamps.ts';
import { foldBoard, newBoard } from '../../../../../shared/phone/park-board.ts';
import { parkNotifyFrom } from '../../../../../shared/phone/park-notify.ts';
import { parseDialogInfo } from '../../../../../shared/sip/events/dialog-info-reader.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { ParkDocuments, parkIdOf } from '../../../../fakes/park-documents.ts';
import { ScriptedLine } from '../../../../fakes/scripted-line.ts';

const API = 'https://pbx.test';
const ALICE = { extension: '101', displayName: 'Alice', registered: true };
const ACCOUNT = {
  key: '102@pbx.test',
  server: 'pbx.test',
  extension: '102',
  domain: 'pbx.test',
  webSocketUrl: 'wss://pbx.test/',
  serverName: '',
  apiBaseUrl: API,
  demo: false,
  instanceId: 'x',
};

let line: ScriptedLine;
let clock: FakeClock;
let phone: Phone;
let settings: SettingsStore;
let loader: ServerPartsLoader;
/** Bodies of `PUT /me`, in the order they arrived. */
let told: string[];
let putStatus: number;
let directory: readonly object[];
/** As the server has it; `undefined`: it cannot be reached. */
let forwarding: Forwarding | null | undefined;

beforeEach(() => {
  forwarding = null;
  told = [];
  putStatus = 204;
  directory = [ALICE];
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => Promise.resolve(answer(url, init)));
  line = new ScriptedLine();
  clock = new FakeClock();
  const deps = {
    line,
    clock,
    floor: new CallFloor(clock),
    newId: () => 'call',
    askBeforeHold: () => false,
    autoAnswer: () => false,
  };
  phone = new Phone(ACCOUNT, deps);
  settings = new SettingsStore(storageKeeper(null), ACCOUNT.key);
  loader = new ServerPartsLoader({ phone, settings, clock, extension: '102', password: 'secret' });
});

afterEach(() => {
  loader.dispose();
  phone.dispose();
  vi.unstubAllGlobals();
});

/** The server's side of WIRE §10b, as far as the phone asks. */
function answer(url: string, { method, headers, body }: RequestInit): Response {
  const path = url.replace(`${API}/api/phone/`, '');
  if (path === 'session') {
    if (new Headers(headers).has('Authorization'))
      return Response.json({ token: 'token', expiresAt: 3_600_000_000_000_000 });
    const challenge = { 'X-WWW-Authenticate': 'Digest realm="pbx.test", nonce="n"' };
    return new Response(null, { status: 401, headers: challenge });
  }
  if (path === 'me' && method === 'PUT') {
    told.push(String(body));
    return new Response(null, { status: putStatus });
  }
  if (path === 'me' && forwarding === undefined) throw new TypeError('Failed to fetch');
  if (path === 'me') return Response.json({ extension: '102', displayName: 'Bob', forwarding });
  if (path === 'directory') return Response.json({ entries: directory });
  return Response.json({ iceServers: [] });
}

const register = (apiBaseUrl: string | null = API) =>
  line.become({ kind: 'registered', at: epochMs(0), apiBaseUrl });
const settled = (run: () => void) => vi.waitFor(run, { interval: 1 });
const ready = () =>
  settled(() => expect(phone.state.getState().server).toMatchObject({ kind: 'ready' }));
const ON = '{"doNotDisturb":true}';
const OFF = '{"doNotDisturb":false}';

describe('the directory', () => {
  it('is read again soon after an interruption: colleagues come back as I do, not all before me', async () => {
    directory = [{ ...ALICE, registered: false }];
    register();
    await ready();
    directory = [ALICE];
    // Set when the first reading is over, which is a little after what it says is there.
    await settled(() => expect(clock.pending).toBeGreaterThan(0));
    clock.advance(5_000);
    await settled(() =>
      expect(phone.state.getState().server).toMatchObject({ directory: [{ registered: true }] }),
    );
  });
});

describe('do-not-disturb', () => {
  it('is said at each registration', async () => {
    settings.change({ doNotDisturb: true });
    register();
    await settled(() => expect(told).toEqual([ON]));
    line.become({ kind: 'connecting' });
    register();
    await settled(() => expect(told).toEqual([ON, ON]));
  });

  it('is left as another phone of mine said, where this one only comes back', async () => {
    register();
    await ready();
    line.become({ kind: 'connecting' });
    register();
    // Whatever is said on coming back is said before the directory has been read again.
    await loader.refreshDirectory();
    expect(told).toEqual([]);
    settings.change({ doNotDisturb: true });
    await settled(() => expect(told).toEqual([ON]));
  });

  it('is taken back at the next registration when the server could not be told', async () => {
    settings.change({ doNotDisturb: true });
    register();
    await settled(() => expect(told).toEqual([ON]));
    putStatus = 503;
    settings.change({ doNotDisturb: false });
    await settled(() => expect(told).toEqual([ON, OFF]));
    putStatus = 204;
    line.become({ kind: 'connecting' });
    register();
    await settled(() => expect(told).toEqual([ON, OFF, OFF]));
  });

  it('is said when it changes, and other settings are not the server’s business', async () => {
    register();
    await ready();
    settings.change({ keyTones: false });
    settings.change({ doNotDisturb: true });
    await settled(() => expect(told).toEqual([ON]));
  });

  it('ends as the last press left it, however fast the presses came', async () => {
    register();
    await ready();
    for (const doNotDisturb of [true, false, true]) settings.change({ doNotDisturb });
    await settled(() => expect(told).toHaveLength(3));
    expect(told.at(-1)).toBe(ON);
  });

  it.each([404, 405])(
    'is no trouble with a server that does not know of it: %i',
    async (status) => {
      putStatus = status;
      settings.change({ doNotDisturb: true });
      register();
      await ready();
      expect(told).toEqual([ON]);
      expect(phone.state.getState().notices).toEqual([]);
    },
  );

  it('is said to no server of another make', () => {
    register(null);
    settings.change({ doNotDisturb: true });
    expect(told).toEqual([]);
  });
});

describe('the directory', () => {
  it('of an older server names nobody who must not be disturbed', async () => {
    register();
    await ready();
    const expected = { directory: [{ ...ALICE, doNotDisturb: false }] };
    expect(phone.state.getState().server).toMatchObject(expected);
  });

  it('is read again for whoever is about to choose a colleague', async () => {
    register();
    await ready();
    directory = [{ ...ALICE, doNotDisturb: true }];
    await loader.refreshDirectory();
    expect(phone.state.getState().server).toMatchObject({ directory });
  });
});

describe('forwarding', () => {
  const all = { always: '103', busy: null, noAnswer: null };
  const reasons = () =>
    phone.state.getState().notices.map(({ what }) => ('reason' in what ? what.reason : what.kind));

  it('that is stopped leaves what another phone of mine has saved since', async () => {
    forwarding = all;
    register();
    await ready();
    forwarding = { always: '104', busy: '105', noAnswer: { to: '106', afterMs: 20_000 } };
    const rest = { ...forwarding, always: null };
    expect(await loader.stopForwarding()).toBe(true);
    expect(told).toEqual([JSON.stringify({ forwarding: rest })]);
    expect(phone.state.getState().forwarding).toEqual(rest);
  });

  it.each([
    [undefined, 'offline'],
    [null, 'server'],
  ] as const)('is written over by no copy where it cannot be read: %s', async (now, reason) => {
    forwarding = all;
    register();
    await ready();
    forwarding = now;
    expect(await loader.stopForwarding()).toBe(false);
    expect(told).toEqual([]);
    expect(reasons()).toEqual([reason]);
  });
});

describe('a colleague’s lamp', () => {
  const board = newBoard('102');
  it.each([
    [{ registered: true, doNotDisturb: false }, 'signed-in'],
    [{ registered: true, doNotDisturb: true }, 'do-not-disturb'],
    [{ registered: false, doNotDisturb: true }, 'signed-out'],
  ])('of %j is %s', (entry, lamp) => {
    const lit = lampOf({ extension: '101', ...entry }, board);
    expect(lit).toEqual({ presence: lamp, call: 'unknown', parked: 'none' });
  });

  it('tells of a parked call beside whether the colleague can be reached', () => {
    const documents = new ParkDocuments(() => 0);
    const reading = parseDialogInfo(documents.full([{ id: parkIdOf(1), slot: '101' }]));
    if (reading.kind !== 'dialog-info') throw new Error(reading.reason);
    const notify = parkNotifyFrom(reading.info);
    const { board: live } = foldBoard(board, { kind: 'subscribed' }, epochMs(0));
    const { board: parked } = foldBoard(live, { kind: 'notified', notify }, epochMs(0));
    const entry = { extension: '101', displayName: '', registered: false, doNotDisturb: false };
    const lamp = lampOf(entry, parked);
    expect(lamp).toEqual({ presence: 'signed-out', call: 'unknown', parked: 'some' });
    expect(lampWords(lamp, (id) => id)).toBe('lamp.signedOut · lamp.parked');
  });
});
