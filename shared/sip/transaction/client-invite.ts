import type { SipResponse } from '../message/message.ts';
import { assertNever, ignore, type Step } from './machine.ts';
import type { TransactionTimers } from './timers.ts';
import type { ClientOutcome } from './transaction-user.ts';

/** The INVITE client transaction: RFC 3261 §17.1.1 with RFC 6026 §8.4's Accepted state and §9.1's CANCEL rules. */
export type ClientInviteState =
  /** No answer at all yet. `resendAfterMs` is timer A's current value. */
  | { readonly kind: 'calling'; readonly resendAfterMs: number; readonly cancelWanted: boolean }
  | { readonly kind: 'proceeding'; readonly cancelled: boolean }
  /** A 3xx–6xx came: its retransmissions are acknowledged until timer D fires. */
  | { readonly kind: 'completed' }
  /** A 2xx came: further ones, of this fork or others, go to the transaction user until timer M fires. */
  | { readonly kind: 'accepted' }
  | { readonly kind: 'terminated' };

export type ClientInviteTimer = 'A' | 'B' | 'D' | 'M' | 'cancel';

export type ClientInviteInput =
  | { readonly kind: 'provisional'; readonly response: SipResponse }
  | { readonly kind: 'success'; readonly response: SipResponse }
  | { readonly kind: 'failure'; readonly response: SipResponse }
  | { readonly kind: 'timer'; readonly timer: ClientInviteTimer }
  | { readonly kind: 'cancel' }
  /** Another flow took over from a closed one. */
  | { readonly kind: 'moved' }
  /** A send failed, or the flow closed and nothing succeeded it. */
  | { readonly kind: 'unreachable'; readonly reason: 'closed' | 'too-large' };

export type ClientInviteAction =
  | { readonly kind: 'send-request' }
  | { readonly kind: 'send-cancel' }
  | { readonly kind: 'send-ack'; readonly response: SipResponse }
  | { readonly kind: 'arm'; readonly timer: ClientInviteTimer; readonly delayMs: number }
  | { readonly kind: 'disarm'; readonly timer: ClientInviteTimer }
  | { readonly kind: 'deliver-provisional'; readonly response: SipResponse }
  /** A 2xx: the first, a retransmission of it, or another fork's; the adapter tells them apart by To tag. */
  | { readonly kind: 'deliver-answer'; readonly response: SipResponse }
  | { readonly kind: 'deliver-outcome'; readonly outcome: ClientOutcome };

type InviteStep = Step<ClientInviteState, ClientInviteAction>;
type Input = ClientInviteInput;

const terminated: ClientInviteState = { kind: 'terminated' };

/** The first step: the request goes out, timers A and B start. */
export function startClientInvite(timers: TransactionTimers): InviteStep {
  const actions: ClientInviteAction[] = [
    { kind: 'arm', timer: 'B', delayMs: timers.giveUpMs },
    ...(timers.reliable ? [] : [{ kind: 'arm', timer: 'A', delayMs: timers.t1 } as const]),
    { kind: 'send-request' },
  ];
  return { state: { kind: 'calling', resendAfterMs: timers.t1, cancelWanted: false }, actions };
}

/** One input to the machine. Pure. */
export function stepClientInvite(
  state: ClientInviteState,
  input: Input,
  timers: TransactionTimers,
): InviteStep {
  switch (state.kind) {
    case 'calling':
      return calling(state, input, timers);
    case 'proceeding':
      return proceeding(state, input, timers);
    case 'completed':
      return completed(state, input);
    case 'accepted':
      return accepted(state, input);
    case 'terminated':
      return ignore(state);
    default:
      return assertNever(state);
  }
}

function calling(
  state: Extract<ClientInviteState, { kind: 'calling' }>,
  input: Input,
  timers: TransactionTimers,
): InviteStep {
  switch (input.kind) {
    case 'provisional':
      return ring(state.cancelWanted, input.response, timers);
    case 'success':
      return accept(input.response, timers);
    case 'failure':
      return fail(input.response, timers);
    case 'cancel':
      // RFC 3261 §9.1: no CANCEL before a provisional response, or it might overtake the INVITE.
      return ignore({ ...state, cancelWanted: true });
    case 'moved':
      // Perhaps the INVITE was lost with the connection; if not, its branch tells the peer that it is the same one. One that was called off
      // is not sent again: a CANCEL cannot overtake what came by the old connection.
      return state.cancelWanted
        ? {
            state: { kind: 'proceeding', cancelled: true },
            actions: [...disarmCalling, ...cancelActions(timers)],
          }
        : { state, actions: [{ kind: 'send-request' }] };
    case 'unreachable':
      return giveUp({ kind: 'transport-error', reason: input.reason });
    case 'timer':
      if (input.timer === 'A') {
        const resendAfterMs = state.resendAfterMs * 2;
        return {
          state: { ...state, resendAfterMs },
          actions: [{ kind: 'send-request' }, { kind: 'arm', timer: 'A', delayMs: resendAfterMs }],
        };
      }
      return input.timer === 'B' ? giveUp({ kind: 'timeout' }) : ignore(state);
    default:
      return assertNever(input);
  }
}

