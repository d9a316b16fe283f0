import type { z } from 'zod';
import { ADMIN_ERRORS, type AdminErrorCode } from './error-codes.ts';

/** One thing that is wrong with what was filled in. */
export interface FieldProblem {
  readonly error: AdminErrorCode;
  /** `name`, `members.2`, `recall.timerMs`; empty for the whole. */
  readonly field: string;
  /** An English sentence. */
  readonly message: string;
}

/** What a schema found, in the order of the form: on the server for the answer, in the portal beside the fields. */
export function fieldProblems(error: z.ZodError): readonly FieldProblem[] {
  return error.issues.map((issue) => ({
    error: codeOf(issue),
    field: issue.path.map(String).join('.'),
    message: sentence(issue.message),
  }));
}

function codeOf(issue: z.core.$ZodIssue): AdminErrorCode {
  const given: unknown = issue.code === 'custom' ? issue.params?.['error'] : undefined;
  const code = Object.keys(ADMIN_ERRORS).find((known) => known === given);
  return (code as AdminErrorCode | undefined) ?? 'bad-value';
}

function sentence(text: string): string {
  const whole = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}
