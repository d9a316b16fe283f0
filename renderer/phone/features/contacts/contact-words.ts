import { assertNever } from '../../../../shared/domain/assert-never.ts';
import type {
  ContactProblem,
  ImportProblem,
  NumberKind,
} from '../../../../shared/phone/contacts.ts';
import type { Say } from '../../text.tsx';

export function numberKindWords(kind: NumberKind, say: Say): string {
  switch (kind) {
    case 'work':
      return say('contacts.kind.work');
    case 'mobile':
      return say('contacts.kind.mobile');
    case 'home':
      return say('contacts.kind.home');
    case 'other':
      return say('contacts.kind.other');
    default:
      return assertNever(kind);
  }
}

export function contactProblemWords(
  problem: ContactProblem | ImportProblem['problem'],
  say: Say,
): string {
  switch (problem) {
    case 'no-name':
      return say('contacts.problem.noName');
    case 'no-number':
      return say('contacts.problem.noNumber');
    case 'bad-number':
      return say('contacts.problem.badNumber');
    case 'too-long':
      return say('contacts.problem.tooLong');
    case 'too-many-numbers':
      return say('contacts.problem.tooManyNumbers');
    case 'unfinished-card':
      return say('contacts.problem.unfinishedCard');
    case 'unclosed-quote':
      return say('contacts.problem.unclosedQuote');
    case 'no-columns':
      return say('contacts.problem.noColumns');
    case 'not-contacts':
      return say('contacts.problem.notContacts');
    default:
      return assertNever(problem);
  }
}