function proceeding(
  state: Extract<ClientInviteState, { kind: 'proceeding' }>,
  input: Input,
  timers: TransactionTimers,
): InviteStep {
  switch (input.kind) {
    case 'provisional':
      return { state, actions: [{ kind: 'deliver-provisional', response: input.response }] };
    case 'success':
      return accept(input.response, timers);
    case 'failure':
      return fail(input.response, timers);
    case 'cancel':
      return state.cancelled
        ? ignore(state)
        : { state: { kind: 'proceeding', cancelled: true }, actions: cancelActions(timers) };
    case 'moved':
      return ignore(state);
    case 'unreachable':
      // A phone that rings may lose its connection and answer by the next one: only a cancelled call has nothing to wait for.
      return state.cancelled
        ? giveUp({ kind: 'transport-error', reason: input.reason })
        : ignore(state);
    case 'timer':
      return state.cancelled && input.timer === 'cancel'
        ? giveUp({ kind: 'timeout' })
        : ignore(state);
    default:
      return assertNever(input);
  }
}

function completed(state: ClientInviteState, input: Input): InviteStep {
  switch (input.kind) {
    case 'failure':
      return { state, actions: [{ kind: 'send-ack', response: input.response }] };
    case 'unreachable':
      return { state: terminated, actions: [] };
    case 'timer':
      return input.timer === 'D' ? { state: terminated, actions: [] } : ignore(state);
    case 'provisional':
    case 'success':
    case 'cancel':
    case 'moved':
      return ignore(state);
    default:
      return assertNever(input);
  }
}

function accepted(state: ClientInviteState, input: Input): InviteStep {
  switch (input.kind) {
    case 'success':
      return { state, actions: [{ kind: 'deliver-answer', response: input.response }] };
    case 'timer':
      return input.timer === 'M' ? { state: terminated, actions: [] } : ignore(state);
    case 'provisional':
    case 'failure':
    case 'cancel':
    case 'moved':
    case 'unreachable':
      return ignore(state);
    default:
      return assertNever(input);
  }
}

function ring(cancelWanted: boolean, response: SipResponse, timers: TransactionTimers): InviteStep {
  return {
    state: { kind: 'proceeding', cancelled: cancelWanted },
    actions: [
      ...disarmCalling,
      ...(cancelWanted ? cancelActions(timers) : []),
      { kind: 'deliver-provisional', response },
    ],
  };
}

function cancelActions(timers: TransactionTimers): readonly ClientInviteAction[] {
  return [{ kind: 'arm', timer: 'cancel', delayMs: timers.giveUpMs }, { kind: 'send-cancel' }];
}

function accept(response: SipResponse, timers: TransactionTimers): InviteStep {
  return {
    state: { kind: 'accepted' },
    actions: [
      ...disarmWaiting,
      { kind: 'arm', timer: 'M', delayMs: timers.giveUpMs },
      { kind: 'deliver-answer', response },
    ],
  };
}

function fail(response: SipResponse, timers: TransactionTimers): InviteStep {
  const linger = timers.absorbFailuresMs > 0;
  return {
    state: linger ? { kind: 'completed' } : terminated,
    actions: [
      ...disarmWaiting,
      ...(linger ? [{ kind: 'arm', timer: 'D', delayMs: timers.absorbFailuresMs } as const] : []),
      { kind: 'send-ack', response },
      { kind: 'deliver-outcome', outcome: { kind: 'response', response } },
    ],
  };
}

function giveUp(outcome: ClientOutcome): InviteStep {
  return { state: terminated, actions: [{ kind: 'deliver-outcome', outcome }] };
}

const disarmCalling: readonly ClientInviteAction[] = [
  { kind: 'disarm', timer: 'A' },
  { kind: 'disarm', timer: 'B' },
];
const disarmWaiting: readonly ClientInviteAction[] = [
  { kind: 'disarm', timer: 'A' },
  { kind: 'disarm', timer: 'B' },
  { kind: 'disarm', timer: 'cancel' },
];
