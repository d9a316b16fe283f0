import { Download, Globe } from 'lucide-react';
import { z } from 'zod';
import { err, ok } from '../../../../shared/domain/result.ts';
import { DataTable, type Column } from '../../controls/data-table.tsx';
import { Loaded, Page, Panel } from '../../controls/page.tsx';
import type { Answer } from '../../model/api.ts';
import { useResource } from '../../portal-context.tsx';
import { useFormats, useSay } from '../../words.tsx';

const listSchema = z.object({
  files: z.array(
    z.object({
      name: z.string(),
      size: z.number(),
      kind: z.enum(['windows', 'macos', 'linux', 'feed', 'other']),
      changedAt: z.number(),
    }),
  ),
});

type DownloadList = z.output<typeof listSchema>;
type DownloadFile = DownloadList['files'][number];

/** Where users get the app: in the browser at once, or as an installer that the admin put into a folder. */
export function GetAppPage() {
  const say = useSay();
  const columns = useColumns();
  const files = useResource({ key: 'downloads', load: readDownloads });
  const trust = useResource({ key: 'trust', load: readTrust });
  return (
    <Page section={say('nav.server')} title={say('getApp.title')} about={say('getApp.about')}>
      <Panel title={say('getApp.browser')}>
        <p>{say('getApp.browserWords')}</p>
        <p>
          <a className="button button-plain" href="/" target="_blank" rel="noreferrer">
            <Globe aria-hidden className="icon" />
            {say('getApp.open')}
          </a>
        </p>
      </Panel>
      <Panel title={say('getApp.installers')}>
        <p className="field-hint">{say('getApp.folder')}</p>
        <Loaded resource={files}>
          {(value) => (
            <DataTable
              label={say('getApp.installers')}
              columns={columns}
              rows={value.files.filter(({ kind }) => kind !== 'feed')}
              keyOf={({ name }) => name}
              none={say('getApp.none')}
            />
          )}
        </Loaded>
      </Panel>
      {trust.value === true ? (
        <Panel title={say('getApp.trust')}>
          <p>{say('getApp.trustWords')}</p>
          <p>
            <a className="link" href="/trust">
              {say('getApp.trustOpen')}
            </a>
          </p>
        </Panel>
      ) : null}
    </Page>
  );
}

function useColumns(): readonly Column<DownloadFile>[] {
  const say = useSay();
  const { megabytes, dateTime } = useFormats();
  return [
    {
      id: 'name',
      title: say('getApp.file'),
      cell: ({ name }) => (
        <a className="link" href={`/downloads/${encodeURIComponent(name)}`} download>
          <Download aria-hidden className="icon icon-small" /> <bdi dir="ltr">{name}</bdi>
        </a>
      ),
    },
    { id: 'kind', title: say('getApp.for'), cell: ({ kind }) => say(`getApp.kind.${kind}`) },
    {
      id: 'size',
      title: say('getApp.size'),
      numeric: true,
      cell: ({ size }) => megabytes(size),
    },
    { id: 'at', title: say('getApp.changed'), cell: ({ changedAt }) => dateTime(changedAt) },
  ];
}

async function readDownloads(): Promise<Answer<DownloadList>> {
  try {
    const parsed = listSchema.safeParse(await (await fetch('/downloads')).json());
    return parsed.success ? ok(parsed.data) : err({ kind: 'no-answer' });
  } catch {
    return err({ kind: 'no-answer' });
  }
}

/** Whether the server has an authority of its own that desks have to trust. */
async function readTrust(): Promise<Answer<boolean>> {
  try {
    return ok((await fetch('/trust')).ok);
  } catch {
    return ok(false);
  }
}
