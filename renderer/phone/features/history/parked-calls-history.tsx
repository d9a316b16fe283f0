import { useEffect, useId, useState } from 'react';
import { livesOf, type ParkLife } from '../../../../shared/phone/park-lives.ts';
import type { ParkHistoryEntry } from '../../../sip/server-http.ts';
import type { MessageId } from '../../intl.ts';
import { partyTitle, showNumber } from '../../number.ts';
import { usePhoneState, useSession } from '../../session-context.tsx';
import { useIntlShape, useSay, type Say } from '../../text.tsx';
import { AccountMarkLabel } from '../accounts/account-mark.tsx';
import { nameOf, type NameOf } from '../park/card-words.ts';

const LIVES_SHOWN = 100;

const STEP_WORDS: Readonly<Record<string, MessageId>> = {
  parked: 'parkHistory.parked',
  recalled: 'parkHistory.recalled',
  'recall-unanswered': 'parkHistory.unanswered',
  snoozed: 'parkHistory.snoozed',
  moved: 'parkHistory.moved',
  retrieved: 'parkHistory.retrieved',
  returned: 'parkHistory.returned',
  abandoned: 'parkHistory.abandoned',
  forwarded: 'parkHistory.forwarded',
  failed: 'parkHistory.failed',
  lost: 'parkHistory.lost',
};

/** What became of every parked call that concerned me, as the server tells it. Absent with another PBX. */
export function ParkedCallsHistory() {
  const say = useSay();
  const entries = useParkHistory();
  const { account } = useSession();
  const heading = useId();
  const server = usePhoneState((state) => state.server);
  if (entries === null) return null;
  const name = nameOf({ server });
  return (
    <section aria-labelledby={heading}>
      <h3 id={heading} className="page-subtitle">
        {say('parkHistory.title')} <AccountMarkLabel account={account.key} />
      </h3>
      {entries.length === 0 ? <p className="page-none">{say('parkHistory.empty')}</p> : null}
      <ul className="rows">
        {livesOf(entries)
          .slice(0, LIVES_SHOWN)
          .map((life) => (
            <LifeRow key={life.parkId} life={life} name={name} />
          ))}
      </ul>
    </section>
  );
}

/** Read again whenever the list of parked calls has changed; `null` while there is nothing to show it from. */
function useParkHistory(): readonly ParkHistoryEntry[] | null {
  const session = useSession();
  const available = usePhoneState((state) => state.server.kind === 'ready');
  const syncedAt = usePhoneState((state) =>
    state.board.sync.kind === 'live' ? state.board.sync.syncedAt : null,
  );
  const [entries, setEntries] = useState<readonly ParkHistoryEntry[] | null>(null);
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
  return available ? entries : null;
}

function LifeRow({
  life,
  name,
}: {
  readonly life: ParkLife<ParkHistoryEntry>;
  readonly name: NameOf;
}) {
  const say = useSay();
  const intl = useIntlShape();
  const { last, steps } = life;
  const caller = {
    name: last.callerName === '' ? null : last.callerName,
    number: last.callerNumber,
  };
  return (
    <li>
      <details className="life">
        <summary className="row">
          <span className="row-words">
            <bdi className="row-title">{partyTitle(caller, say('party.hidden'))}</bdi>
            <span className="row-more">{stepWords(last, say, name)}</span>
          </span>
          <span className="row-side">
            <span>{intl.formatDate(last.at, { dateStyle: 'short', timeStyle: 'short' })}</span>
            <span>{say('parkHistory.steps', { count: steps.length })}</span>
          </span>
        </summary>
        <ol className="life-steps">
          {caller.name === null ? null : <li dir="ltr">{showNumber(caller.number)}</li>}
          {steps.map((step) => (
            <li key={`${step.kind}-${step.at}`}>
              <time dateTime={new Date(step.at).toISOString()}>
                {intl.formatTime(step.at, { timeStyle: 'medium' })}
              </time>{' '}
              {stepWords(step, say, name)}
            </li>
          ))}
          {last.note === null ? null : (
            <li>
              <bdi>{say('park.note', { note: last.note })}</bdi>
            </li>
          )}
        </ol>
      </details>
    </li>
  );
}

function stepWords(step: ParkHistoryEntry, say: Say, name: NameOf): string {
  if (step.kind === 'forwarded' && step.by !== null) {
    return say('parkHistory.forwardedTo', { group: step.by, slot: step.slot });
  }
  return say(STEP_WORDS[step.kind] ?? 'parkHistory.other', {
    slot: step.slot,
    who: step.by === null ? name(step.parker) : name(step.by),
    kind: step.kind,
  });
}
