import { assertNever, ignore, type Step } from '../transaction/machine.ts';

/** `Subscription-State: terminated;reason=` (RFC 6665 §4.1.3). */
export type TerminationReason =
  'deactivated' | 'probation' | 'rejected' | 'timeout' | 'giveup' | 'noresource' | 'invariant';

/** Why a subscription is over, seen from the notifier. */
export type SubscriptionEnd =
  | { readonly kind: 'ended-by-us'; readonly reason: TerminationReason }
  | { readonly kind: 'unsubscribed' }
  | { readonly kind: 'expired' }
  /** NOTIFY was refused (`status`), or not answered or not sendable (undefined). */
  | { readonly kind: 'lost'; readonly status: number | undefined };

/** What the last NOTIFY says, and what the owner is told. */
export interface Farewell {
  readonly reason: TerminationReason;
  readonly retryAfterSeconds?: number | undefined;
  readonly end: SubscriptionEnd;
}

/** What has to be sent as soon as it may. */
export type Owed = 'nothing' | 'change' | 'full';

/** One subscription at the notifier (RFC 6665 §4.2). At most one NOTIFY is unanswered at a time, so they cannot overtake one another. */
export type SubscriptionState =
  /** `quietUntilMs`: paced changes wait until then. `urgent`: what is owed does not. `pacing`: the pace timer runs. */
  | {
      readonly kind: 'live';
      readonly sending: boolean;
      readonly owed: Owed;
      readonly urgent: boolean;
      readonly pacing: boolean;
      readonly quietUntilMs: number;
    }
  /** The last NOTIFY waits for the answer to the one before it. */
  | { readonly kind: 'closing'; readonly farewell: Farewell }
  | { readonly kind: 'over' };

export type SubscriptionInput =
  /** Subscribed or refreshed: full state is due. 0 seconds: one NOTIFY and over (RFC 6665 §4.4.3). */
  | { readonly kind: 'subscribed'; readonly seconds: number; readonly nowMs: number }
  | { readonly kind: 'changed'; readonly urgency: 'now' | 'paced'; readonly nowMs: number }
  /** The answer to our NOTIFY; `retryAfterMs` from its Retry-After. */
  | {
      readonly kind: 'notified';
      readonly status: number | undefined;
      readonly retryAfterMs: number | undefined;
      readonly nowMs: number;
    }
  | { readonly kind: 'pace-over'; readonly nowMs: number }
  | { readonly kind: 'expired' }
  | {
      readonly kind: 'terminate';
      readonly reason: TerminationReason;
      readonly retryAfterSeconds?: number | undefined;
    };

export type SubscriptionAction =
  | { readonly kind: 'notify'; readonly full: boolean }
  | { readonly kind: 'notify-last'; readonly farewell: Farewell }
  | { readonly kind: 'arm-expiry'; readonly delayMs: number }
  | { readonly kind: 'arm-pace'; readonly delayMs: number }
  | { readonly kind: 'end'; readonly end: SubscriptionEnd };

type SubscriptionStep = Step<SubscriptionState, SubscriptionAction>;
type Live = Extract<SubscriptionState, { kind: 'live' }>;
type Closing = Extract<SubscriptionState, { kind: 'closing' }>;

export const newSubscription: SubscriptionState = {
  kind: 'live',
  sending: false,
  owed: 'nothing',
  urgent: false,
  pacing: false,
  quietUntilMs: 0,
};

/** One input to the machine. Pure. `coalesceMs`: least time between paced NOTIFYs. */
export function stepSubscription(
  state: SubscriptionState,
  input: SubscriptionInput,
  coalesceMs: number,
): SubscriptionStep {
  switch (state.kind) {
    case 'live':
      return live(state, input, coalesceMs);
    case 'closing':
      return closing(state, input);
    case 'over':
      return ignore(state);
    default:
      return assertNever(state);
  }
}

