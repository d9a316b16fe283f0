import { assertNever, ignore, type Step } from '../transaction/machine.ts';

/**
 * Offer and answer after call set-up (RFC 3264) with the glare rules of RFC 3261 §14 and RFC 3311 §5: at most one offer is open in a
 * dialog, whoever made it. Pure: the caller sends, answers and runs the timer.
 */
export type OfferCarrier = 'INVITE' | 'UPDATE';

export type NegotiationState =
  | { readonly kind: 'stable' }
  /** Our INVITE or UPDATE has no final answer yet. `again`: another offer is wanted afterwards. */
  | {
      readonly kind: 'ours-open';
      readonly carrier: OfferCarrier;
      readonly again: OfferCarrier | undefined;
    }
  /** Theirs is not answered, or their INVITE's 2xx is not acknowledged yet. `again`: we have an offer to make afterwards. */
  | {
      readonly kind: 'theirs-open';
      readonly carrier: OfferCarrier;
      readonly again: OfferCarrier | undefined;
    }
  /** Ours got 491; we wait before it is sent again. An offer of theirs is welcome meanwhile. */
  | { readonly kind: 'backing-off'; readonly again: OfferCarrier }
  | { readonly kind: 'ended' };

export type NegotiationInput =
  /** We have an offer to make. */
  | { readonly kind: 'want-offer'; readonly carrier: OfferCarrier }
  /** The final answer to ours: its status, 408 for none. An INVITE's ACK has been sent. */
  | { readonly kind: 'our-offer-done'; readonly status: number }
  /** An INVITE or UPDATE of theirs. An INVITE without offer asks for ours. */
  | {
      readonly kind: 'their-request';
      readonly carrier: OfferCarrier;
      readonly hasOffer: boolean;
    }
  /** Theirs is answered; an INVITE with 2xx: and acknowledged. */
  | { readonly kind: 'their-request-done'; readonly carrier: OfferCarrier }
  | { readonly kind: 'back-off-over' }
  | { readonly kind: 'end' };

export type NegotiationEffect =
  | { readonly kind: 'send-offer'; readonly carrier: OfferCarrier }
  /** Answer their request on its merits. */
  | { readonly kind: 'process-request' }
  | {
      readonly kind: 'refuse-request';
      readonly status: 491 | 500;
      readonly retryAfterSeconds?: number;
    }
  /** Feed `back-off-over` after so many ms. */
  | { readonly kind: 'arm-back-off'; readonly delayMs: number };

export interface NegotiationChance {
  /** We made the Call-ID: our side of the dialog is the UAC (RFC 3261 §14.1 lets that side wait longer). */
  readonly ownsCallId: boolean;
  /** A random number, 0 ≤ roll < 1, new for each step. */
  readonly roll: number;
}

export interface NegotiationStep {
  readonly state: NegotiationState;
  readonly effects: readonly NegotiationEffect[];
}

type Machine = Step<NegotiationState, NegotiationEffect>;

/** One input to the machine. Pure. */
export function negotiate(
  state: NegotiationState,
  input: NegotiationInput,
  chance: NegotiationChance,
): NegotiationStep {
  const next = input.kind === 'end' ? ignore(ended) : step(state, input, chance);
  return { state: next.state, effects: next.actions };
}

function step(
  state: NegotiationState,
  input: Exclude<NegotiationInput, { kind: 'end' }>,
  chance: NegotiationChance,
): Machine {
  switch (state.kind) {
    case 'stable':
      return inStable(state, input);
    case 'ours-open':
      return inOursOpen(state, input, chance);
    case 'theirs-open':
      return inTheirsOpen(state, input, chance);
    case 'backing-off':
      return inBackingOff(state, input);
    case 'ended':
      return ignore(state);
    default:
      return assertNever(state);
  }
}

type Input = Exclude<NegotiationInput, { kind: 'end' }>;
type Open<Kind> = Extract<NegotiationState, { kind: Kind }>;

