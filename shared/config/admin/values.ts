import { z } from 'zod';
import { checkGroupName, MAX_GROUP_NAME } from '../../domain/group-name.ts';
import { groupId, isExtension, ringGroupId } from '../../domain/ids.ts';
import type { AdminErrorCode } from './error-codes.ts';

const SENTENCES = {
  'name-empty': 'A name is needed.',
  'name-too-long': `The name is longer than ${MAX_GROUP_NAME} characters.`,
  'name-unprintable': 'The name contains a character that cannot be shown.',
} as const;

/** An issue that has a word of its own; `problemOf` finds it again. */
export function asProblem(error: AdminErrorCode, message: string) {
  return { code: 'custom' as const, message, params: { error } };
}

/** Name of a group, blanks around it taken off: 1–64 characters that can be shown. */
export const groupNameSchema = z
  .string()
  .max(1000)
  .transform((name) => name.trim())
  .superRefine((name, context) => {
    const problem = checkGroupName(name);
    if (problem !== null) context.addIssue(asProblem(problem, SENTENCES[problem]));
  })
  .meta({ description: '1–64 characters; unique in the tenant without regard to case' });

/** 1–15 digits. */
export const extensionSchema = z
  .string()
  .refine(isExtension, {
    error: 'An extension is 1 to 15 digits.',
    params: { error: 'not-an-extension' },
  })
  .meta({ description: '1–15 digits', example: '101' });

const idText = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'It is not an id.');

export const groupIdSchema = idText.transform(groupId);
export const ringGroupIdSchema = idText.transform(ringGroupId);

/** The version that was read; a save is refused when another was saved since. */
export const versionSchema = z
  .int()
  .min(1)
  .meta({ description: 'As it was read; +1 per change. Another one now: changed-meanwhile' });

/** Milliseconds since 1970-01-01T00:00Z. */
export const timeSchema = z.int().nonnegative().meta({ description: 'Milliseconds since 1970' });

/** Which part of a list. */
export const pageQuerySchema = z.object({
  search: z
    .string()
    .max(100)
    .optional()
    .meta({ description: 'Only what contains this, in name or number, without regard to case' }),
  page: z.coerce
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(1)
    .meta({ description: 'From 1; default 1' }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(50)
    .meta({ description: 'Entries on a page, 1–10 000; default 50' }),
});

export type PageQuery = z.output<typeof pageQuerySchema>;

/** Which part of a log, whose lines come newest first. */
export const logQuerySchema = z.object({
  before: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .meta({ description: '`next` of the page before' }),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

/** How many there are in all, for the pager. */
export const totalSchema = z.int().nonnegative().meta({ description: 'Entries on all pages' });

/** A user as a member of a group. */
export const memberSchema = z
  .object({ extension: extensionSchema, displayName: z.string() })
  .meta({ id: 'Member' });

export type Member = z.output<typeof memberSchema>;
