import {
  PhoneForwarded,
  PhoneIncoming,
  PhoneMissed,
  PhoneOutgoing,
  SquareParking,
  Undo2,
  type LucideIcon,
} from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { ActionButton } from '../../../controls/action-button.tsx';
import type { HistoryEntry } from '../../model/history.ts';
import type { ParkHistoryEntry } from '../../../sip/server-http.ts';
import { showElapsed } from '../../elapsed.ts';
import { partyTitle, showNumber } from '../../number.ts';
import { usePhone, usePhoneState, useSession } from '../../session-context.tsx';
import { useIntlShape, useSay } from '../../text.tsx';
import type { MessageId } from '../../intl.ts';
import { nameOf } from '../park/card-words.ts';

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

const PARK_KINDS: Readonly<Record<string, MessageId>> = {
  parked: 'parkHistory.parked',
  recalled: 'parkHistory.recalled',
  recall: 'parkHistory.recalled',
  retrieved: 'parkHistory.retrieved',
  returned: 'parkHistory.returned',
  abandoned: 'parkHistory.abandoned',
  forwarded: 'parkHistory.forwarded',
  failed: 'parkHistory.failed',
  lost: 'parkHistory.lost',
};

/** Absent with another PBX. */
function ParkedCallsHistory() {
  const say = useSay();
  const intl = useIntlShape();
  const session = useSession();
  const server = usePhoneState((state) => state.server);
  const syncedAt = usePhoneState((state) =>
    state.board.sync.kind === 'live' ? state.board.sync.syncedAt : null,
  );
  const [entries, setEntries] = useState<readonly ParkHistoryEntry[] | null>(null);
  const available = server.kind === 'ready';
  useEffect(() => {
    let current = true;
    if (available)
      void session.server
        .parkHistory()
        .then((answer) => current && answer.kind === 'ok' && setEntries(answer.value));
    return () => {
      current = false;
    };
  }, [session, available, syncedAt]);
  if (!available || entries === null) return null;
  const name = nameOf({ server });
  return (
    <section aria-labelledby="park-history">
      <h3 id="park-history" className="page-subtitle">
        {say('parkHistory.title')}
      </h3>
      {entries.length === 0 ? <p className="page-none">{say('parkHistory.empty')}</p> : null}
      <ul className="rows">
        {entries.slice(0, 100).map((entry) => (
          <li key={`${entry.parkId}-${entry.kind}-${entry.at}`} className="row row-still">
            <span className="row-words">
              <bdi className="row-title">
                {partyTitle(
                  {
                    name: entry.callerName === '' ? null : entry.callerName,
                    number: entry.callerNumber,
                  },
                  say('party.hidden'),
                )}
              </bdi>
              <span className="row-more">
                {say(PARK_KINDS[entry.kind] ?? 'parkHistory.other', {
                  slot: entry.slot,
                  who: entry.by === null ? '' : name(entry.by),
                  kind: entry.kind,
                })}
              </span>
            </span>
            <span className="row-side">
              {intl.formatDate(entry.at, { dateStyle: 'short', timeStyle: 'medium' })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
