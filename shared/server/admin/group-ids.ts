import { groupIdSchema, ringGroupIdSchema } from '../../config/admin/values.ts';
import type { GroupId, RingGroupId } from '../../domain/ids.ts';

/** The id in an address; undefined for what is no id, and so names nothing. */
export function parseGroupId(text: string): GroupId | undefined {
  const parsed = groupIdSchema.safeParse(text);
  return parsed.success ? parsed.data : undefined;
}

/** The id in an address; undefined for what is no id, and so names nothing. */
export function parseRingGroupId(text: string): RingGroupId | undefined {
  const parsed = ringGroupIdSchema.safeParse(text);
  return parsed.success ? parsed.data : undefined;
}
