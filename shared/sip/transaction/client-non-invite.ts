import type { SipResponse } from '../message/message.ts';
import { assertNever, ignore, type Step } from './machine.ts';
import type { TransactionTimers } from './timers.ts';
import type { ClientOutcome } from './transaction-user.ts';

/** The non-INVITE client transaction, RFC 3261 §17.1.2. */
export type ClientRequestState =
  /** No answer at all yet. `resendAfterMs` is timer E's current value. */
  | { readonly kind: 'trying'; readonly resendAfterMs: number }
  | { readonly kind: 'proceeding' }
  /** Answered: retransmitted answers are absorbed until timer K fires. */
  | { readonly kind: 'completed' }
  | { readonly kind: 'terminated' };

export type ClientRequestTimer = 'E' | 'F' | 'K';

export type ClientRequestInput =
  | { readonly kind: 'provisional'; readonly response: SipResponse }
  | { readonly kind: 'final'; readonly response: SipResponse }
  | { readonly kind: 'timer'; readonly timer: ClientRequestTimer }
  /** Another flow took over from a closed one. */
  | { readonly kind: 'moved' }
  /** A send failed, or the flow closed and nothing succeeded it. */
  | { readonly kind: 'unreachable'; readonly reason: 'closed' | 'too-large' };

export type ClientRequestAction =
  | { readonly kind: 'send-request' }
  | { readonly kind: 'arm'; readonly timer: ClientRequestTimer; readonly delayMs: number }
  | { readonly kind: 'disarm'; readonly timer: ClientRequestTimer }
  | { readonly kind: 'deliver-provisional'; readonly response: SipResponse }
  | { readonly kind: 'deliver-outcome'; readonly outcome: ClientOutcome };

type RequestStep = Step<ClientRequestState, ClientRequestAction>;
type Input = ClientRequestInput;

const terminated: ClientRequestState = { kind: 'terminated' };

/**
 * The first step, for a request that went out `goneMs` ago and of which nothing was heard: timers E and F run on from then. The
 * request itself is sent before, by whoever waits for its answer.
 */
export function resumeClientRequest(timers: TransactionTimers, goneMs: number): RequestStep {
  const arm = (timer: ClientRequestTimer, lengthMs: number): ClientRequestAction => ({
    kind: 'arm',
    timer,
    delayMs: Math.max(0, lengthMs - goneMs),
  });
  const actions = [arm('F', timers.giveUpMs), ...(timers.reliable ? [] : [arm('E', timers.t1)])];
  return { state: { kind: 'trying', resendAfterMs: timers.t1 }, actions };
}

/** One input to the machine. Pure. */
export function stepClientRequest(
  state: ClientRequestState,
  input: Input,
  timers: TransactionTimers,
): RequestStep {
  switch (state.kind) {
    case 'trying':
    case 'proceeding':
      return waiting(state, input, timers);
    case 'completed':
      return completed(state, input);
    case 'terminated':
      return ignore(state);
    default:
      return assertNever(state);
  }
}

function waiting(
  state: Extract<ClientRequestState, { kind: 'trying' | 'proceeding' }>,
  input: Input,
  timers: TransactionTimers,
): RequestStep {
  switch (input.kind) {
    case 'provisional':
      return {
        state: { kind: 'proceeding' },
        actions: [{ kind: 'deliver-provisional', response: input.response }],
      };
    case 'final':
      return finish(input.response, timers);
    case 'moved':
      // The request or its answer may be lost with the connection; the branch tells the peer if it has seen it.
      return { state, actions: [{ kind: 'send-request' }] };
    case 'unreachable':
      return giveUp({ kind: 'transport-error', reason: input.reason });
    case 'timer':
      if (input.timer === 'E') return resend(state, timers);
      return input.timer === 'F' ? giveUp({ kind: 'timeout' }) : ignore(state);
    default:
      return assertNever(input);
  }
}

function completed(state: ClientRequestState, input: Input): RequestStep {
  switch (input.kind) {
    case 'timer':
      return input.timer === 'K' ? { state: terminated, actions: [] } : ignore(state);
    case 'provisional':
    case 'final':
    case 'moved':
    case 'unreachable':
      return ignore(state);
    default:
      return assertNever(input);
  }
}

/** Timer E doubles up to T2 while nothing was heard, and is T2 once something was (RFC 3261 §17.1.2.2). */
function resend(
  state: Extract<ClientRequestState, { kind: 'trying' | 'proceeding' }>,
  timers: TransactionTimers,
): RequestStep {
  const delayMs =
    state.kind === 'trying' ? Math.min(state.resendAfterMs * 2, timers.t2) : timers.t2;
  return {
    state: state.kind === 'trying' ? { kind: 'trying', resendAfterMs: delayMs } : state,
    actions: [{ kind: 'send-request' }, { kind: 'arm', timer: 'E', delayMs }],
  };
}

function finish(response: SipResponse, timers: TransactionTimers): RequestStep {
  const linger = timers.lingerMs > 0;
  return {
    state: linger ? { kind: 'completed' } : terminated,
    actions: [
      { kind: 'disarm', timer: 'E' },
      { kind: 'disarm', timer: 'F' },
      ...(linger ? [{ kind: 'arm', timer: 'K', delayMs: timers.lingerMs } as const] : []),
      { kind: 'deliver-outcome', outcome: { kind: 'response', response } },
    ],
  };
}

function giveUp(outcome: ClientOutcome): RequestStep {
  return { state: terminated, actions: [{ kind: 'deliver-outcome', outcome }] };
}
