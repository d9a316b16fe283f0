import { RefreshCw } from 'lucide-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { ActionButton } from '../controls/action-button.tsx';
import { Announcer } from '../phone/announcer.tsx';
import { chooseLanguage } from '../phone/intl.ts';
import { Confirm } from './controls/dialog.tsx';
import { NoticeList } from './features/shell/notice-list.tsx';
import { PortalShell } from './features/shell/portal-shell.tsx';
import { SessionOver } from './features/sign-in/session-over.tsx';
import { SetUpScreen } from './features/sign-in/set-up-screen.tsx';
import { SignInScreen, Welcome } from './features/sign-in/sign-in-screen.tsx';
import type { Portal } from './model/portal.ts';
import { PortalProvider, usePortal } from './portal-context.tsx';
import { PortalWords, useSay } from './words.tsx';

/** The whole page. */
export function PortalView({ portal, onRetry }: { readonly portal: Portal; onRetry(): void }) {
  const { theme, language } = useStore(portal.preferences.state);
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  return (
    <PortalWords language={language === 'system' ? chooseLanguage(navigator.languages) : language}>
      <PortalProvider portal={portal}>
        <CurrentStage onRetry={onRetry} />
        <LeaveQuestion />
        <NoticeList />
        <Announcer />
      </PortalProvider>
    </PortalWords>
  );
}

function CurrentStage({ onRetry }: { onRetry(): void }) {
  const { stage } = useStore(usePortal().state);
  switch (stage.kind) {
    case 'starting':
      return null;
    case 'unreachable':
      return <Unreachable onRetry={onRetry} />;
    case 'set-up':
      return <SetUpScreen token={stage.token} />;
    case 'sign-in':
      return <SignInScreen />;
    case 'inside':
      return (
        <>
          {/* Another admin starts on a page of their own. */}
          <PortalShell key={stage.session.id} />
          {stage.over ? <SessionOver name={stage.session.name} /> : null}
        </>
      );
  }
}

function Unreachable({ onRetry }: { onRetry(): void }) {
  const say = useSay();
  return (
    <Welcome title={say('unreachable.title')} words={say('unreachable.words')}>
      <ActionButton icon={RefreshCw} tone="accent" onPress={onRetry}>
        {say('common.tryAgain')}
      </ActionButton>
    </Welcome>
  );
}

/** Somebody is about to leave what they have not saved. */
function LeaveQuestion() {
  const say = useSay();
  const { router } = usePortal();
  const asked = useStore(router.state, (state) => state.asked);
  if (asked === null) return null;
  return (
    <Confirm
      title={say('leave.title')}
      words={say('leave.words')}
      no={say('leave.stay')}
      yes={say('leave.leave')}
      onNo={() => router.stay()}
      onYes={() => router.leave()}
    />
  );
}
