import { z } from 'zod';
import { callerSchema, journalKindSchema } from './live.ts';
import { extensionSchema, logQuerySchema, timeSchema } from './values.ts';

const time = z.coerce.number().int().nonnegative().max(8.64e15);

/** Which lines of the journal. */
export const journalFilterSchema = z.object({
  from: time.optional().meta({ description: 'Not before; milliseconds since 1970' }),
  to: time.optional().meta({ description: 'Before; milliseconds since 1970' }),
  slot: extensionSchema.optional(),
  parker: extensionSchema.optional(),
  caller: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'Part of name or number, without regard to case' }),
  how: journalKindSchema.optional(),
});

export const journalQuerySchema = journalFilterSchema.extend(logQuerySchema.shape);

export const journalLineSchema = z
  .object({
    id: z.int(),
    at: timeSchema,
    parkId: z.string(),
    kind: journalKindSchema,
    slot: z.string(),
    group: z
      .object({ id: z.string(), name: z.string().nullable() })
      .nullable()
      .meta({ description: 'Name null: the group was deleted since' }),
    parker: z.string(),
    caller: callerSchema,
    by: z.string().nullable().meta({ description: 'Who took it, or where it went' }),
    reason: z.string().nullable().meta({ description: 'Why a recall or the park failed' }),
    note: z.string().nullable(),
  })
  .meta({ id: 'JournalLine' });

export const journalPageSchema = z
  .object({
    lines: z.array(journalLineSchema).meta({ description: 'Newest first' }),
    next: z.int().nullable().meta({ description: 'For `before`; null: there are no older lines' }),
  })
  .meta({ id: 'JournalPage' });

export type JournalFilter = z.output<typeof journalFilterSchema>;
export type JournalPageQuery = z.output<typeof journalQuerySchema>;
export type JournalLine = z.output<typeof journalLineSchema>;
