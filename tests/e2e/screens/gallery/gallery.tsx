import { createRoot } from 'react-dom/client';
import { createIntl } from 'react-intl';
import english from '../../../../renderer/locales/en.json';
import { AppView } from '../../../../renderer/phone/app-view.tsx';
import { AccountBook } from '../../../../renderer/phone/model/account-book.ts';
import { App } from '../../../../renderer/phone/model/app.ts';
import { storageKeeper } from '../../../../renderer/phone/model/keeper.ts';
import { browserPasswords } from '../../../../renderer/phone/model/password-keeper.ts';
import type { SessionWorld } from '../../../../renderer/phone/model/session.ts';
import { MachineSettings } from '../../../../renderer/phone/model/settings-store.ts';
import { Switchboard } from '../../../../renderer/phone/model/switchboard.ts';
import { noInstaller } from '../../../../renderer/phone/browser-install.ts';
import { settingsSchema, type Settings } from '../../../../renderer/phone/model/settings.ts';
import { sayer } from '../../../../renderer/phone/text.tsx';
import { browserClock } from '../../../../renderer/sip/clock.ts';
import { SipTrace } from '../../../../renderer/sip/trace.ts';
import { ParkDocuments } from '../../../fakes/park-documents.ts';
import { ScriptedLine } from '../../../fakes/scripted-line.ts';
import { GALLERY_PROFILE, galleryDesktop } from './gallery-desktop.ts';
import { Stagehand } from './stagehand.ts';
import { SCENES, type SceneName } from './scenes.ts';
import '../../../../renderer/theme/theme.css';

declare global {
  interface Window {
    stage: Stagehand;
  }
}

const OTHER = {
  key: '7010@home.test',
  server: 'home.test',
  extension: '7010',
  domain: 'home.test',
  webSocketUrl: 'wss://home.test:8089/ws',
  serverName: '',
  apiBaseUrl: null,
  demo: false,
  instanceId: '4f6ed5b0-7f0d-4f7e-8d3f-4f2d70f6a4a2',
  pbx: { kind: 'asterisk' as const, slots: '', parkCode: '' },
  label: 'Home office',
};

const ACCOUNT = {
  key: '101@pbx.test',
  server: 'pbx.test',
  extension: '101',
  domain: 'pbx.test',
  webSocketUrl: 'wss://pbx.test/sip',
  serverName: 'Example Ltd',
  apiBaseUrl: 'https://pbx.test',
  demo: true,
  instanceId: '4f6ed5b0-7f0d-4f7e-8d3f-4f2d70f6a4a1',
};

/** `?scene=…&language=…&theme=…&desktop=yes`: one state of the phone, over a line that is scripted. */
function start(root: HTMLElement): void {
  const wanted = new URLSearchParams(window.location.search);
  const onDesktop = wanted.get('desktop') === 'yes';
  const line = new ScriptedLine();
  const trace = new SipTrace(browserClock);
  trace.add('sent', 'REGISTER sip:pbx.test SIP/2.0\r\nAuthorization: Digest username="101"\r\n');
  const otherLine = new ScriptedLine();
  const lines = new Map([
    [ACCOUNT.key, line],
    [OTHER.key, otherLine],
  ]);
  // What a scene keeps lasts until the next one.
  window.sessionStorage.clear();
  const keeper = storageKeeper(window.sessionStorage);
  const say = sayer(createIntl({ locale: 'en', messages: english }));
  const world: SessionWorld = {
    clock: browserClock,
    keeper,
    desktop: onDesktop ? galleryDesktop : null,
    installer: noInstaller,
    profile: onDesktop ? GALLERY_PROFILE : null,
    trace,
    newId: () => crypto.randomUUID(),
    say: () => say,
    makeLine: ({ account }) => lines.get(account.key) ?? new ScriptedLine(),
  };
  const book = new AccountBook(keeper);
  book.keep(ACCOUNT);
  const app = new App({
    world,
    passwords: browserPasswords(keeper),
    appVersion: '0.1.0',
    ownServer: 'pbx.test',
  });
  const switchboard = new Switchboard(world, new MachineSettings(keeper, null));
  switchboard.machine.change(settingsFrom(wanted));
  const session = switchboard.make(ACCOUNT, 'secret');
  switchboard.add(session);
  const stage = new Stagehand({
    app,
    switchboard,
    session,
    line,
    other: { account: OTHER, line: otherLine },
    keepAccounts: () => {
      book.keep(OTHER);
      app.state.setState({ accounts: book.all });
      switchboard.arrange(book.inUse);
    },
    documents: new ParkDocuments(() => Date.now()),
  });
  window.stage = stage;
  createRoot(root).render(<AppView app={app} onSay={() => {}} />);
  const scene = wanted.get('scene') ?? 'idle';
  if (scene in SCENES) SCENES[scene as SceneName](stage);
}

function settingsFrom(wanted: URLSearchParams): Partial<Settings> {
  const { language, theme, askBeforeHold } = settingsSchema.parse({
    language: wanted.get('language') ?? 'en',
    theme: wanted.get('theme') ?? 'light',
    askBeforeHold: wanted.get('ask') === 'yes',
  });
  return {
    language,
    theme,
    askBeforeHold,
    chimeOn: false,
    tourSeen: wanted.get('scene') !== 'tour',
  };
}

const root = document.getElementById('root');
if (root !== null) start(root);
