import { z } from 'zod';

/** Every word by which the Admin API refuses, with what it means. The portal has a sentence of its own for each. */
export const ADMIN_ERRORS = {
  'bad-request': 'The request is not JSON, or a part of its address is malformed',
  'not-signed-in': 'There is no session, or it is over',
  'wrong-credentials': 'Name or password is wrong',
  'not-allowed': 'The role does not allow it',
  'cross-site': 'The request came from another site, or without its CSRF token',
  'setup-over': 'There is an admin already',
  'wrong-token': 'The set-up token is wrong or was used',
  'not-found': 'There is no such thing in what this admin may see',
  'too-large': 'The body is larger than this route takes',
  'wrong-type': 'The body is of another media type than this route takes',
  'too-many-attempts':
    'Too many failed sign-ins or open event streams; Retry-After says when to try again, in seconds',
  'bad-value': 'A field is missing, unknown, of the wrong type, or out of its range',
  'name-empty': 'A name is needed',
  'name-too-long': 'The name is too long',
  'name-unprintable': 'The name contains a character that cannot be shown',
  'name-taken': 'Another of this kind has that name',
  'changed-meanwhile': 'Somebody saved it since it was read; details say who and when',
  'in-other-group': 'The user is a member of another group; details name it',
  'member-unknown': 'There is no such extension in this tenant',
  'member-twice': 'The extension is in the list twice',
  'too-many-members': 'A group takes no more members',
  'ring-group-missing': 'There is no such ring group in this tenant',
  'no-answer-unknown': 'There is no such extension to send unanswered calls to',
  'no-answer-itself': 'A ring group cannot send unanswered calls to itself',
  'number-taken': 'A user, a trunk or a ring group goes by that number',
  'not-an-extension': 'An extension is 1 to 15 digits',
  'bad-password': 'The password is missing, too short, too long, or holds a control character',
  'bad-domain': 'It is not a host name',
  'domain-taken': 'The domain belongs to another tenant',
  'domains-needed': 'With several tenants each needs a domain',
  'last-tenant': 'The only tenant cannot be removed',
  'calls-parked': 'Calls are parked in this tenant now',
  'last-admin': 'The last system admin cannot be removed or demoted',
  'bad-lines': 'Lines of the file cannot be used; details name each',
  'not-wav': 'The file is not a WAV file',
  'unsupported-format': 'The WAV file holds a format that is not taken',
  truncated: 'The WAV file ends before its sound does',
  'too-long': 'The sound is too long',
  'too-short': 'The sound is too short',
  unexpected: 'A fault in the server; it is in its log',
} as const;

export type AdminErrorCode = keyof typeof ADMIN_ERRORS;

/** Who saved meanwhile. */
export const changedMeanwhileSchema = z
  .object({
    version: z.int().meta({ description: 'The version that is saved now' }),
    by: z.string().meta({ description: 'Name of the admin; empty: the command line' }),
    at: z.int().meta({ description: 'Milliseconds since 1970' }),
  })
  .meta({ id: 'ChangedMeanwhile' });

export const lineProblemSchema = z
  .object({
    line: z.int().min(1).meta({ description: 'Line of the file; 1 is the header' }),
    problem: z.string().meta({ description: 'A sentence' }),
  })
  .meta({ id: 'LineProblem' });

function isErrorCode(code: string): code is AdminErrorCode {
  return Object.hasOwn(ADMIN_ERRORS, code);
}

/** Every answer of the Admin API that is no success. */
export const adminErrorSchema = z
  .object({
    error: z
      .string()
      .transform((code): AdminErrorCode => (isErrorCode(code) ? code : 'unexpected'))
      .meta({ type: 'string', enum: Object.keys(ADMIN_ERRORS), description: 'A closed list' }),
    message: z.string().meta({ description: 'An English sentence for a person' }),
    field: z.string().optional().meta({
      description: 'The field of the request it is about: name, members.2, recall.timerMs',
    }),
    details: z
      .object({
        group: z.string().optional().meta({ description: 'Name of the other group' }),
        extension: z.string().optional(),
        changed: changedMeanwhileSchema.optional(),
        lines: z.array(lineProblemSchema).optional(),
        retryAfterSeconds: z.int().optional(),
      })
      .optional(),
  })
  .meta({ id: 'AdminError', description: 'A word for programs and a sentence for people' });

export type AdminError = z.output<typeof adminErrorSchema>;
