import { z } from 'zod';
import { MAX_RING_MEMBERS, RING_MS } from '../../domain/ring-group.ts';
import {
  extensionSchema,
  groupNameSchema,
  memberSchema,
  ringGroupIdSchema,
  timeSchema,
  totalSchema,
  versionSchema,
} from './values.ts';

const members = z
  .array(extensionSchema)
  .max(MAX_RING_MEMBERS * 2)
  .meta({ description: 'In assigned order' });

export const ringStrategySchema = z
  .enum(['ring-all', 'in-order', 'longest-idle'])
  .meta({ description: 'Default ring-all' });

const ringMs = z
  .int()
  .min(RING_MS.least, 'At least 5 seconds.')
  .max(RING_MS.most, 'At most 300 seconds.')
  .meta({
    description:
      'How long all ring (ring-all), or each member, in ms; 5000–300 000, default 20 000',
  });

/** What becomes of a call that nobody answers. */
export const noAnswerSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('hang-up') }).meta({ description: 'After an announcement' }),
    z.strictObject({ kind: z.literal('extension'), extension: extensionSchema }),
    z.strictObject({ kind: z.literal('ring-group'), ringGroupId: ringGroupIdSchema }),
  ])
  .meta({ id: 'NoAnswer' });

const extension = extensionSchema
  .nullable()
  .meta({ description: 'The number it is dialled by; null: reached by recall alone' });

/** `no-answer-missing`: what unanswered calls go to was deleted, so they are hung up. */
export const ringGroupWarningSchema = z.enum(['no-members', 'no-answer-missing']);

/** A line of the list. */
export const ringGroupSummarySchema = z
  .object({
    id: ringGroupIdSchema,
    name: z.string(),
    extension,
    memberCount: z.int().nonnegative(),
    strategy: ringStrategySchema,
    ringMs: z.int(),
    noAnswer: noAnswerSchema,
    usedBy: z
      .array(z.string())
      .meta({ description: 'Names of the Call Park groups that recall to it' }),
    usedByTenant: z
      .boolean()
      .meta({ description: 'Recall of calls parked on extensions names it' }),
    warnings: z.array(ringGroupWarningSchema),
    version: versionSchema,
  })
  .meta({ id: 'RingGroupSummary' });

export const ringGroupListSchema = z
  .object({ groups: z.array(ringGroupSummarySchema), total: totalSchema })
  .meta({ id: 'RingGroups' });

export const ringGroupSchema = z
  .object({
    id: ringGroupIdSchema,
    name: z.string(),
    extension,
    members: z.array(memberSchema),
    strategy: ringStrategySchema,
    ringMs: z.int(),
    noAnswer: noAnswerSchema,
    warnings: z.array(ringGroupWarningSchema),
    version: versionSchema,
    changedBy: z.string().meta({ description: 'Name of the admin; empty: the command line' }),
    changedAt: timeSchema,
  })
  .meta({ id: 'RingGroup' });

export const newRingGroupSchema = z
  .strictObject({
    name: groupNameSchema,
    extension: extension.default(null),
    members: members.default([]),
    strategy: ringStrategySchema.default('ring-all'),
    ringMs: ringMs.default(RING_MS.usual),
    noAnswer: noAnswerSchema.default({ kind: 'hang-up' }),
  })
  .meta({ id: 'NewRingGroup' });

/** What is left out stays. */
export const ringGroupChangeSchema = z
  .strictObject({
    name: groupNameSchema.optional(),
    extension: extension.optional(),
    members: members.optional(),
    strategy: ringStrategySchema.optional(),
    ringMs: ringMs.optional(),
    noAnswer: noAnswerSchema.optional(),
    version: versionSchema,
  })
  .meta({ id: 'RingGroupChange', description: 'What is left out stays' });

export type RingGroupSummary = z.output<typeof ringGroupSummarySchema>;
export type RingGroupView = z.output<typeof ringGroupSchema>;
export type NewRingGroup = z.output<typeof newRingGroupSchema>;
export type RingGroupChange = z.output<typeof ringGroupChangeSchema>;
