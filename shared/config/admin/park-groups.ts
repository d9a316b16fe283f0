import { z } from 'zod';
import { MAX_GROUP_MEMBERS } from '../../domain/park-group.ts';
import { recallSettingsSchema } from '../tenant-settings.ts';
import {
  extensionSchema,
  groupIdSchema,
  groupNameSchema,
  memberSchema,
  timeSchema,
  totalSchema,
  versionSchema,
} from './values.ts';

/** What the portal offers for recall timer and wait time, in seconds; by the API any time from 1 s to 1 day. */
export const PORTAL_RECALL_SECONDS = { least: 60, most: 900 } as const;

const members = z
  .array(extensionSchema)
  .max(MAX_GROUP_MEMBERS * 2)
  .meta({ description: 'In assigned order: the search for a free member starts at the first' });

/** `*-missing`, `*-empty`: the recall destination behaves as the parker alone. */
export const parkGroupWarningSchema = z.enum([
  'ring-group-missing',
  'ring-group-empty',
  'no-members',
]);

/** A line of the list. */
export const parkGroupSummarySchema = z
  .object({
    id: groupIdSchema,
    name: z.string(),
    memberCount: z.int().nonnegative(),
    recall: recallSettingsSchema,
    ringGroupName: z.string().nullable(),
    parkedCalls: z.int().nonnegative().meta({ description: 'Parked to the group now' }),
    warnings: z.array(parkGroupWarningSchema),
    version: versionSchema,
  })
  .meta({ id: 'ParkGroupSummary' });

export const parkGroupListSchema = z
  .object({ groups: z.array(parkGroupSummarySchema), total: totalSchema })
  .meta({ id: 'ParkGroups' });

export const parkGroupSchema = z
  .object({
    id: groupIdSchema,
    name: z.string(),
    members: z.array(memberSchema),
    recall: recallSettingsSchema,
    warnings: z.array(parkGroupWarningSchema),
    version: versionSchema,
    changedBy: z.string().meta({ description: 'Name of the admin; empty: the command line' }),
    changedAt: timeSchema,
  })
  .meta({ id: 'ParkGroup' });

export const newParkGroupSchema = z
  .strictObject({
    name: groupNameSchema,
    members: members.default([]),
    recall: recallSettingsSchema.prefault({}),
  })
  .meta({ id: 'NewParkGroup' });

/** What is left out stays. */
export const parkGroupChangeSchema = z
  .strictObject({
    name: groupNameSchema.optional(),
    members: members.optional(),
    recall: recallSettingsSchema.optional(),
    version: versionSchema,
  })
  .meta({ id: 'ParkGroupChange', description: 'What is left out stays' });

export const availableMembersQuerySchema = z.object({
  for: z
    .string()
    .max(64)
    .optional()
    .meta({ description: 'Id of the group being changed: its own members are available too' }),
  search: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(10_000).default(1000),
});

/** Users who are in no other group. */
export const availableMembersSchema = z
  .object({ members: z.array(memberSchema), total: totalSchema })
  .meta({ id: 'AvailableMembers' });

export type ParkGroupSummary = z.output<typeof parkGroupSummarySchema>;
export type ParkGroupView = z.output<typeof parkGroupSchema>;
export type NewParkGroup = z.output<typeof newParkGroupSchema>;
export type ParkGroupChange = z.output<typeof parkGroupChangeSchema>;
