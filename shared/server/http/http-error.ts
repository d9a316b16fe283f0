import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ZodError } from 'zod';
import { problemsOf } from '../../config/config-problem.ts';
import type { Logger } from '../log.ts';

/** What every refusal of the HTTP interface looks like: a word for programs, a sentence for people. */
export interface ErrorBody {
  readonly error: string;
  readonly message: string;
}

const SENTENCES: Readonly<Record<number, ErrorBody>> = {
  400: { error: 'bad-request', message: 'The request could not be understood.' },
  401: { error: 'not-signed-in', message: 'Sign in first.' },
  404: { error: 'not-found', message: 'There is nothing at this address.' },
  413: { error: 'too-large', message: 'The request is too large.' },
};

const UNEXPECTED: ErrorBody = {
  error: 'unexpected',
  message: 'Something went wrong in the server. It has been logged.',
};

/** Turns what a handler threw into an answer; the details go to the log alone. */
export function answerError(error: Error, context: Context, log: Logger): Response {
  if (error instanceof HTTPException) {
    return context.json(SENTENCES[error.status] ?? UNEXPECTED, error.status);
  }
  log.error({ err: error, path: context.req.path }, 'request failed');
  return context.json(UNEXPECTED, 500);
}

export function answerNotFound(context: Context): Response {
  return context.json(SENTENCES[404] ?? UNEXPECTED, 404);
}

/** Why a request's query or body was not taken, with the first thing that is wrong in it. */
export function answerInvalid(
  result: { readonly success: true } | { readonly success: false; readonly error: ZodError },
  context: Context,
): Response | undefined {
  if (result.success) return undefined;
  const [first] = problemsOf(result.error);
  const message =
    first === undefined ? 'It cannot be understood.' : `${first.path}: ${first.message}`;
  return context.json({ error: 'bad-request', message }, 400);
}
