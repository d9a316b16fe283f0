import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { stream } from 'hono/streaming';
import {
  journalFilterSchema,
  journalPageSchema,
  journalQuerySchema,
  type JournalFilter,
} from '../../../config/admin/journal.ts';
import { epochMs } from '../../../domain/ids.ts';
import type { Tenant } from '../../ports/directory.ts';
import type { JournalSearch } from '../../store/journal-search.ts';
import { record, type AdminParts } from '../admin-parts.ts';
import { givenKeys } from '../given-keys.ts';
import { journalCsvHeader, journalCsvLine } from '../journal-csv.ts';
import { journalLine } from '../journal-line.ts';
import { json, refusals, signedIn, tenantParams, type AdminEnv } from '../route-kit.ts';

const tags = ['Journal'];
/** Lines that the export reads in one go: a few ms of the server's thread. */
const CSV_STEP = 500;

const pageRoute = createRoute({
  method: 'get',
  path: '/journal',
  tags,
  summary: 'What became of parked calls, newest first; every filter that is given must fit',
  security: signedIn,
  request: { params: tenantParams, query: journalQuerySchema },
  responses: { 200: json(journalPageSchema, 'One page'), ...refusals('not-an-extension') },
});

const csvRoute = createRoute({
  method: 'get',
  path: '/journal.csv',
  tags,
  summary:
    'All lines that fit, as CSV (RFC 4180, UTF-8); text that a spreadsheet would run is defused',
  security: signedIn,
  request: { params: tenantParams, query: journalFilterSchema },
  responses: {
    200: { description: 'The file', content: { 'text/csv': { schema: z.string() } } },
    422: refusals('not-an-extension')[422],
  },
});

/** The journal of a tenant. */
export function addJournal(app: OpenAPIHono<AdminEnv>, parts: AdminParts): void {
  const { store, directory } = parts;
  app.openapi(pageRoute, (context) => {
    const { before, limit, ...filter } = context.req.valid('query');
    const search = searchOf(context.get('tenant'), filter, { before, limit });
    const events = store.journal.search(search);
    const lines = events.map((event) => journalLine(event, directory));
    const next = events.length < limit ? null : (events.at(-1)?.seq ?? null);
    return context.json({ lines, next }, 200);
  });
  app.openapi(csvRoute, (context) => {
    const tenant = context.get('tenant');
    record(context, parts, { action: 'journal.exported', subject: tenant.name });
    return sendCsv(context, parts, context.req.valid('query'));
  });
}

/** In steps, so that calls go on while a long journal is read, and no faster than the reader takes it. */
function sendCsv(
  context: Context<AdminEnv>,
  { store, directory }: AdminParts,
  filter: JournalFilter,
): Response {
  const tenant = context.get('tenant');
  context.header('Content-Type', 'text/csv; charset=utf-8');
  context.header('Content-Disposition', `attachment; filename="journal-${tenant.name}.csv"`);
  return stream(context, async (out) => {
    await out.write(journalCsvHeader);
    let before: number | undefined;
    for (;;) {
      const search = searchOf(tenant, filter, { before, limit: CSV_STEP });
      const events = store.journal.search(search);
      const lines = events.map((event) => journalCsvLine(journalLine(event, directory)));
      if (lines.length > 0) await out.write(lines.join(''));
      before = events.at(-1)?.seq;
      if (events.length < CSV_STEP || out.aborted) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
}

function searchOf(
  { id }: Tenant,
  { from, to, ...rest }: JournalFilter,
  { before, limit }: { readonly before?: number | undefined; readonly limit: number },
): JournalSearch {
  return {
    tenantId: id,
    ...givenKeys(rest),
    ...(from !== undefined && { from: epochMs(from) }),
    ...(to !== undefined && { to: epochMs(to) }),
    ...(before !== undefined && { before }),
    limit,
  };
}
