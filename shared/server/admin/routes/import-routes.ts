import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { importQuerySchema, importResultSchema } from '../../../config/admin/users.ts';
import type { LineProblem } from '../../provisioning/user-csv.ts';
import { readUserCsv } from '../../provisioning/user-csv.ts';
import { refuse } from '../admin-answer.ts';
import { record, type AdminParts } from '../admin-parts.ts';
import { provisioningAnswer } from '../provisioning-answer.ts';
import { json, refusals, signedIn, tenantParams, type AdminEnv } from '../route-kit.ts';

/** So many bad lines are named; whoever has more has one mistake many times. */
const MAX_NAMED_LINES = 100;

const importRoute = createRoute({
  method: 'post',
  path: '/users/import',
  tags: ['Users'],
  summary:
    'Add many users from a CSV file, all of them or none; existing ones get name and password',
  security: signedIn,
  request: {
    params: tenantParams,
    query: importQuerySchema,
    body: {
      description:
        'CSV (RFC 4180, UTF-8), ≤ 10 MB: a first line `extension,password,name`, then one line per user',
      content: { 'text/csv': { schema: z.string() } },
      required: true,
    },
  },
  responses: {
    200: json(importResultSchema, 'Done; with dryRun what would be done, or which lines are bad'),
    ...refusals('bad-lines', 'number-taken'),
  },
});

/** Users from a file. */
export function addImport(app: OpenAPIHono<AdminEnv>, parts: AdminParts): void {
  const { directory, provisioning } = parts;
  app.openapi(importRoute, async (context) => {
    const { dryRun } = context.req.valid('query');
    const tenant = context.get('tenant');
    const text = utf8(await context.req.arrayBuffer());
    const read = readUserCsv(text ?? '');
    if (text === undefined || !read.ok) {
      const bad = text === undefined ? NOT_UTF8 : read.ok ? [] : read.error;
      const lines = linesOf(bad);
      if (dryRun) return context.json({ added: 0, changed: 0, lines }, 200);
      const message = `Nothing was imported: ${bad.length} lines of the file cannot be used.`;
      return refuse(context, { error: 'bad-lines', message, details: { lines } });
    }
    const users = read.value;
    const taken = linesOf(
      users.flatMap(({ extension }, index) => {
        const free = directory.ringGroupByNumber(tenant.id, extension) === undefined;
        const message = `${extension} is the number of a ring group`;
        return free ? [] : { line: index + 2, message };
      }),
    );
    if (dryRun) {
      const known = users.filter(({ extension }) => directory.user(tenant.id, extension)).length;
      return context.json({ added: users.length - known, changed: known, lines: taken }, 200);
    }
    const imported = provisioning.importUsers(tenant, users);
    if (!imported.ok) return refuse(context, provisioningAnswer(imported.error));
    record(context, parts, {
      action: 'users.imported',
      subject: tenant.name,
      after: imported.value,
    });
    return context.json({ ...imported.value, lines: [] }, 200);
  });
}

const NOT_UTF8: readonly LineProblem[] = [{ line: 1, message: 'the file is not text in UTF-8' }];

function linesOf(problems: readonly LineProblem[]) {
  return problems
    .slice(0, MAX_NAMED_LINES)
    .map(({ line, message }) => ({ line, problem: message }));
}

function utf8(bytes: ArrayBuffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
