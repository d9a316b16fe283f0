import { Copy, X } from 'lucide-react';
import { useEffect } from 'react';
import type { Card } from '../../../../shared/phone/park-card.ts';
import type { CardEnd } from '../../../../shared/phone/park-report.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { IconButton } from '../../../controls/icon-button.tsx';
import { announce } from '../../announcer.tsx';
import { isProblem, type Notice } from '../../model/notice.ts';
import type { PhoneState } from '../../model/phone-state.ts';
import {
  SessionProvider,
  usePhone,
  usePhoneState,
  useSession,
  useSessions,
  useSwitchboard,
} from '../../session-context.tsx';
import { AccountMarkLabel } from '../accounts/account-mark.tsx';
import { useSay, type Say } from '../../text.tsx';
import { noticeWords } from '../calls/call-words.ts';
import {
  callerNumber,
  callerTitle,
  endWords,
  nameOf,
  parkerWords,
  slotWords,
} from '../park/card-words.ts';

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

/** Has everything that matters read out exactly once: calls parked and ended, notices. */
export function useAnnouncements(): void {
  const say = useSay();
  const switchboard = useSwitchboard();
  useEffect(() => {
    const listening = switchboard.events.listen(({ session, event }) => {
      const state = session.phone.state.getState();
      const of = (words: string) =>
        session.mark === null ? words : say('accounts.of', { account: session.mark, words });
      if (event.kind === 'notice')
        return announce(() => of(noticeWords(event.what, say, nameOf(state))));
      if (event.kind !== 'board') return;
      const { effect } = event;
      if (effect.kind === 'alert')
        announce(() => of(parkedWords(effect.card, state.board.me, say)));
      if (effect.kind === 'announce-ended' && !endedByMe(effect.how, state))
        announce(() => of(endedWords(effect, state, say)));
    });
    return () => listening.dispose();
  }, [switchboard, say]);
}

function parkedWords(card: Card, me: string, say: Say): string {
  const parts = [
    callerTitle(card, say),
    callerNumber(card),
    slotWords(card, say),
    parkerWords(card, me, say),
  ];
  return say('announce.parked', { what: parts.filter((part) => part !== '').join(', ') });
}

function endedByMe(how: CardEnd, state: PhoneState): boolean {
  const { me } = state.board;
  return (
    how.kind === 'retrieved' &&
    how.by !== null &&
    (how.by === me || how.by === state.displayName || how.by === nameOf(state)(me))
  );
}

function endedWords(
  { id, how }: { readonly id: string; readonly how: CardEnd },
  state: PhoneState,
  say: Say,
): string {
  const card = state.board.cards.find((each) => each.id === id);
  const who = card === undefined ? say('party.hidden') : callerTitle(card, say);
  return say('announce.ended', { who, how: endWords(how, say, nameOf(state)) });
}
