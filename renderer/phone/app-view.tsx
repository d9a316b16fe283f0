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
import type { Session } from './model/session.ts';
import type { Settings } from './model/settings.ts';
import { SessionProvider } from './session-context.tsx';
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
    <SignedIn key={stage.session.account.key} app={app} session={stage.session} onSay={onSay} />
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
          onAccount={(key) => app.switchTo(key)}
        />
      );
  }
}

function SignedIn({
  app,
  session,
  onSay,
}: {
  readonly app: App;
  readonly session: Session;
  onSay(say: Say): void;
}) {
  const settings = useStore(session.settings.state);
  useTheme(settings);
  return (
    <WordsProvider language={settings.language === 'system' ? systemLanguage() : settings.language}>
      <SayKeeper onSay={onSay} />
      <SessionProvider session={session}>
        <WithActions app={app} session={session} />
      </SessionProvider>
      <Announcer />
    </WordsProvider>
  );
}

function WithActions({ app, session }: { readonly app: App; readonly session: Session }) {
  const say = useSay();
  const words = useRef(say);
  const [prefill, setPrefill] = useState<string | null>(null);
  const [quitAsked, setQuitAsked] = useState<EndReason | null>(null);
  useEffect(() => {
    words.current = say;
  }, [say]);
  useEffect(() => {
    const { desktop } = session.world;
    if (desktop === null) return;
    const link = linkDesktop(session, desktop, {
      say: () => words.current,
      prefill: setPrefill,
      askBeforeQuit: setQuitAsked,
      quit: async () => {
        await session.close();
        await desktop.readyToQuit();
      },
    });
    return () => link.dispose();
  }, [session]);
  const actions = useMemo<AppActions>(
    () => ({
      signOut: () => {
        if (liveCalls(session.phone.state.getState().calls).length > 0) setQuitAsked('sign-out');
        else void app.signOut();
      },
      accounts: app,
      prefill,
      takePrefill: () => setPrefill(null),
      quitAsked,
      answerQuit: (quit) => {
        setQuitAsked(null);
        if (!quit) return;
        if (quitAsked === 'sign-out') void app.signOut();
        else void session.world.desktop?.confirmQuit();
      },
    }),
    [app, session, prefill, quitAsked],
  );
  return (
    <AppActionsContext value={actions}>
      <Shell />
    </AppActionsContext>
  );
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
