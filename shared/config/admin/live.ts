import { z } from 'zod';
import { timeSchema } from './values.ts';

export const callerSchema = z.object({
  name: z.string(),
  number: z.string(),
  anonymous: z.boolean(),
});

/** A call that is parked now. */
export const parkedCallSchema = z
  .object({
    parkId: z.string(),
    slot: z.string().meta({ description: 'The extension it is parked on' }),
    group: z
      .object({ id: z.string(), name: z.string() })
      .nullable()
      .meta({ description: 'Set when it was parked to a group' }),
    parker: z.string(),
    caller: callerSchema,
    state: z.enum(['parking', 'parked', 'recalling', 'retrieving']),
    parkedAt: timeSchema,
    recallAt: timeSchema.nullable().meta({ description: 'When it is recalled; null: no time set' }),
    note: z.string().nullable(),
  })
  .meta({ id: 'ParkedCall' });

export const parkedCallListSchema = z
  .object({ calls: z.array(parkedCallSchema).meta({ description: 'Oldest first' }) })
  .meta({ id: 'ParkedCalls' });

/** What can happen to a parked call, in the journal's words. */
export const journalKindSchema = z.enum([
  'parked',
  'recalled',
  'recall-unanswered',
  'snoozed',
  'moved',
  'retrieved',
  'returned',
  'abandoned',
  'forwarded',
  'failed',
  'lost',
]);

/**
 * One message of the event stream, as its `data`. The `event` field has the same name as `kind`, `id` increases. After a
 * reconnect a `snapshot` comes first, so nothing has to be replayed.
 */
export const adminEventSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('snapshot'), at: timeSchema, calls: z.array(parkedCallSchema) }),
    z.object({
      kind: z.literal('call'),
      at: timeSchema,
      what: journalKindSchema,
      parkId: z.string(),
      slot: z.string(),
      parker: z.string(),
      by: z.string().nullable().meta({ description: 'Who took it, or where it went' }),
      call: parkedCallSchema
        .nullable()
        .meta({ description: 'As it is now; null: it is not parked any more' }),
    }),
    z.object({
      kind: z.literal('registrations'),
      at: timeSchema,
      extension: z.string(),
      devices: z.int().nonnegative().meta({ description: 'Reachable now' }),
    }),
    z.object({
      kind: z.literal('changed'),
      at: timeSchema,
      what: z.enum(['park-groups', 'ring-groups', 'users', 'settings']),
    }),
  ])
  .meta({ id: 'AdminEvent' });

export type ParkedCallLine = z.output<typeof parkedCallSchema>;
export type JournalKind = z.output<typeof journalKindSchema>;
export type AdminEvent = z.output<typeof adminEventSchema>;
