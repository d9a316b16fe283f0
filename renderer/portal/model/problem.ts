import type { AdminError } from '../../../shared/config/admin/error-codes.ts';
import type { FieldProblem } from '../../../shared/config/admin/problems.ts';
import type { Failure } from './api.ts';
import type { MessageId, MessageValues } from '../messages.ts';
import { isMessageId } from '../messages.ts';

/** What is wrong, ready to be said in any language. */
export interface Problem {
  readonly id: MessageId;
  readonly values?: MessageValues;
}

/** By field of the form; the empty name is the form as a whole. */
export type Problems = Readonly<Record<string, Problem>>;

/** The server's word in the reader's language; where it says no more than "bad value", its own sentence. */
export function problemOf({ error, message, details }: AdminError): Problem {
  const id = `error.${error}`;
  const values: MessageValues = {
    sentence: message,
    group: details?.group ?? '',
    extension: details?.extension ?? '',
    seconds: details?.retryAfterSeconds ?? 0,
  };
  return { id: isMessageId(id) ? id : 'error.unexpected', values };
}

export function problemOfFailure(failure: Failure): Problem {
  return failure.kind === 'refused' ? problemOf(failure.refusal) : { id: 'error.no-answer' };
}

/** What a schema found before anything was sent, the first of each field. */
export function problemsOfSchema(found: readonly FieldProblem[]): Problems {
  const problems: Record<string, Problem> = {};
  for (const { error, field, message } of found) {
    problems[fieldName(field)] ??= problemOf({ error, message });
  }
  return problems;
}

/** A refusal at the field it is about. */
export function problemsOfFailure(failure: Failure): Problems {
  const field = failure.kind === 'refused' ? (failure.refusal.field ?? '') : '';
  return { [fieldName(field)]: problemOfFailure(failure) };
}

/** The form's name of a field: `settings.` is what all settings lie in, and the members are one field. */
function fieldName(field: string): string {
  const inner = field.replace(/^settings\./, '');
  if (inner.startsWith('members')) return 'members';
  if (inner.startsWith('domains')) return 'domains';
  return inner.endsWith('ringGroupId') && !inner.startsWith('noAnswer') ? 'ringGroupId' : inner;
}