function inStable(state: NegotiationState, input: Input): Machine {
  switch (input.kind) {
    case 'want-offer':
      return offer(input.carrier);
    case 'their-request':
      return take(input, undefined);
    case 'our-offer-done':
    case 'their-request-done':
    case 'back-off-over':
      return ignore(state);
    default:
      return assertNever(input);
  }
}

function inOursOpen(state: Open<'ours-open'>, input: Input, chance: NegotiationChance): Machine {
  switch (input.kind) {
    case 'want-offer':
      return ignore({ ...state, again: input.carrier });
    case 'their-request':
      return isBare(input)
        ? { state, actions: [{ kind: 'process-request' }] }
        : { state, actions: [{ kind: 'refuse-request', status: 491 }] };
    case 'our-offer-done':
      if (input.status === 491) return backOff(state.again ?? state.carrier, chance);
      return afterwards(state.again);
    case 'their-request-done':
    case 'back-off-over':
      return ignore(state);
    default:
      return assertNever(input);
  }
}

function inTheirsOpen(
  state: Open<'theirs-open'>,
  input: Input,
  chance: NegotiationChance,
): Machine {
  switch (input.kind) {
    case 'want-offer':
      return ignore({ ...state, again: input.carrier });
    case 'their-request':
      return isBare(input)
        ? { state, actions: [{ kind: 'process-request' }] }
        : { state, actions: [refuseSecond(chance)] };
    case 'their-request-done':
      return input.carrier === state.carrier ? afterwards(state.again) : ignore(state);
    case 'our-offer-done':
    case 'back-off-over':
      return ignore(state);
    default:
      return assertNever(input);
  }
}

function inBackingOff(state: Open<'backing-off'>, input: Input): Machine {
  switch (input.kind) {
    case 'want-offer':
      return ignore({ ...state, again: input.carrier });
    case 'their-request':
      return isBare(input)
        ? { state, actions: [{ kind: 'process-request' }] }
        : take(input, state.again);
    case 'back-off-over':
      return offer(state.again);
    case 'our-offer-done':
    case 'their-request-done':
      return ignore(state);
    default:
      return assertNever(input);
  }
}

const ended: NegotiationState = { kind: 'ended' };
type TheirRequest = Extract<NegotiationInput, { kind: 'their-request' }>;

/** An UPDATE without SDP refreshes the session or the target and opens nothing. */
const isBare = (request: TheirRequest): boolean =>
  request.carrier === 'UPDATE' && !request.hasOffer;

function take(request: TheirRequest, again: OfferCarrier | undefined): Machine {
  const state: NegotiationState = isBare(request)
    ? { kind: 'stable' }
    : { kind: 'theirs-open', carrier: request.carrier, again };
  return { state, actions: [{ kind: 'process-request' }] };
}

function offer(carrier: OfferCarrier): Machine {
  return {
    state: { kind: 'ours-open', carrier, again: undefined },
    actions: [{ kind: 'send-offer', carrier }],
  };
}

function afterwards(again: OfferCarrier | undefined): Machine {
  return again === undefined ? ignore({ kind: 'stable' }) : offer(again);
}

function backOff(again: OfferCarrier, chance: NegotiationChance): Machine {
  return {
    state: { kind: 'backing-off', again },
    actions: [{ kind: 'arm-back-off', delayMs: glareDelayMs(chance) }],
  };
}

/** RFC 3261 §14.1: whoever made the Call-ID waits 2.1–4 s, the other 0–2 s, in units of 10 ms. */
function glareDelayMs({ ownsCallId, roll }: NegotiationChance): number {
  return ownsCallId ? 2_100 + 10 * Math.floor(roll * 191) : 10 * Math.floor(roll * 201);
}

/** RFC 3261 §14.2 and RFC 3311 §5.2: theirs while an earlier one of theirs is open. */
function refuseSecond({ roll }: NegotiationChance): NegotiationEffect {
  return { kind: 'refuse-request', status: 500, retryAfterSeconds: Math.floor(roll * 11) };
}
