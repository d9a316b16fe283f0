import { createRoot } from 'react-dom/client';
import { createIntl } from 'react-intl';
import type { DesktopBridge, SignIn } from '../shared/bridge/contract.ts';
import type { PbxProfile } from '../shared/phone/pbx-profile.ts';
import { readSignInLink, type SignInDraft } from '../shared/phone/sign-in-link.ts';
import english from './locales/en.json';
import { AppView } from './phone/app-view.tsx';
import { browserInstaller, keepShell, noInstaller } from './phone/browser-install.ts';
import { demoSignIn } from './phone/demo-sign-in.ts';
import { profileOfAccount, type Account } from './phone/model/account.ts';
import { App } from './phone/model/app.ts';
import { storageKeeper } from './phone/model/keeper.ts';
import { signInOfLink } from './phone/model/link-sign-in.ts';
import { browserPasswords, desktopPasswords } from './phone/model/password-keeper.ts';
import type { SessionWorld } from './phone/model/session.ts';
import { sayer, type Say } from './phone/text.tsx';
import { browserClock } from './sip/clock.ts';
import { JsSipLine } from './sip/jssip-line.ts';
import { SipTrace } from './sip/trace.ts';
import { holdPhoneLock } from './phone/phone-lock.ts';
import './theme/theme.css';

declare global {
  interface Window {
    readonly parkline?: DesktopBridge;
  }
}

const APP_VERSION = '0.1.0';

async function start(root: HTMLElement): Promise<void> {
  const desktop = window.parkline ?? null;
  const profile = (await desktop?.profile()) ?? null;
  const appVersion = profile?.appVersion ?? APP_VERSION;
  const trace = new SipTrace(browserClock);
  const keeper = storageKeeper(localStorageOf(window));
  let say: Say = sayer(createIntl({ locale: 'en', messages: english }));
  const world: SessionWorld = {
    clock: browserClock,
    keeper,
    desktop,
    profile,
    trace,
    installer: desktop === null ? browserInstaller(window) : noInstaller,
    newId: () => crypto.randomUUID(),
    say: () => say,
    makeLine: ({ account, password, sounds, iceServers, digitsBy }) =>
      new JsSipLine(
        { ...account, ...lineParts(account), password, displayName: null },
        {
          clock: browserClock,
          trace,
          microphone: sounds.microphone,
          speaker: sounds.speaker,
          userAgent: `Parkline/${appVersion}`,
          iceServers,
          digitsBy,
        },
      ),
  };
  const passwords = desktop === null ? browserPasswords(keeper) : desktopPasswords(desktop);
  const app = new App({
    world,
    passwords,
    appVersion,
    ownServer: desktop === null ? window.location.host : '',
    linkedSignIn: desktop === null ? takeLinkedSignIn() : null,
    linkedDraft: desktop === null ? takeLinkedDraft() : null,
  });
  createRoot(root).render(
    <AppView
      app={app}
      onSay={(next) => {
        say = next;
      }}
    />,
  );
  const demo = desktop === null ? demoSignIn(window.location) : null;
  // A password does not stay in the address.
  if (demo !== null) window.history.replaceState(null, '', window.location.pathname);
  if (desktop === null && !(await holdPhoneLock())) app.showSecondTab();
  else await app.start(demo);
}

/** What the line does differently from one telephone system to the next. */
function lineParts(
  account: Account,
): Pick<PbxProfile, 'parkSource' | 'voicemail' | 'marksRecalls'> {
  const { parkSource, voicemail, marksRecalls } = profileOfAccount(account);
  return { parkSource, voicemail, marksRecalls };
}

/** Read once: a password must not stay in the address bar, nor in the history. */
function takeLinkedSignIn(): SignIn | null {
  const signIn = signInOfLink(window.location.href);
  if (signIn !== null) history.replaceState(null, '', window.location.pathname);
  return signIn;
}

function takeLinkedDraft(): SignInDraft | null {
  const draft = readSignInLink(window.location.href);
  if (draft !== null) history.replaceState(null, '', window.location.pathname);
  return draft;
}

function localStorageOf(target: Window): Storage | null {
  try {
    return target.localStorage;
  } catch {
    return null;
  }
}

const root = document.getElementById('root');
if (root !== null) void start(root);
if (window.parkline === undefined) keepShell(window);
