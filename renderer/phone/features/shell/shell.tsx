import { BookUser, Grid3x3, History as HistoryIcon, Settings as SettingsIcon } from 'lucide-react';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { useParks, usePhone, usePhoneState, useSession } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { useAppActions, type AccountActions } from '../../app-actions.tsx';
import { ForAccount } from '../accounts/for-account.tsx';
import { BelowSheets } from '../../../controls/sheet.tsx';
import { CallPanel } from '../calls/call-panel.tsx';
import { IncomingBelowSheet } from '../calls/incoming-below-sheet.tsx';
import { ContactsView } from '../contacts/contacts-view.tsx';
import { Dialer } from '../dialer/dialer.tsx';
import { HelpSheet } from '../help/help-sheet.tsx';
import { usePhoneKeys } from '../help/phone-keys.ts';
import { HistoryView, useMissed } from '../history/history-view.tsx';
import { ParkList } from '../park/park-list.tsx';
import { SettingsView } from '../settings/settings-view.tsx';
import { Banners } from './banners.tsx';
import { Header } from './header.tsx';
import { AskBeforeHold, AskBeforeQuit } from './questions.tsx';
import { Mending } from './mending.tsx';
import { Notices, useAnnouncements } from './notices.tsx';
import { Tour } from './tour.tsx';

type View = 'keypad' | 'history' | 'contacts' | 'settings';
const VIEWS: readonly View[] = ['keypad', 'history', 'contacts', 'settings'];

/** The phone's screen, and what is shown in its place when it breaks. */
export function Shell() {
  return (
    <Mending session={useSession()}>
      <BelowSheets value={<IncomingBelowSheet />}>
        <Screen />
      </BelowSheets>
    </Mending>
  );
}

/** The park list always in view, the calls below or beside it, the rest in tabs. */
function Screen() {
  const [view, setView] = useState<View>('keypad');
  const [help, setHelp] = useState(false);
  const [typed, setTyped] = useState('');
  const { prefill, takePrefill, accounts } = useAppActions();
  const adding = useAdding(accounts);
  const toDial = usePhoneState((state) => state.toDial);
  useAnnouncements();
  usePhoneKeys({ onHelp: () => setHelp(true) });
  useTitle();
  useRestartNotice();
  useEffect(() => {
    if (prefill !== null || toDial !== null) setView('keypad');
  }, [prefill, toDial]);
  useEffect(() => {
    if (adding) setView('settings');
  }, [adding]);
  return (
    <div className="shell">
      <Header onHelp={() => setHelp(true)} />
      <ParkList />
      <main className="main">
        <Tabs
          className="tabs"
          selectedKey={view}
          onSelectionChange={(key) => setView(VIEWS.find((each) => each === key) ?? 'keypad')}
        >
          {/* First for those who hear the page, at the foot for those who see it. */}
          <TabBar />
          <div className="main-scroll">
            <Banners />
            <CallPanel />
            <Tour />
            <TabPanel id="keypad" className="tab-panel">
              <Dialer
                text={typed}
                setText={setTyped}
                prefill={prefill}
                onPrefillUsed={takePrefill}
              />
            </TabPanel>
            <TabPanel id="history" className="tab-panel">
              <HistoryView />
            </TabPanel>
            <TabPanel id="contacts" className="tab-panel">
              <ForAccount>
                <ContactsView />
              </ForAccount>
            </TabPanel>
            <TabPanel id="settings" className="tab-panel">
              <SettingsView />
            </TabPanel>
          </div>
        </Tabs>
      </main>
      <Notices />
      <HelpSheet isOpen={help} onClose={() => setHelp(false)} />
      <AskBeforeHold />
      <AskBeforeQuit />
    </div>
  );
}

/** One more account is being signed in: its form stands among the settings. */
function useAdding(accounts: AccountActions | null): boolean {
  const subscribe = useCallback(
    (run: () => void) => accounts?.state.subscribe(run) ?? (() => {}),
    [accounts],
  );
  return useSyncExternalStore(
    subscribe,
    () => (accounts?.state.getState().adding ?? null) !== null,
  );
}

function TabBar() {
  const say = useSay();
  const missed = useMissed();
  return (
    <TabList className="tab-bar" aria-label={say('tabs.label')}>
      <Tab id="keypad" className="tab">
        <Grid3x3 aria-hidden className="icon" />
        <span>{say('tabs.keypad')}</span>
      </Tab>
      <Tab id="history" className="tab">
        <HistoryIcon aria-hidden className="icon" />
        <span aria-hidden={missed > 0}>{say('tabs.history')}</span>
        {missed === 0 ? null : (
          <>
            <span aria-hidden className="count count-bad">
              {missed}
            </span>
            <span className="visually-hidden">{say('tabs.historyMissed', { missed })}</span>
          </>
        )}
      </Tab>
      <Tab id="contacts" className="tab">
        <BookUser aria-hidden className="icon" />
        <span>{say('tabs.contacts')}</span>
      </Tab>
      <Tab id="settings" className="tab">
        <SettingsIcon aria-hidden className="icon" />
        <span>{say('tabs.settings')}</span>
      </Tab>
    </TabList>
  );
}

/** Whoever started the window anew after a crash says so in its address; the user is told once. */
function useRestartNotice(): void {
  const phone = usePhone();
  const { desktop } = useSession().world;
  useEffect(() => {
    if (window.location.hash !== '#restarted') return;
    window.history.replaceState(null, '', window.location.pathname);
    const told = desktop === null ? Promise.resolve(null) : desktop.takeRestart();
    void told.then((restart) => phone.notify({ kind: 'restarted', restart }));
  }, [phone, desktop]);
  useEffect(
    () =>
      desktop?.onEvent(
        (event) =>
          event.kind === 'graphics-restarted' && phone.notify({ kind: 'graphics-restarted' }),
      ),
    [phone, desktop],
  );
}

/** The window's and the browser tab's title carries the count. */
function useTitle(): void {
  const say = useSay();
  const { account } = useSession();
  const waiting = useParks((view) => view.waitingNow);
  useEffect(() => {
    document.title =
      waiting === 0
        ? say('title.idle', { extension: account.extension })
        : say('title.parked', { count: waiting, extension: account.extension });
  }, [say, waiting, account.extension]);
}
