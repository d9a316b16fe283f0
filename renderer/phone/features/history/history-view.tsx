import {
  PhoneForwarded,
  PhoneIncoming,
  PhoneMissed,
  PhoneOutgoing,
  SquareParking,
  Undo2,
  type LucideIcon,
} from 'lucide-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { ActionButton } from '../../../controls/action-button.tsx';
import type { HistoryEntry } from '../../model/history.ts';
import { showElapsed } from '../../elapsed.ts';
import { partyTitle, showNumber } from '../../number.ts';
import { usePhone, useSession } from '../../session-context.tsx';
import { useIntlShape, useSay } from '../../text.tsx';
import type { MessageId } from '../../intl.ts';
import { ParkedCallsHistory } from './parked-calls-history.tsx';

const KINDS: Readonly<
  Record<HistoryEntry['kind'], { readonly icon: LucideIcon; readonly words: MessageId }>
> = {
  incoming: { icon: PhoneIncoming, words: 'history.incoming' },
  outgoing: { icon: PhoneOutgoing, words: 'history.outgoing' },
  missed: { icon: PhoneMissed, words: 'history.missed' },
  elsewhere: { icon: PhoneIncoming, words: 'history.elsewhere' },
  retrieved: { icon: Undo2, words: 'history.retrieved' },
  recalled: { icon: PhoneForwarded, words: 'history.recalled' },
  parked: { icon: SquareParking, words: 'history.parked' },
};

/** My calls on this device, and what became of the parked ones as the server tells it. */
export function HistoryView() {
  const say = useSay();
  const session = useSession();
  const { entries } = useStore(session.history.state);
  useEffect(() => session.history.markSeen(session.world.clock.now()), [session, entries]);
  return (
    <div className="page">
      <h2 className="page-title">{say('history.title')}</h2>
      {entries.length === 0 ? <p className="page-none">{say('history.empty')}</p> : null}
      <ul className="rows">
        {entries.map((entry) => (
          <HistoryRow key={`${entry.id}-${entry.at}`} entry={entry} />
        ))}
      </ul>
      {entries.length === 0 ? null : (
        <ActionButton tone="quiet" onPress={() => session.history.clear()}>
          {say('history.clear')}
        </ActionButton>
      )}
      <ParkedCallsHistory />
    </div>
  );
}

function HistoryRow({ entry }: { readonly entry: HistoryEntry }) {
  const say = useSay();
  const intl = useIntlShape();
  const phone = usePhone();
  const { icon: Icon, words } = KINDS[entry.kind];
  const who = partyTitle(
    { name: entry.name === '' ? null : entry.name, number: entry.number },
    say('party.anonymous'),
  );
  const when = intl.formatDate(entry.at, { dateStyle: 'short', timeStyle: 'short' });
  return (
    <li>
      <button
        type="button"
        className="row"
        data-kind={entry.kind}
        disabled={entry.number === ''}
        onClick={() => phone.dial(entry.number)}
        aria-label={say('history.row', { who, kind: say(words), when })}
      >
        <Icon aria-hidden className="icon" />
        <span className="row-words">
          <bdi className="row-title">{who}</bdi>
          <span className="row-more">
            {say(words)}
            {entry.name === '' ? '' : ` · ${showNumber(entry.number)}`}
          </span>
        </span>
        <span className="row-side">
          <span>{when}</span>
          {entry.lastedMs === 0 ? null : <span>{showElapsed(entry.lastedMs)}</span>}
        </span>
      </button>
    </li>
  );
}
