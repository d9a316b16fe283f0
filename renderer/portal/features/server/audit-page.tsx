import { auditPageSchema, type AuditLine } from '../../../../shared/config/admin/audit.ts';
import type { Column } from '../../controls/data-table.tsx';
import { LogTable } from '../../controls/log-table.tsx';
import { Page } from '../../controls/page.tsx';
import { query } from '../../model/api.ts';
import { useAdmin } from '../../portal-context.tsx';
import { useFormats, useSay } from '../../words.tsx';

/** Who changed what, when and from where. */
export function AuditPage() {
  const say = useSay();
  return (
    <Page section={say('nav.server')} title={say('audit.title')} about={say('audit.about')}>
      <LogTable
        label={say('audit.title')}
        columns={useColumns()}
        none={say('list.noneFound')}
        schema={auditPageSchema}
        pathOf={({ before, limit }) => `/audit${query({ before, limit })}`}
      />
    </Page>
  );
}

function useColumns(): readonly Column<AuditLine>[] {
  const say = useSay();
  const { dateTime } = useFormats();
  const { tenants } = useAdmin();
  return [
    { id: 'at', title: say('journal.at'), cell: ({ at }) => dateTime(at) },
    { id: 'admin', title: say('audit.admin'), cell: ({ admin }) => admin || '–' },
    {
      id: 'action',
      title: say('audit.action'),
      cell: ({ action, subject }) => (
        <div className="stack">
          <code>{action}</code>
          <bdi>{subject}</bdi>
        </div>
      ),
    },
    {
      id: 'tenant',
      title: say('nav.tenant'),
      cell: ({ tenantId }) => tenants.find(({ id }) => id === tenantId)?.name ?? '–',
    },
    {
      id: 'address',
      title: say('audit.address'),
      cell: ({ address }) => <bdi dir="ltr">{address || say('audit.here')}</bdi>,
    },
    { id: 'change', title: say('audit.change'), cell: (line) => <Change line={line} /> },
  ];
}

/** As it was and as it became, for who wants to know. */
function Change({ line: { before, after } }: { readonly line: AuditLine }) {
  const say = useSay();
  if (isNothing(before) && isNothing(after)) return <>–</>;
  return (
    <details className="change">
      <summary>{say('audit.show')}</summary>
      {isNothing(before) ? null : <pre dir="ltr">{`− ${JSON.stringify(before, null, 2)}`}</pre>}
      {isNothing(after) ? null : <pre dir="ltr">{`+ ${JSON.stringify(after, null, 2)}`}</pre>}
    </details>
  );
}

const isNothing = (value: unknown): boolean => value === null || value === undefined;
