import {
  newParkGroupSchema,
  type ParkGroupView,
} from '../../../shared/config/admin/park-groups.ts';
import { fieldProblems } from '../../../shared/config/admin/problems.ts';
import type { Member } from '../../../shared/config/admin/values.ts';
import { defaultRecallSettings } from '../../../shared/domain/recall-policy.ts';
import type { Saved } from '../use-editor.ts';
import { problemsOfSchema, type Problems } from './problem.ts';
import { checkRecall, recallBody, recallDraft, type RecallDraft } from './recall-draft.ts';

/** A Call Park group as its form has it. */
export interface ParkGroupDraft extends RecallDraft {
  readonly name: string;
  readonly members: readonly Member[];
}

export const newParkGroup: Saved<ParkGroupDraft> = {
  draft: { name: '', members: [], ...recallDraft(defaultRecallSettings) },
  version: 0,
  by: '',
  at: 0,
};

export function savedParkGroup(group: ParkGroupView): Saved<ParkGroupDraft> {
  const { name, members, recall, version, changedBy: by, changedAt: at } = group;
  return { draft: { name, members, ...recallDraft(recall) }, version, by, at };
}

export function parkGroupBody(draft: ParkGroupDraft) {
  const members = draft.members.map(({ extension }) => extension);
  return { name: draft.name, members, recall: recallBody(draft) };
}

/** By the server's own schema, and by what the portal offers. */
export function checkParkGroup(draft: ParkGroupDraft, base: ParkGroupDraft): Problems {
  const own = checkRecall(draft, base);
  if (Object.keys(own).length > 0) return { ...nameProblems(draft), ...own };
  const parsed = newParkGroupSchema.safeParse(parkGroupBody(draft));
  return parsed.success ? {} : problemsOfSchema(fieldProblems(parsed.error));
}

function nameProblems({ name }: ParkGroupDraft): Problems {
  const parsed = newParkGroupSchema.safeParse({ name });
  return parsed.success ? {} : problemsOfSchema(fieldProblems(parsed.error));
}
