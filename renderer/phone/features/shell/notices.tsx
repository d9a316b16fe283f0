import { Copy, X } from 'lucide-react';
import { useEffect } from 'react';
import { ActionButton } from '../../../controls/action-button.tsx';
import { IconButton } from '../../../controls/icon-button.tsx';
import { announce } from '../../announcer.tsx';
import { isProblem, type Notice } from '../../model/notice.ts';
import { watchAnnouncements } from '../../observers/announcements.ts';
import {
  SessionProvider,
  usePhone,
  usePhoneState,
  useSession,
  useSessions,
  useSwitchboard,
} from '../../session-context.tsx';
import { AccountMarkLabel } from '../accounts/account-mark.tsx';
import { useSay } from '../../text.tsx';
import { noticeWords } from '../calls/call-words.ts';
import { nameOf } from '../park/card-words.ts';

/** What just happened, above the rest until read. Read out once, by the announcer. */
export function Notices() {
  const say = useSay();
  const sessions = useSessions();
  return (
    <aside aria-label={say('notices.label')}>
      <ol className="notices" aria-label={say('notices.label')}>
        {sessions.map((session) => (
          <SessionProvider key={session.account.key} session={session}>
            <NoticesOf />
          </SessionProvider>
        ))}
      </ol>
    </aside>
  );
}

function NoticesOf() {
  const notices = usePhoneState((state) => state.notices);
  return notices.map((notice) => <NoticeLine key={notice.id} notice={notice} />);
}

function NoticeLine({ notice }: { readonly notice: Notice }) {
  const say = useSay();
  const phone = usePhone();
  const { account } = useSession();
  const server = usePhoneState((state) => state.server);
  const { what } = notice;
  const code = what.kind === 'parked' ? what.receipt.retrieveCode : null;
  const copy = (text: string) => {
    void navigator.clipboard.writeText(text).then(() => phone.notify({ kind: 'copied', text }));
  };
  return (
    <li className="notice" data-tone={isProblem(what) ? 'bad' : 'good'} data-kind={what.kind}>
      <p className="notice-words">
        <AccountMarkLabel account={account.key} /> {noticeWords(what, say, nameOf({ server }))}
      </p>
      {code === null ? null : (
        <ActionButton
          icon={Copy}
          tone="quiet"
          onPress={() => copy(code)}
          aria-label={say('common.copyWhat', { text: code })}
        >
          {say('common.copy')}
        </ActionButton>
      )}
      <IconButton icon={X} label={say('common.dismiss')} onPress={() => phone.dismiss(notice.id)} />
    </li>
  );
}

/** Has everything that matters read out exactly once: calls that come and go, calls parked and ended, notices. */
export function useAnnouncements(): void {
  const say = useSay();
  const switchboard = useSwitchboard();
  useEffect(() => {
    const listening = watchAnnouncements(switchboard, { say, announce });
    return () => listening.dispose();
  }, [switchboard, say]);
}
