import { Copy, X } from 'lucide-react';
import { useEffect } from 'react';
import { ActionButton } from '../../../controls/action-button.tsx';
import { IconButton } from '../../../controls/icon-button.tsx';
import { announce } from '../../announcer.tsx';
import { isProblem, type Notice } from '../../model/notice.ts';
import { usePhone, usePhoneState } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
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
  const notices = usePhoneState((state) => state.notices);
  return (
    <aside aria-label={say('notices.label')}>
      <ol className="notices" aria-label={say('notices.label')}>
        {notices.map((notice) => (
          <NoticeLine key={notice.id} notice={notice} />
        ))}
      </ol>
    </aside>
  );
}

function NoticeLine({ notice }: { readonly notice: Notice }) {
  const say = useSay();
  const phone = usePhone();
  const server = usePhoneState((state) => state.server);
  const { what } = notice;
  const code = what.kind === 'parked' ? what.receipt.retrieveCode : null;
  const copy = (text: string) => {
    void navigator.clipboard.writeText(text).then(() => phone.notify({ kind: 'copied', text }));
  };
  return (
    <li className="notice" data-tone={isProblem(what) ? 'bad' : 'good'} data-kind={what.kind}>
      <p className="notice-words">{noticeWords(what, say, nameOf({ server }))}</p>
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
  const phone = usePhone();
  useEffect(() => {
    const listening = phone.events.listen((event) => {
      const state = phone.state.getState();
      const name = nameOf(state);
      if (event.kind === 'notice') return announce(noticeWords(event.what, say, name));
      if (event.kind !== 'board') return;
      const { effect } = event;
      const { me } = state.board;
      if (effect.kind === 'alert') {
        const parts = [
          callerTitle(effect.card, say),
          callerNumber(effect.card),
          slotWords(effect.card, say),
          parkerWords(effect.card, me, say),
        ];
        announce(say('announce.parked', { what: parts.filter((part) => part !== '').join(', ') }));
      }
      if (effect.kind === 'announce-ended') {
        const card = state.board.cards.find(({ id }) => id === effect.id);
        const mine =
          effect.how.kind === 'retrieved' &&
          effect.how.by !== null &&
          [me, state.displayName, name(me)].includes(effect.how.by);
        if (card !== undefined && !mine)
          announce(
            say('announce.ended', {
              who: callerTitle(card, say),
              how: endWords(effect.how, say, name),
            }),
          );
      }
    });
    return () => listening.dispose();
  }, [phone, say]);
}
