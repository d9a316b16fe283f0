import { fieldProblems } from '../../../shared/config/admin/problems.ts';
import {
  newRingGroupSchema,
  type RingGroupView,
} from '../../../shared/config/admin/ring-groups.ts';
import type { Member } from '../../../shared/config/admin/values.ts';
import { RING_MS, type NoAnswer, type RingStrategy } from '../../../shared/domain/ring-group.ts';
import type { Saved } from '../use-editor.ts';
import { problemsOfSchema, type Problem, type Problems } from './problem.ts';
import { checkSeconds, msOf, secondsText } from './recall-draft.ts';

/** A ring group as its form has it. */
export interface RingGroupDraft {
  readonly name: string;
  /** Empty: it has no number. */
  readonly extension: string;
  readonly strategy: RingStrategy;
  /** In seconds, as text. */
  readonly ring: string;
  readonly noAnswer: NoAnswer['kind'];
  /** Kept when `noAnswer` needs none. */
  readonly noAnswerExtension: string;
  readonly noAnswerRingGroup: string;
  readonly members: readonly Member[];
}

export const newRingGroup: Saved<RingGroupDraft> = {
  draft: {
    name: '',
    extension: '',
    strategy: 'ring-all',
    ring: secondsText(RING_MS.usual),
    noAnswer: 'hang-up',
    noAnswerExtension: '',
    noAnswerRingGroup: '',
    members: [],
  },
  version: 0,
  by: '',
  at: 0,
};

export function savedRingGroup(group: RingGroupView): Saved<RingGroupDraft> {
  const { name, extension, members, strategy, ringMs, noAnswer } = group;
  return {
    draft: {
      name,
      extension: extension ?? '',
      strategy,
      ring: secondsText(ringMs),
      noAnswer: noAnswer.kind,
      noAnswerExtension: noAnswer.kind === 'extension' ? noAnswer.extension : '',
      noAnswerRingGroup: noAnswer.kind === 'ring-group' ? noAnswer.ringGroupId : '',
      members,
    },
    version: group.version,
    by: group.changedBy,
    at: group.changedAt,
  };
}

export function ringGroupBody(draft: RingGroupDraft) {
  const { name, strategy, extension, ring, members } = draft;
  return {
    name,
    extension: extension.trim() === '' ? null : extension.trim(),
    members: members.map((member) => member.extension),
    strategy,
    ringMs: msOf(ring),
    noAnswer: noAnswerBody(draft),
  };
}

export function checkRingGroup(draft: RingGroupDraft): Problems {
  const { ring, noAnswer, noAnswerRingGroup } = draft;
  const range = { least: RING_MS.least / 1000, most: RING_MS.most / 1000 };
  const atRing = checkSeconds(ring, range);
  const own: Record<string, Problem> = {
    ...(atRing !== null && { ringMs: atRing }),
    ...(noAnswer === 'ring-group' &&
      noAnswerRingGroup === '' && { noAnswer: { id: 'problem.choose-ring-group' as const } }),
  };
  const checked = { ...ringGroupBody(draft), ...(atRing !== null && { ringMs: RING_MS.usual }) };
  const parsed = newRingGroupSchema.safeParse(checked);
  if (parsed.success) return own;
  return { ...atNoAnswer(problemsOfSchema(fieldProblems(parsed.error))), ...own };
}

/** The form has one place for all that is wrong with where unanswered calls go. */
export function atNoAnswer(problems: Problems): Problems {
  return Object.fromEntries(
    Object.entries(problems).map(([field, problem]) => [
      field.startsWith('noAnswer') || field === 'ringGroupId' ? 'noAnswer' : field,
      problem,
    ]),
  );
}

function noAnswerBody({ noAnswer, noAnswerExtension, noAnswerRingGroup }: RingGroupDraft) {
  switch (noAnswer) {
    case 'hang-up':
      return { kind: noAnswer };
    case 'extension':
      return { kind: noAnswer, extension: noAnswerExtension.trim() };
    case 'ring-group':
      return { kind: noAnswer, ringGroupId: noAnswerRingGroup };
  }
}
