import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AccountBook } from '../../../../../renderer/phone/model/account-book.ts';
import { App } from '../../../../../renderer/phone/model/app.ts';
import type { DesktopBridge, SignIn } from '../../../../../shared/bridge/contract.ts';
import { epochMs } from '../../../../../shared/domain/ids.ts';
import type { ScriptedLine } from '../../../../fakes/scripted-line.ts';
import { accountAt, fakeDesktop, formAt, PhonePage, settle } from '../../../../fakes/phone-page.ts';

const OFFICE = '101@office.test';
const HOME = '101@home.test';

let page: PhonePage;
let app: App;

beforeEach(() => {
  page = new PhonePage();
  app = appOf(page);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const appOf = ({ world, passwords }: PhonePage) =>
  new App({ world, passwords, appVersion: '1.0.0', ownServer: '' });

const shown = () => {
  const { stage } = app.state.getState();
  return stage.kind === 'phone'
    ? stage.switchboard.sessions.map(({ account }) => account.key)
    : stage.kind;
};
const asked = () => {
  const { stage, adding } = app.state.getState();
  return (stage.kind === 'sign-in' ? stage : adding)?.form.server ?? null;
};
const registered = (key: string) =>
  page.line(key).become({ kind: 'registered', at: epochMs(0), apiBaseUrl: null });
/** Written down as in use at the last start. */
const inUse = (...domains: string[]) => {
  const book = new AccountBook(page.keeper);
  for (const domain of domains) book.keep(accountAt(domain));
};
/** Nothing rings: there is nothing to sound on. */
const silence = () => {
  const { stage } = app.state.getState();
  if (stage.kind === 'phone') stage.switchboard.setDoNotDisturb(true);
};
const ring = (line: ScriptedLine) =>
  line.say({
    kind: 'call',
    input: { kind: 'came-in', call: 'c1', party: { name: null, number: '103' }, recall: null },
  });

describe('the accounts in use at start', () => {
  it('come up, and the first whose password is not known is asked for it', async () => {
    inUse('office.test', 'home.test', 'club.test');
    page.passwords.kept.set(OFFICE, 'secret');
    await app.start();
    expect(shown()).toEqual([OFFICE]);
    expect(asked()).toBe('wss://home.test/ws');
  });

  it('are asked for their passwords after the sign-in that the page was loaded anew for', async () => {
    inUse('office.test');
    await app.start(formAt('home.test'));
    expect(shown()).toEqual([HOME]);
    expect(asked()).toBe('wss://office.test/ws');
  });

  it('leave the form to a sign-in that has failed', async () => {
    inUse('office.test', 'club.test');
    page.passwords.kept.set(OFFICE, 'secret');
    page.answers = false;
    const started = app.start(formAt('home.test'));
    await page.clock.advanceAsync(8_000);
    await started;
    expect(asked()).toBe('wss://home.test/ws');
  });
});

describe('signing in', () => {
  it('arrives on a phone when the only other account was signed out meanwhile', async () => {
    await app.signIn(formAt('office.test'));
    page.answers = false;
    const signedIn = app.signIn(formAt('home.test'));
    await settle();
    await app.signOut(OFFICE);
    expect(app.state.getState().stage).toMatchObject({ kind: 'sign-in', busy: 'registering' });
    registered(HOME);
    await signedIn;
    expect(shown()).toEqual([HOME]);
  });

  it('comes to nothing when it is cancelled, also when the server then says yes', async () => {
    await app.signIn(formAt('office.test'));
    page.answers = false;
    app.addAccount();
    const signedIn = app.signIn({ ...formAt('home.test'), remember: true });
    await settle();
    app.stopAdding();
    registered(HOME);
    await signedIn;
    expect(shown()).toEqual([OFFICE]);
    expect(asked()).toBeNull();
    expect(page.line(HOME).state.kind).toBe('stopped');
    expect(page.passwords.kept.has(HOME)).toBe(false);
    expect(app.state.getState().accounts.map(({ key }) => key)).toEqual([OFFICE]);
  });

  it('that is cancelled while it waits for the page to be loaded anew is not begun again there', async () => {
    let kept: SignIn | null = null;
    const answers: Partial<DesktopBridge> = {
      allowServer: async ({ signIn }) => {
        kept = signIn;
        return { kind: 'reloading' };
      },
      takeSignIn: async () => {
        const taken = kept;
        kept = null;
        return taken;
      },
      onEvent: () => () => {},
    };
    page = new PhonePage(fakeDesktop(answers));
    app = appOf(page);
    await app.signIn(formAt('home.test'));
    expect(app.state.getState().stage).toMatchObject({ busy: 'waiting' });
    expect(kept).toMatchObject({ extension: '101' });
    app.stopAdding();
    expect(kept).toBeNull();
  });

  it('is not tried on when the test of the form is cancelled', async () => {
    await app.signIn(formAt('office.test'));
    page.answers = false;
    app.addAccount();
    const checked = app.check(formAt('home.test'));
    await settle();
    expect(app.state.getState().adding?.busy).toBe('testing');
    app.stopAdding();
    await settle();
    expect(page.line(HOME).state.kind).toBe('stopped');
    await page.clock.advanceAsync(60_000);
    await checked;
    expect(asked()).toBeNull();
    expect(page.line(HOME).performed).toEqual([]);
  });

  it('does not write into the form of the account that was asked for next', async () => {
    await app.signIn(formAt('office.test'));
    page.answers = false;
    const signedIn = app.signIn(formAt('home.test'));
    await settle();
    app.changeSignIn(OFFICE);
    await page.clock.advanceAsync(10_000);
    await signedIn;
    expect(app.state.getState().adding).toMatchObject({ problem: null, busy: null });
    expect(asked()).toBe('wss://office.test/ws');
  });

  it('anew signs nobody out who was called while the new password was tried', async () => {
    await app.signIn(formAt('office.test'));
    silence();
    const before = page.line(OFFICE);
    page.answers = false;
    const signedIn = app.signIn(formAt('office.test'));
    await settle();
    ring(before);
    registered(OFFICE);
    await signedIn;
    expect(app.state.getState().adding?.problem).toEqual({ kind: 'in-a-call' });
    expect(before.state.kind).toBe('registered');
  });
});

describe('an account that is switched on', () => {
  beforeEach(async () => {
    await app.signIn(formAt('office.test'));
    await app.signIn({ ...formAt('home.test'), remember: true });
    await app.disable(HOME);
    page.lines.clear();
  });

  it('has one session, however often the switch is pressed', async () => {
    await Promise.all([app.enable(HOME), app.enable(HOME)]);
    expect(shown()).toEqual([OFFICE, HOME]);
    expect(page.lines.get(HOME)).toHaveLength(1);
  });

  it('stays off when it is switched off while it comes', async () => {
    const on = app.enable(HOME);
    await app.disable(HOME);
    await on;
    expect(shown()).toEqual([OFFICE]);
    expect(asked()).toBeNull();
  });

  it('is one account also where somebody signs in to it by hand', async () => {
    page.answers = false;
    const signedIn = app.signIn(formAt('home.test'));
    await settle();
    const byHand = page.line(HOME);
    page.answers = true;
    await app.enable(HOME);
    byHand.become({ kind: 'registered', at: epochMs(0), apiBaseUrl: null });
    await signedIn;
    expect(shown()).toEqual([OFFICE, HOME]);
    const lines = page.lines.get(HOME) ?? [];
    expect(lines.filter(({ state }) => state.kind === 'registered')).toHaveLength(1);
  });
});

it('forgets the password of a signed-out account before its server has said goodbye', async () => {
  await app.signIn({ ...formAt('office.test'), remember: true });
  expect(page.passwords.kept.has(OFFICE)).toBe(true);
  page.line(OFFICE).stop = () => new Promise(() => {});
  void app.signOut(OFFICE);
  await settle();
  expect(page.passwords.kept.has(OFFICE)).toBe(false);
});
