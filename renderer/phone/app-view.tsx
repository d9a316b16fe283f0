import { useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { AppActionsContext, type AppActions, type EndReason } from './app-actions.tsx';
import { liveCalls } from '../../shared/phone/call-list.ts';
import { Announcer } from './announcer.tsx';
import { Shell } from './features/shell/shell.tsx';
import { SignInScreen } from './features/sign-in/sign-in-screen.tsx';
import { chooseLanguage, type Language } from './intl.ts';
import type { App } from './model/app.ts';
import { linkDesktop } from './model/desktop-link.ts';
import type { Settings } from './model/settings.ts';
import type { Switchboard } from './model/switchboard.ts';
import { SessionProvider, SwitchboardProvider } from './session-context.tsx';
import { useSay, WordsProvider, type Say } from './text.tsx';

interface AppViewProps {
  readonly app: App;
  /** Keeps the words for those who speak outside the page: notifications, the tray. */
  onSay(say: Say): void;
}

/** The whole page. */
export function AppView({ app, onSay }: AppViewProps) {
  const stage = useStore(app.state, (state) => state.stage);
  return stage.kind === 'phone' ? (
    <SignedIn app={app} switchboard={stage.switchboard} onSay={onSay} />
  ) : (
    <WordsProvider language={systemLanguage()}>
      <SayKeeper onSay={onSay} />
      <SignedOut app={app} />
      <Announcer />
    </WordsProvider>
  );
}

function SignedOut({ app }: { readonly app: App }) {
  const say = useSay();
  const { stage, secretStore, accounts } = useStore(app.state);
  switch (stage.kind) {
    case 'starting':
    case 'phone':
      return null;
    case 'second-tab':
      return (
        <main className="sign-in">
          <div className="sign-in-head">
            <span className="logo" aria-hidden />
            <h1>{say('secondTab.title')}</h1>
            <p>{say('secondTab.words')}</p>
          </div>
        </main>
      );
    case 'sign-in':
      return (
        <SignInScreen
          form={stage.form}
          problem={stage.problem}
          busy={stage.busy}
          secretStore={secretStore}
          check={stage.check}
          accounts={accounts}
          onSignIn={(form) => void app.signIn(form)}
          onCheck={(form) => void app.check(form)}
          onTrust={(request) => app.trust(request)}
          onAccount={(key) => void app.enable(key)}
        />
      );
  }
}

function SignedIn({
  app,
  switchboard,
  onSay,
}: {
  readonly app: App;
  readonly switchboard: Switchboard;
  onSay(say: Say): void;
}) {
  const settings = useStore(switchboard.machine.state);
  const first = useStore(switchboard.state, ({ sessions }) => sessions[0]);
  useTheme(settings);
  // The last one has just been signed out.
  if (first === undefined) return null;
  return (
    <WordsProvider language={settings.language === 'system' ? systemLanguage() : settings.language}>
      <SayKeeper onSay={onSay} />
      <SwitchboardProvider switchboard={switchboard}>
        <SessionProvider session={first}>
          <WithActions app={app} switchboard={switchboard} />
        </SessionProvider>
      </SwitchboardProvider>
      <Announcer />
    </WordsProvider>
  );
}

/** What waits for the user's yes during a call. */
interface EndAsked {
  readonly why: EndReason;
  /** Who is to be signed out. */
  readonly account: string | null;
}

function WithActions({
  app,
  switchboard,
}: {
  readonly app: App;
  readonly switchboard: Switchboard;
}) {
  const [prefill, setPrefill] = useState<string | null>(null);
  const [asked, setAsked] = useState<EndAsked | null>(null);
  useDesktop({ app, switchboard, prefill: setPrefill, ask: setAsked });
  const actions = useMemo<AppActions>(
    () => ({
      signOut: (account) => {
        const calls = switchboard.find(account)?.phone.state.getState().calls;
        if (calls !== undefined && liveCalls(calls).length > 0)
          setAsked({ why: 'sign-out', account });
        else void app.signOut(account);
      },
      accounts: app,
      prefill,
      takePrefill: () => setPrefill(null),
      quitAsked: asked?.why ?? null,
      answerQuit: (quit) => {
        setAsked(null);
        if (!quit || asked === null) return;
        if (asked.account !== null) void app.signOut(asked.account);
        else void switchboard.world.desktop?.confirmQuit();
      },
    }),
    [app, switchboard, prefill, asked],
  );
  return (
    <AppActionsContext value={actions}>
      <Shell />
    </AppActionsContext>
  );
}

interface DesktopWishes {
  readonly app: App;
  readonly switchboard: Switchboard;
  prefill(target: string): void;
  ask(asked: EndAsked): void;
}

/** Follows the desktop, where there is one; a browser has its own question for whoever closes the page. */
function useDesktop({ app, switchboard, prefill, ask }: DesktopWishes): void {
  const say = useSay();
  const words = useRef(say);
  useEffect(() => {
    words.current = say;
  }, [say]);
  useEffect(() => {
    const { desktop } = switchboard.world;
    if (desktop === null) return askBeforeLeaving(window, switchboard);
    const link = linkDesktop(switchboard, desktop, {
      say: () => words.current,
      prefill,
      askBeforeQuit: (why) => ask({ why, account: null }),
      quit: async () => {
        await app.close();
        await desktop.readyToQuit();
      },
    });
    return () => link.dispose();
  }, [app, switchboard, prefill, ask]);
}

/** In the middle of a call the browser asks before the page is closed or loaded anew. */
function askBeforeLeaving(page: Window, { floor }: Switchboard): () => void {
  const ask = (event: BeforeUnloadEvent) => {
    if (liveCalls(floor.calls).length > 0) event.preventDefault();
  };
  page.addEventListener('beforeunload', ask);
  return () => page.removeEventListener('beforeunload', ask);
}

function SayKeeper({ onSay }: { onSay(say: Say): void }) {
  const say = useSay();
  useEffect(() => onSay(say), [say, onSay]);
  return null;
}

function systemLanguage(): Language {
  return chooseLanguage(navigator.languages);
}

function useTheme({ theme }: Settings): void {
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
}
