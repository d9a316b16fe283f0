import { WifiOff } from 'lucide-react';
import { useStore } from 'zustand';
import type { ParkedCallLine } from '../../../../shared/config/admin/live.ts';
import { showElapsed } from '../../../phone/elapsed.ts';
import { DataTable, type Column } from '../../controls/data-table.tsx';
import { Page, Panel, Remark } from '../../controls/page.tsx';
import { PageLink } from '../../controls/page-link.tsx';
import type { Happening } from '../../model/live-calls.ts';
import { useNow, usePortal, useTenantId } from '../../portal-context.tsx';
import { useFormats, useSay } from '../../words.tsx';

/** Calls that are parked now, as they come and go. */
export function LivePage() {
  const say = useSay();
  const { kind, calls, happenings } = useStore(usePortal().live.state);
  const columns = useColumns();
  return (
    <Page title={say('live.title')} about={say('live.about')}>
      <Freshness />
      {kind === 'waiting' ? null : (
        <div className={kind === 'stale' ? 'stale' : ''}>
          <DataTable
            label={say('live.title')}
            columns={columns}
            rows={calls}
            keyOf={({ parkId }) => parkId}
            none={say(kind === 'live' ? 'live.none' : 'live.unknown')}
          />
        </div>
      )}
      <Panel title={say('live.happened')}>
        {happenings.length === 0 ? (
          <p className="none">{say('live.nothingYet')}</p>
        ) : (
          <ol className="happenings">
            {happenings.map((happening) => (
              <OneHappening key={happening.key} happening={happening} />
            ))}
          </ol>
        )}
      </Panel>
    </Page>
  );
}

/** Without a live stream nobody knows: that is said, and an old list is never taken for a new one. */
function Freshness() {
  const say = useSay();
  const { time } = useFormats();
  const { kind, heardAt } = useStore(usePortal().live.state);
  switch (kind) {
    case 'live':
      return null;
    case 'waiting':
      return (
        <p className="loading" role="status">
          {say('common.loading')}
        </p>
      );
    case 'stale':
      return (
        <Remark icon={WifiOff} role="alert">
          <p>{say('live.stale', { at: heardAt === null ? '–' : time(heardAt) })}</p>
        </Remark>
      );
  }
}

function useColumns(): readonly Column<ParkedCallLine>[] {
  const say = useSay();
  const tenantId = useTenantId();
  return [
    { id: 'caller', title: say('live.caller'), cell: ({ caller }) => <Caller caller={caller} /> },
    { id: 'slot', title: say('live.slot'), cell: ({ slot }) => slot },
    {
      id: 'group',
      title: say('live.group'),
      cell: ({ group }) =>
        group === null ? (
          '–'
        ) : (
          <PageLink to={{ kind: 'tenant', tenantId, page: 'park-groups', item: group.id }}>
            {group.name}
          </PageLink>
        ),
    },
    { id: 'parker', title: say('live.parker'), cell: ({ parker }) => parker },
    {
      id: 'waits',
      title: say('live.waits'),
      numeric: true,
      cell: ({ parkedAt }) => <Waiting since={parkedAt} />,
    },
    {
      id: 'recall',
      title: say('live.recall'),
      numeric: true,
      cell: (call) => <RecallIn call={call} />,
    },
    { id: 'note', title: say('live.note'), cell: ({ note }) => note ?? '' },
  ];
}

function Caller({ caller }: Pick<ParkedCallLine, 'caller'>) {
  const say = useSay();
  const { name, number, anonymous } = caller;
  if (anonymous) return <>{say('live.anonymous')}</>;
  return (
    <div className="stack">
      {name === '' ? null : <bdi>{name}</bdi>}
      <bdi dir="ltr">{number}</bdi>
    </div>
  );
}

/** The server's time, once a second. */
function useServerNow(): number {
  const aheadMs = useStore(usePortal().live.state, (state) => state.aheadMs);
  return useNow() + aheadMs;
}

function Waiting({ since }: { readonly since: number }) {
  const now = useServerNow();
  return <span className="ticking">{showElapsed(now - since)}</span>;
}

function RecallIn({ call }: { readonly call: ParkedCallLine }) {
  const say = useSay();
  const now = useServerNow();
  const { state, recallAt } = call;
  if (state === 'recalling' || state === 'retrieving' || state === 'parking') {
    return <span className="state">{say(`live.${state}`)}</span>;
  }
  if (recallAt === null) return <>–</>;
  // To the nearest second: what the server's word took to come here adds none.
  const left = Math.max(0, Math.round((recallAt - now) / 1000)) * 1000;
  return <span className="ticking">{showElapsed(left)}</span>;
}

function OneHappening({ happening }: { readonly happening: Happening }) {
  const say = useSay();
  const { time } = useFormats();
  const { at, what, slot, parker, by } = happening;
  return (
    <li>
      <time dateTime={new Date(at).toISOString()}>{time(at)}</time>
      <span>{say(`journal.what.${what}`)}</span>
      <span>{say('live.happening', { slot, parker })}</span>
      {by === null ? null : <span>{say('live.by', { by })}</span>}
    </li>
  );
}
