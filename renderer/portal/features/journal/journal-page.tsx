import { Download } from 'lucide-react';
import { useState } from 'react';
import { journalPageSchema, type JournalLine } from '../../../../shared/config/admin/journal.ts';
import type { Column } from '../../controls/data-table.tsx';
import { LogTable } from '../../controls/log-table.tsx';
import { Page } from '../../controls/page.tsx';
import { anything, journalQuery, type JournalFilterDraft } from '../../model/journal-filter.ts';
import { useTenantPath } from '../../portal-context.tsx';
import { useFormats, useSay } from '../../words.tsx';
import { JournalFilterForm } from './journal-filter-form.tsx';

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
      <LogTable
        key={JSON.stringify(filter)}
        label={say('journal.title')}
        columns={useColumns()}
        none={say(filter === anything ? 'journal.none' : 'list.noneFound')}
        schema={journalPageSchema}
        pathOf={(part) => `${path}/journal${journalQuery(filter, part)}`}
      />
    </Page>
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
