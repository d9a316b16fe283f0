import { assertNever } from '../../domain/assert-never.ts';
import { describeGroupRefusal, type GroupRefusal } from '../provisioning/group-refusal.ts';
import { notFound, type Refusal } from './admin-answer.ts';

/** Why a group, or settings, were not saved: with the field of the form that it is about. */
export function groupAnswer(refusal: GroupRefusal): Refusal {
  const message = describeGroupRefusal(refusal);
  switch (refusal.kind) {
    case 'name-empty':
    case 'name-too-long':
    case 'name-unprintable':
    case 'name-taken':
      return { error: refusal.kind, message, field: 'name' };
    case 'number-taken':
      return { error: refusal.kind, message, field: 'extension' };
    case 'too-many-members':
      return { error: refusal.kind, message, field: 'members' };
    case 'member-twice':
    case 'member-unknown': {
      const { extension } = refusal;
      return { error: refusal.kind, message, field: 'members', details: { extension } };
    }
    case 'member-in-other-group': {
      const { extension, groupName: group } = refusal;
      return { error: 'in-other-group', message, field: 'members', details: { extension, group } };
    }
    case 'ring-time':
      return { error: 'bad-value', message, field: 'ringMs' };
    case 'no-answer-unknown':
    case 'no-answer-itself':
      return { error: refusal.kind, message, field: 'noAnswer' };
    case 'ring-group-missing':
      return { error: refusal.kind, message, field: 'ringGroupId' };
    case 'changed-meanwhile':
      return { error: refusal.kind, message, details: { changed: { ...refusal.saved } } };
    case 'no-such-group':
      return notFound;
    default:
      return assertNever(refusal);
  }
}
