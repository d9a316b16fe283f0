import type { Context } from 'hono';
import type { z } from 'zod';
import type { AdminError, AdminErrorCode } from '../../config/admin/error-codes.ts';
import { fieldProblems } from '../../config/admin/problems.ts';

/** The statuses by which the Admin API refuses. */
export type RefusalStatus = 400 | 401 | 403 | 404 | 409 | 413 | 415 | 422 | 429 | 500;

const STATUS: Readonly<Record<AdminErrorCode, RefusalStatus>> = {
  'bad-request': 400,
  'not-signed-in': 401,
  'wrong-credentials': 401,
  'not-allowed': 403,
  'cross-site': 403,
  'setup-over': 409,
  'wrong-token': 403,
  'not-found': 404,
  'too-large': 413,
  'wrong-type': 415,
  'too-many-attempts': 429,
  'bad-value': 422,
  'name-empty': 422,
  'name-too-long': 422,
  'name-unprintable': 422,
  'name-taken': 409,
  'changed-meanwhile': 409,
  'in-other-group': 409,
  'member-unknown': 422,
  'member-twice': 422,
  'too-many-members': 422,
  'ring-group-missing': 409,
  'no-answer-unknown': 422,
  'no-answer-itself': 422,
  'number-taken': 409,
  'not-an-extension': 422,
  'bad-password': 422,
  'bad-domain': 422,
  'domain-taken': 409,
  'domains-needed': 409,
  'last-tenant': 409,
  'calls-parked': 409,
  'last-admin': 409,
  'bad-lines': 422,
  'not-wav': 422,
  'unsupported-format': 422,
  truncated: 422,
  'too-long': 422,
  'too-short': 422,
  unexpected: 500,
};

/** A refusal on its way out. */
export type Refusal = AdminError;

export const notFound: Refusal = { error: 'not-found', message: 'There is no such thing here.' };

/** Answers with a refusal, by the status that belongs to it. */
export function refuse(context: Context, refusal: Refusal) {
  const { retryAfterSeconds } = refusal.details ?? {};
  if (retryAfterSeconds !== undefined) context.header('Retry-After', String(retryAfterSeconds));
  return context.json<AdminError, RefusalStatus>(refusal, STATUS[refusal.error]);
}

/** What a route answers when its query or body does not fit: the first field that is wrong. */
export function answerMisfit(
  result: { readonly success: true } | { readonly success: false; readonly error: z.ZodError },
  context: Context,
): Response | undefined {
  if (result.success) return undefined;
  const [first] = fieldProblems(result.error);
  if (first === undefined) {
    return refuse(context, { error: 'bad-value', message: 'A value does not fit.' });
  }
  const { error, field, message } = first;
  return refuse(context, { error, message, ...(field !== '' && { field }) });
}