function live(state: Live, input: SubscriptionInput, coalesceMs: number): SubscriptionStep {
  switch (input.kind) {
    case 'subscribed': {
      if (input.seconds === 0) return close(state, unsubscribed);
      const step = send({ ...state, owed: 'full' }, input.nowMs, coalesceMs);
      const expiry = { kind: 'arm-expiry', delayMs: input.seconds * 1_000 } as const;
      return { ...step, actions: [expiry, ...step.actions] };
    }
    case 'changed': {
      const owing = { ...state, owed: atLeast(state.owed, 'change') };
      return input.urgency === 'now'
        ? send(owing, input.nowMs, coalesceMs)
        : sendPaced(owing, input.nowMs, coalesceMs);
    }
    case 'notified':
      return answered(state, input, coalesceMs);
    case 'pace-over':
      return sendPaced({ ...state, pacing: false }, input.nowMs, coalesceMs);
    case 'expired':
      return close(state, expired);
    case 'terminate':
      return close(state, farewellOf(input));
    default:
      return assertNever(input);
  }
}

function closing(state: Closing, input: SubscriptionInput): SubscriptionStep {
  switch (input.kind) {
    case 'notified':
      return isFatal(input) ? over([]) : over([{ kind: 'notify-last', farewell: state.farewell }]);
    case 'subscribed':
    case 'changed':
    case 'pace-over':
    case 'expired':
    case 'terminate':
      return ignore(state);
    default:
      return assertNever(input);
  }
}

/** Sends what is owed unless a NOTIFY is out; its answer will bring us back here. */
function send(state: Live, nowMs: number, coalesceMs: number): SubscriptionStep {
  if (state.owed === 'nothing') return ignore(state);
  if (state.sending) return { state: { ...state, urgent: true }, actions: [] };
  const quietUntilMs = nowMs + coalesceMs;
  return {
    state: { ...state, sending: true, owed: 'nothing', urgent: false, quietUntilMs },
    actions: [{ kind: 'notify', full: state.owed === 'full' }],
  };
}

function sendPaced(state: Live, nowMs: number, coalesceMs: number): SubscriptionStep {
  if (state.sending || state.pacing || state.owed === 'nothing') return ignore(state);
  if (nowMs >= state.quietUntilMs) return send(state, nowMs, coalesceMs);
  return {
    state: { ...state, pacing: true },
    actions: [{ kind: 'arm-pace', delayMs: state.quietUntilMs - nowMs }],
  };
}

function answered(
  state: Live,
  input: Extract<SubscriptionInput, { kind: 'notified' }>,
  coalesceMs: number,
): SubscriptionStep {
  const { status, retryAfterMs, nowMs } = input;
  if (isFatal(input)) return over([{ kind: 'end', end: { kind: 'lost', status } }]);
  const idle: Live = { ...state, sending: false };
  if (retryAfterMs === undefined) {
    return idle.urgent ? send(idle, nowMs, coalesceMs) : sendPaced(idle, nowMs, coalesceMs);
  }
  // RFC 6665 §4.2.2: refused for now; the full state is sent again later.
  return sendPaced(
    { ...idle, owed: 'full', urgent: false, quietUntilMs: nowMs + retryAfterMs },
    nowMs,
    coalesceMs,
  );
}

/** RFC 6665 §4.2.2: no answer, or a refusal without Retry-After, ends the subscription. */
function isFatal(answer: {
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
}): boolean {
  if (answer.status === undefined || answer.status === 481) return true;
  return answer.status >= 300 && answer.retryAfterMs === undefined;
}

function close(state: Live, farewell: Farewell): SubscriptionStep {
  const end = { kind: 'end', end: farewell.end } as const;
  if (state.sending) return { state: { kind: 'closing', farewell }, actions: [end] };
  return over([{ kind: 'notify-last', farewell }, end]);
}

const over = (actions: readonly SubscriptionAction[]): SubscriptionStep => ({
  state: { kind: 'over' },
  actions,
});

const unsubscribed: Farewell = { reason: 'timeout', end: { kind: 'unsubscribed' } };
const expired: Farewell = { reason: 'timeout', end: { kind: 'expired' } };

const farewellOf = (input: Extract<SubscriptionInput, { kind: 'terminate' }>): Farewell => ({
  reason: input.reason,
  retryAfterSeconds: input.retryAfterSeconds,
  end: { kind: 'ended-by-us', reason: input.reason },
});

const atLeast = (owed: Owed, least: 'change'): Owed => (owed === 'nothing' ? least : owed);
