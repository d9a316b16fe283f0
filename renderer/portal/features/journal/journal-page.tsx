import { Download, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { journalPageSchema, type JournalLine } from '../../../../shared/config/admin/journal.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { DataTable, type Column } from '../../controls/data-table.tsx';
import { Loaded, Page } from '../../controls/page.tsx';
import { anything, journalQuery, type JournalFilterDraft } from '../../model/journal-filter.ts';
import { usePortal, useResource, useTenantPath } from '../../portal-context.tsx';
import { useFormats, useSay } from '../../words.tsx';
import { JournalFilterForm } from './journal-filter-form.tsx';

const LIMIT = 100;

/** What became of parked calls. */
export function JournalPage() {
  const say = useSay();
  const path = useTenantPath();
  const [filter, setFilter] = useState<JournalFilterDraft>(anything);
  return (
    <Page
      title={say('journal.title')}
      about={say('journal.about')}
      actions={
        <a
          className="button button-plain"
          href={`/api/admin${path}/journal.csv${journalQuery(filter)}`}
          download
        >
          <Download aria-hidden className="icon" />
          {say('journal.export')}
        </a>
      }
    >
      <JournalFilterForm onFilter={setFilter} />
      <Lines key={JSON.stringify(filter)} filter={filter} />
    </Page>
  );
}

/** Newest first, with a way back and forth by the ends of the pages seen so far. */
function Lines({ filter }: { readonly filter: JournalFilterDraft }) {
  const say = useSay();
  const { api } = usePortal();
  const columns = useColumns();
  const [ends, setEnds] = useState<readonly number[]>([]);
  const before = ends.at(-1);
  const part = before === undefined ? { limit: LIMIT } : { before, limit: LIMIT };
  const path = `${useTenantPath()}/journal${journalQuery(filter, part)}`;
  const lines = useResource({ key: path, load: () => api.get(path, journalPageSchema) });
  return (
    <Loaded resource={lines}>
      {({ lines: rows, next }) => (
        <>
          <DataTable
            label={say('journal.title')}
            columns={columns}
            rows={rows}
            keyOf={({ id }) => id}
            none={say(filter === anything ? 'journal.none' : 'list.noneFound')}
          />
          <div className="form-actions">
            <ActionButton icon={RefreshCw} onPress={lines.reload}>
              {say('common.refresh')}
            </ActionButton>
            <ActionButton isDisabled={ends.length === 0} onPress={() => setEnds(ends.slice(0, -1))}>
              {say('journal.newer')}
            </ActionButton>
            <ActionButton
              isDisabled={next === null}
              onPress={() => next !== null && setEnds([...ends, next])}
            >
              {say('journal.older')}
            </ActionButton>
          </div>
        </>
      )}
    </Loaded>
  );
}

function useColumns(): readonly Column<JournalLine>[] {
  const say = useSay();
  const { dateTime } = useFormats();
  return [
    { id: 'at', title: say('journal.at'), cell: ({ at }) => dateTime(at) },
    { id: 'what', title: say('journal.what'), cell: ({ kind }) => say(`journal.what.${kind}`) },
    {
      id: 'caller',
      title: say('live.caller'),
      cell: ({ caller }) =>
        caller.anonymous ? (
          say('live.anonymous')
        ) : (
          <div className="stack">
            {caller.name === '' ? null : <bdi>{caller.name}</bdi>}
            <bdi dir="ltr">{caller.number}</bdi>
          </div>
        ),
    },
    { id: 'slot', title: say('live.slot'), cell: ({ slot }) => slot },
    {
      id: 'group',
      title: say('live.group'),
      cell: ({ group }) => (group === null ? '–' : (group.name ?? say('journal.goneGroup'))),
    },
    { id: 'parker', title: say('live.parker'), cell: ({ parker }) => parker },
    {
      id: 'by',
      title: say('journal.by'),
      cell: ({ by, reason }) => [by, reason].filter((part) => part !== null).join(' – ') || '–',
    },
    { id: 'note', title: say('live.note'), cell: ({ note }) => note ?? '' },
  ];
}
