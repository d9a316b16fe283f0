import { Download } from 'lucide-react';
import { useEffect, useState } from 'react';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import {
  findHistory,
  HISTORY_FILTERS,
  historyKey,
  writeHistoryCsv,
  type HistoryEntry,
  type HistoryFilter,
} from '../../../../shared/phone/history.ts';
import { named } from '../../../../shared/phone/names.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { IconButton } from '../../../controls/icon-button.tsx';
import { SearchLine } from '../../../controls/search-line.tsx';
import { Sheet } from '../../../controls/sheet.tsx';
import type { MessageId } from '../../intl.ts';
import { missedCount } from '../../model/history.ts';
import type { Session } from '../../model/session.ts';
import {
  SessionProvider,
  useEach,
  useEachPhone,
  useSessions,
  useSwitchboard,
} from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { saveText } from '../diagnostics/save-text.ts';
import { HistoryRow } from './history-row.tsx';
import { ParkedCallsHistory } from './parked-calls-history.tsx';

const PAGE = 100;

const FILTER_WORDS: Readonly<Record<HistoryFilter, MessageId>> = {
  all: 'history.filter.all',
  missed: 'history.filter.missed',
  incoming: 'history.filter.incoming',
  outgoing: 'history.filter.outgoing',
  parked: 'history.filter.parked',
};

/** My calls on this device, and what became of the parked ones as the server tells it. */
export function HistoryView() {
  const say = useSay();
  const { sessions, world } = useSwitchboard();
  const entries = useNamedEntries();
  const [filter, setFilter] = useState<HistoryFilter>('all');
  const [search, setSearch] = useState('');
  const [asking, setAsking] = useState(false);
  const found = findHistory(entries, { filter, search });
  const missed = useMissed();
  useEffect(() => {
    if (missed > 0) for (const { history } of sessions) history.markSeen(world.clock.now());
  }, [sessions, world, missed]);
  const save = () =>
    void saveText({ suggestedName: 'history.csv', text: writeHistoryCsv(found) }, world.desktop);
  return (
    <div className="page">
      <div className="page-head">
        <h2 className="page-title">{say('history.title')}</h2>
        <IconButton
          icon={Download}
          label={say('history.export')}
          isDisabled={found.length === 0}
          onPress={save}
        />
      </div>
      <Filters filter={filter} onChange={setFilter} />
      <SearchLine label={say('history.search')} value={search} onChange={setSearch} />
      {found.length === 0 ? (
        <p className="page-none">{say(entries.length === 0 ? 'history.empty' : 'history.none')}</p>
      ) : null}
      <Rows key={`${filter} ${search}`} entries={found} />
      {entries.length === 0 ? null : (
        <ActionButton tone="quiet" onPress={() => setAsking(true)}>
          {say('history.clear')}
        </ActionButton>
      )}
      {(filter === 'all' || filter === 'parked') && search === '' ? <ParkedCallsHistories /> : null}
      <AskBeforeClear isOpen={asking} onClose={() => setAsking(false)} />
    </div>
  );
}

/** An entry, and whose account it is of. */
interface AccountEntry extends HistoryEntry {
  readonly session: Session;
}

const historyOf = ({ history }: Session) => history.state;

/** The missed calls of all accounts that were not looked at yet. */
export function useMissed(): number {
  return useEach(historyOf, missedCount).reduce((sum, missed) => sum + missed, 0);
}

const contactsOf = ({ contacts }: Session) => contacts.state;

/** Of all accounts, newest first, by the names that are known now: a contact that was added later names older calls as well. */
function useNamedEntries(): readonly AccountEntry[] {
  const sessions = useSessions();
  const entries = useEach(historyOf, (state) => state.entries);
  // The names come from both.
  useEachPhone((state) => state.server);
  useEach(contactsOf, (state) => state);
  return sessions
    .flatMap((session, at) =>
      (entries[at] ?? []).map((entry) => ({ ...entry, name: nameNow(session, entry), session })),
    )
    .toSorted((a, b) => b.at - a.at);
}

function nameNow({ phone }: Session, { name, number }: HistoryEntry): string {
  return named({ name: name === '' ? null : name, number }, phone.names).name ?? '';
}

/** Each server tells of its own. */
function ParkedCallsHistories() {
  return useSessions().map((session) => (
    <SessionProvider key={session.account.key} session={session}>
      <ParkedCallsHistory />
    </SessionProvider>
  ));
}

function Filters({
  filter,
  onChange,
}: {
  readonly filter: HistoryFilter;
  onChange(filter: HistoryFilter): void;
}) {
  const say = useSay();
  return (
    <ToggleButtonGroup
      className="filters"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[filter]}
      onSelectionChange={(keys) => {
        const chosen = HISTORY_FILTERS.find((each) => keys.has(each));
        if (chosen !== undefined) onChange(chosen);
      }}
      aria-label={say('history.filter')}
    >
      {HISTORY_FILTERS.map((each) => (
        <ToggleButton key={each} id={each} className="filter">
          {say(FILTER_WORDS[each])}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

function Rows({ entries }: { readonly entries: readonly AccountEntry[] }) {
  const say = useSay();
  const [shown, setShown] = useState(PAGE);
  return (
    <>
      <ul className="rows">
        {entries.slice(0, shown).map((entry) => (
          <SessionProvider
            key={`${entry.session.account.key} ${historyKey(entry)}`}
            session={entry.session}
          >
            <HistoryRow entry={entry} />
          </SessionProvider>
        ))}
      </ul>
      {entries.length <= shown ? null : (
        <ActionButton tone="quiet" onPress={() => setShown(shown + PAGE)}>
          {say('common.more', { count: entries.length - shown })}
        </ActionButton>
      )}
    </>
  );
}

function AskBeforeClear({ isOpen, onClose }: { readonly isOpen: boolean; onClose(): void }) {
  const say = useSay();
  const { sessions } = useSwitchboard();
  const clear = () => {
    for (const { history } of sessions) history.clear();
    onClose();
  };
  return (
    <Sheet title={say('history.clear')} isOpen={isOpen} onClose={onClose} role="alertdialog">
      <p>{say('history.clear.words')}</p>
      <div className="form-actions">
        <ActionButton autoFocus onPress={onClose}>
          {say('common.cancel')}
        </ActionButton>
        <ActionButton tone="danger" onPress={clear}>
          {say('history.clear.yes')}
        </ActionButton>
      </div>
    </Sheet>
  );
}
