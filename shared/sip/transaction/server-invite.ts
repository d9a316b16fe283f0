import type { SipRequest, SipResponse } from '../message/message.ts';
import { assertNever, ignore, type Step } from './machine.ts';
import type { TransactionTimers } from './timers.ts';
import type { ServerTransactionEnd } from './transaction-user.ts';

/**
 * The INVITE server transaction: RFC 3261 §17.2.1 with RFC 6026 §7.1's Accepted state. The retransmission of 2xx until ACK, which
 * RFC 3261 §13.3.1.4 gives to the user agent core, lives here too, because its timers and its end are the transaction's.
 */
export type ServerInviteState =
  | { readonly kind: 'proceeding'; readonly last: SipResponse | undefined }
  /** 3xx–6xx sent, ACK awaited. `resendAfterMs` is timer G's current value. */
  | { readonly kind: 'completed'; readonly response: SipResponse; readonly resendAfterMs: number }
  /** ACK to the failure came: its retransmissions are absorbed until timer I fires. */
  | { readonly kind: 'confirmed' }
  /** 2xx sent, ACK awaited. `resendAfterMs` is the current retransmission interval. */
  | { readonly kind: 'accepted'; readonly response: SipResponse; readonly resendAfterMs: number }
  /** ACK to the 2xx came: late INVITEs are absorbed until timer L fires. */
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'terminated' };

/** `trying`: automatic 100. `2xx`: retransmission of the 2xx. The letters are the RFCs'. */
export type ServerInviteTimer = 'trying' | 'G' | 'H' | 'I' | 'L' | '2xx';

export type ServerInviteInput =
  /** The transaction user replies. */
  | { readonly kind: 'reply'; readonly response: SipResponse }
  /** The INVITE again. */
  | { readonly kind: 'request' }
  /** An ACK that matched this transaction's branch: it belongs to a failure response. */
  | { readonly kind: 'ack' }
  /** An ACK that matched our 2xx by dialog and CSeq. */
  | { readonly kind: 'ack-to-2xx'; readonly ack: SipRequest }
  | { readonly kind: 'cancel'; readonly cancel: SipRequest }
  | { readonly kind: 'timer'; readonly timer: ServerInviteTimer }
  /** A reply could not be sent. */
  | { readonly kind: 'unreachable' };

export type ServerInviteAction =
  | { readonly kind: 'send'; readonly response: SipResponse }
  /** The machine asks for the automatic 100; the adapter builds and sends it. */
  | { readonly kind: 'send-trying' }
  | { readonly kind: 'arm'; readonly timer: ServerInviteTimer; readonly delayMs: number }
  | { readonly kind: 'disarm'; readonly timer: ServerInviteTimer }
  | { readonly kind: 'deliver-cancel'; readonly cancel: SipRequest }
  | { readonly kind: 'deliver-ack'; readonly ack: SipRequest }
  | { readonly kind: 'end'; readonly end: ServerTransactionEnd };

type InviteStep = Step<ServerInviteState, ServerInviteAction>;
type Input = ServerInviteInput;

const terminated: ServerInviteState = { kind: 'terminated' };

/** The first step: 100 Trying is due in 200 ms unless the transaction user speaks first. */
export function startServerInvite(timers: TransactionTimers): InviteStep {
  return {
    state: { kind: 'proceeding', last: undefined },
    actions: [{ kind: 'arm', timer: 'trying', delayMs: timers.tryingAfterMs }],
  };
}

/** One input to the machine. Pure. */
export function stepServerInvite(
  state: ServerInviteState,
  input: Input,
  timers: TransactionTimers,
): InviteStep {
  switch (state.kind) {
    case 'proceeding':
      return proceeding(state, input, timers);
    case 'completed':
      return completed(state, input, timers);
    case 'confirmed':
      return input.kind === 'timer' && input.timer === 'I' ? end('answered') : ignore(state);
    case 'accepted':
      return accepted(state, input, timers);
    case 'acknowledged':
      return input.kind === 'timer' && input.timer === 'L' ? end('answered') : ignore(state);
    case 'terminated':
      return ignore(state);
    default:
      return assertNever(state);
  }
}

