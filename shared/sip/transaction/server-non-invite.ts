import type { SipResponse } from '../message/message.ts';
import { assertNever, ignore, type Step } from './machine.ts';
import type { TransactionTimers } from './timers.ts';
import type { ServerTransactionEnd } from './transaction-user.ts';

/** The non-INVITE server transaction, RFC 3261 §17.2.2. */
export type ServerRequestState =
  /** Nothing said yet: retransmissions are swallowed. */
  | { readonly kind: 'trying' }
  | { readonly kind: 'proceeding'; readonly last: SipResponse }
  /** Answered: retransmissions get the same answer until timer J fires. */
  | { readonly kind: 'completed'; readonly response: SipResponse }
  | { readonly kind: 'terminated' };

/** J as in the RFC; `unanswered`: the client has given up by then (its timer F), so an answer would only be noise (RFC 4320). */
export type ServerRequestTimer = 'J' | 'unanswered';

export type ServerRequestInput =
  | { readonly kind: 'reply'; readonly response: SipResponse }
  /** The request again. */
  | { readonly kind: 'request' }
  | { readonly kind: 'timer'; readonly timer: ServerRequestTimer }
  /** A reply could not be sent. */
  | { readonly kind: 'unreachable' };

export type ServerRequestAction =
  | { readonly kind: 'send'; readonly response: SipResponse }
  | { readonly kind: 'arm'; readonly timer: ServerRequestTimer; readonly delayMs: number }
  | { readonly kind: 'disarm'; readonly timer: ServerRequestTimer }
  | { readonly kind: 'end'; readonly end: ServerTransactionEnd };

type RequestStep = Step<ServerRequestState, ServerRequestAction>;
type Input = ServerRequestInput;

/** The first step: nothing is sent by itself. */
export function startServerRequest(timers: TransactionTimers): RequestStep {
  return {
    state: { kind: 'trying' },
    actions: [{ kind: 'arm', timer: 'unanswered', delayMs: timers.giveUpMs }],
  };
}

/** One input to the machine. Pure. */
export function stepServerRequest(
  state: ServerRequestState,
  input: Input,
  timers: TransactionTimers,
): RequestStep {
  switch (state.kind) {
    case 'trying':
      return trying(state, input, timers);
    case 'proceeding':
      return proceeding(state, input, timers);
    case 'completed':
      return completed(state, input);
    case 'terminated':
      return ignore(state);
    default:
      return assertNever(state);
  }
}

function trying(
  state: Extract<ServerRequestState, { kind: 'trying' }>,
  input: Input,
  timers: TransactionTimers,
): RequestStep {
  switch (input.kind) {
    case 'reply':
      return reply(input.response, timers);
    case 'timer':
      return input.timer === 'unanswered' ? end('unanswered') : ignore(state);
    case 'request':
    case 'unreachable':
      return ignore(state);
    default:
      return assertNever(input);
  }
}

function proceeding(
  state: Extract<ServerRequestState, { kind: 'proceeding' }>,
  input: Input,
  timers: TransactionTimers,
): RequestStep {
  switch (input.kind) {
    case 'reply':
      return reply(input.response, timers);
    case 'request':
      return { state, actions: [{ kind: 'send', response: state.last }] };
    case 'timer':
      return input.timer === 'unanswered' ? end('unanswered') : ignore(state);
    case 'unreachable':
      return ignore(state);
    default:
      return assertNever(input);
  }
}

function completed(
  state: Extract<ServerRequestState, { kind: 'completed' }>,
  input: Input,
): RequestStep {
  switch (input.kind) {
    case 'request':
      return { state, actions: [{ kind: 'send', response: state.response }] };
    case 'timer':
      return input.timer === 'J' ? end('answered') : ignore(state);
    case 'unreachable':
      return end('unreachable');
    case 'reply':
      return ignore(state);
    default:
      return assertNever(input);
  }
}

function reply(response: SipResponse, timers: TransactionTimers): RequestStep {
  if (response.status < 200) {
    return {
      state: { kind: 'proceeding', last: response },
      actions: [{ kind: 'send', response }],
    };
  }
  return {
    state: { kind: 'completed', response },
    actions: [
      { kind: 'disarm', timer: 'unanswered' },
      { kind: 'arm', timer: 'J', delayMs: timers.absorbRequestsMs },
      { kind: 'send', response },
    ],
  };
}

function end(kind: ServerTransactionEnd['kind']): RequestStep {
  return { state: { kind: 'terminated' }, actions: [{ kind: 'end', end: { kind } }] };
}
