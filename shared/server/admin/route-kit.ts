import type { HttpBindings } from '@hono/node-server';
import { OpenAPIHono, z } from '@hono/zod-openapi';
import {
  ADMIN_ERRORS,
  adminErrorSchema,
  type AdminErrorCode,
} from '../../config/admin/error-codes.ts';
import type { Tenant } from '../ports/directory.ts';
import { answerMisfit } from './admin-answer.ts';
import type { AdminSession } from './admin-sessions.ts';

/** What handlers find in hono's context. */
export interface AdminEnv {
  Bindings: HttpBindings;
  Variables: {
    /** Who asks. */
    session: AdminSession;
    /** The tenant of the address, which this admin may see. */
    tenant: Tenant;
  };
}

export function adminRouter(): OpenAPIHono<AdminEnv> {
  return new OpenAPIHono<AdminEnv>({ defaultHook: answerMisfit });
}

export const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  content: { 'application/json': { schema } },
  description,
});

/** The JSON body of a request. */
export const jsonBody = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  ...json(schema, description),
  required: true,
});

/** The path of everything that belongs to a tenant. */
export const tenantParams = z.object({
  tenant: z.string().openapi({ description: 'Id of the tenant' }),
});

/** A session is needed, and on everything but GET its CSRF token. */
export const signedIn = [{ cookie: [], csrf: [] }];

/**
 * How a route may refuse, beyond what every route does.
 * @param codes what it refuses for; they stand in the description of their status
 */
export function refusals(...codes: readonly AdminErrorCode[]) {
  const of = (general: readonly AdminErrorCode[], status: readonly AdminErrorCode[]) => {
    const named = [...general, ...codes.filter((code) => status.includes(code))];
    const lines = named.map((code) => `\`${code}\`: ${ADMIN_ERRORS[code]}.`);
    return json(adminErrorSchema, lines.join('\n\n') || 'Not used by this route.');
  };
  return {
    400: of(['bad-request'], []),
    401: of(['not-signed-in'], ['wrong-credentials']),
    403: of(['not-allowed', 'cross-site'], ['wrong-token']),
    404: of(['not-found'], []),
    409: of([], CONFLICTS),
    413: of(['too-large'], []),
    415: of(['wrong-type'], []),
    422: of(['bad-value'], MISFITS),
    429: of([], ['too-many-attempts']),
    500: of(['unexpected'], []),
  };
}

const CONFLICTS: readonly AdminErrorCode[] = [
  'setup-over',
  'name-taken',
  'changed-meanwhile',
  'in-other-group',
  'ring-group-missing',
  'number-taken',
  'domain-taken',
  'domains-needed',
  'last-tenant',
  'calls-parked',
  'last-admin',
];

const MISFITS: readonly AdminErrorCode[] = [
  'name-empty',
  'name-too-long',
  'name-unprintable',
  'member-unknown',
  'member-twice',
  'too-many-members',
  'no-answer-unknown',
  'no-answer-itself',
  'not-an-extension',
  'bad-password',
  'bad-domain',
  'bad-lines',
  'not-wav',
  'unsupported-format',
  'truncated',
  'too-long',
  'too-short',
];