function proceeding(
  state: Extract<ServerInviteState, { kind: 'proceeding' }>,
  input: Input,
  timers: TransactionTimers,
): InviteStep {
  switch (input.kind) {
    case 'reply':
      return reply(input.response, timers);
    case 'request':
      return state.last
        ? { state, actions: [{ kind: 'send', response: state.last }] }
        : { state, actions: [{ kind: 'disarm', timer: 'trying' }, { kind: 'send-trying' }] };
    case 'cancel':
      return { state, actions: [{ kind: 'deliver-cancel', cancel: input.cancel }] };
    case 'timer':
      return input.timer === 'trying' && !state.last
        ? { state, actions: [{ kind: 'send-trying' }] }
        : ignore(state);
    case 'unreachable':
      // A lost 1xx is no reason to stop: the phone may be back on another flow when the final answer is due.
      return ignore(state);
    case 'ack':
    case 'ack-to-2xx':
      return ignore(state);
    default:
      return assertNever(input);
  }
}

function completed(
  state: Extract<ServerInviteState, { kind: 'completed' }>,
  input: Input,
  timers: TransactionTimers,
): InviteStep {
  switch (input.kind) {
    case 'request':
      return { state, actions: [{ kind: 'send', response: state.response }] };
    case 'ack':
      return confirm(timers);
    case 'unreachable':
      return end('unreachable');
    case 'timer':
      if (input.timer === 'G') {
        const resendAfterMs = Math.min(state.resendAfterMs * 2, timers.t2);
        return {
          state: { ...state, resendAfterMs },
          actions: [
            { kind: 'send', response: state.response },
            { kind: 'arm', timer: 'G', delayMs: resendAfterMs },
          ],
        };
      }
      return input.timer === 'H' ? end('no-ack-to-failure') : ignore(state);
    case 'reply':
    case 'cancel':
    case 'ack-to-2xx':
      return ignore(state);
    default:
      return assertNever(input);
  }
}

function accepted(
  state: Extract<ServerInviteState, { kind: 'accepted' }>,
  input: Input,
  timers: TransactionTimers,
): InviteStep {
  switch (input.kind) {
    case 'ack-to-2xx':
      return {
        state: { kind: 'acknowledged' },
        actions: [
          { kind: 'disarm', timer: '2xx' },
          { kind: 'deliver-ack', ack: input.ack },
        ],
      };
    case 'timer':
      if (input.timer === '2xx') {
        const resendAfterMs = Math.min(state.resendAfterMs * 2, timers.t2);
        return {
          state: { ...state, resendAfterMs },
          actions: [
            { kind: 'arm', timer: '2xx', delayMs: resendAfterMs },
            { kind: 'send', response: state.response },
          ],
        };
      }
      return input.timer === 'L' ? end('no-ack-to-2xx') : ignore(state);
    case 'unreachable':
      // Like a lost packet: the next retransmission may find the phone on a new flow; timer L bounds it.
      return ignore(state);
    case 'request':
    case 'reply':
    case 'cancel':
    case 'ack':
      return ignore(state);
    default:
      return assertNever(input);
  }
}

function reply(response: SipResponse, timers: TransactionTimers): InviteStep {
  if (response.status < 200) {
    return {
      state: { kind: 'proceeding', last: response },
      actions: [
        { kind: 'disarm', timer: 'trying' },
        { kind: 'send', response },
      ],
    };
  }
  return response.status < 300 ? accept(response, timers) : refuse(response, timers);
}

/** 2xx is retransmitted end to end whatever the transport, as a later hop may be unreliable (RFC 3261 §13.3.1.4). */
function accept(response: SipResponse, timers: TransactionTimers): InviteStep {
  return {
    state: { kind: 'accepted', response, resendAfterMs: timers.t1 },
    actions: [
      { kind: 'disarm', timer: 'trying' },
      { kind: 'arm', timer: 'L', delayMs: timers.giveUpMs },
      { kind: 'arm', timer: '2xx', delayMs: timers.t1 },
      { kind: 'send', response },
    ],
  };
}

function refuse(response: SipResponse, timers: TransactionTimers): InviteStep {
  return {
    state: { kind: 'completed', response, resendAfterMs: timers.t1 },
    actions: [
      { kind: 'disarm', timer: 'trying' },
      { kind: 'arm', timer: 'H', delayMs: timers.giveUpMs },
      ...(timers.reliable ? [] : [{ kind: 'arm', timer: 'G', delayMs: timers.t1 } as const]),
      { kind: 'send', response },
    ],
  };
}

function confirm(timers: TransactionTimers): InviteStep {
  if (timers.lingerMs === 0) return end('answered');
  return {
    state: { kind: 'confirmed' },
    actions: [
      { kind: 'disarm', timer: 'G' },
      { kind: 'disarm', timer: 'H' },
      { kind: 'arm', timer: 'I', delayMs: timers.lingerMs },
    ],
  };
}

function end(kind: ServerTransactionEnd['kind']): InviteStep {
  return { state: terminated, actions: [{ kind: 'end', end: { kind } }] };
}
