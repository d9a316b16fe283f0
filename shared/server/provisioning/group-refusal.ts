import { assertNever } from '../../domain/assert-never.ts';
import { MAX_GROUP_NAME } from '../../domain/group-name.ts';
import type { ParkGroupProblem } from '../../domain/park-group.ts';
import type { RingGroupProblem } from '../../domain/ring-group.ts';
import type { SavedMark } from '../store/change-mark.ts';

/** Why a group, or a tenant's settings, were not saved. */
export type GroupRefusal =
  | ParkGroupProblem
  | RingGroupProblem
  /** Somebody saved it since it was read; nothing was overwritten. */
  | { readonly kind: 'changed-meanwhile'; readonly saved: SavedMark }
  | { readonly kind: 'no-such-group' };

/** The refusal as a sentence for whoever filled in the form. */
export function describeGroupRefusal(refusal: GroupRefusal): string {
  switch (refusal.kind) {
    case 'name-empty':
      return 'A name is needed.';
    case 'name-too-long':
      return `The name is longer than ${MAX_GROUP_NAME} characters.`;
    case 'name-unprintable':
      return 'The name contains a character that cannot be shown.';
    case 'name-taken':
      return `There is a group named "${refusal.name}" already.`;
    case 'number-taken':
      return `${refusal.extension} is the number of a user or of another ring group already.`;
    case 'too-many-members':
      return `A group has at most ${refusal.most} members.`;
    case 'member-twice':
      return `Extension ${refusal.extension} is in the list twice.`;
    case 'member-unknown':
      return `There is no extension ${refusal.extension}.`;
    case 'member-in-other-group':
      return `Extension ${refusal.extension} is a member of the group "${refusal.groupName}"; a user is in one group at most.`;
    case 'ring-time':
      return 'The ring time is 5 to 300 seconds.';
    case 'no-answer-unknown':
      return `There is no extension ${refusal.extension} to send unanswered calls to.`;
    case 'no-answer-itself':
      return 'A ring group cannot send unanswered calls to itself.';
    case 'ring-group-missing':
      return 'There is no such ring group; choose another one.';
    case 'changed-meanwhile':
      return changedSentence(refusal.saved);
    case 'no-such-group':
      return 'There is no such group; it may have been deleted.';
    default:
      return assertNever(refusal);
  }
}

function changedSentence({ by, at }: SavedMark): string {
  const who = by === '' ? 'Somebody at the command line' : by;
  const when = new Date(at).toISOString().replace('T', ' ').slice(0, 19);
  return `${who} changed it on ${when} UTC, after you opened it. Nothing was overwritten.`;
}
