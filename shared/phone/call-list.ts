import { assertNever } from '../domain/assert-never.ts';
import type { EpochMs } from '../domain/ids.ts';
import type { Call, CallEnd, CallList, TransferTarget } from './call.ts';
import { companyOf, conferenceOf, mayJoin, mixOf, sameAccount } from './call-conference.ts';
import {
  andThen,
  change,
  end,
  findCall,
  hold,
  newCall,
  resume,
  seekEar,
  unchanged,
  type CallStep,
} from './call-flow.ts';
import type { CallInput } from './call-input.ts';
import { isFromNetwork, stepNetwork } from './call-network.ts';

/** How long a park or transfer may go without its final NOTIFY before the user is told, in ms (WIRE.md §2). */
export const REFER_TIMEOUT_MS = 10_000;

export function noCalls(): CallList {
  return { calls: [] };
}

/** The calls that are not over. */
export function liveCalls(list: CallList): readonly Call[] {
  return list.calls.filter((call) => call.state.kind !== 'ended');
}

/** What becomes of the phone's calls when `input` happens. Inputs that do not fit a call's state change nothing. */
export function stepCalls(list: CallList, input: CallInput, now: EpochMs): CallStep {
  const step = stepOne(list, input, now);
  const calls = mixOf(step.list);
  if (String(calls) === String(mixOf(list))) return step;
  return { ...step, effects: [...step.effects, { kind: 'mix', calls }] };
}

function stepOne(list: CallList, input: CallInput, now: EpochMs): CallStep {
  if (input.kind === 'dial') return dial(list, input, now);
  if (isFromNetwork(input)) return stepNetwork(list, input, now);
  const call = findCall(list, input.call);
  if (call === undefined) return unchanged(list);
  switch (input.kind) {
    case 'answer':
      return answer(list, call);
    case 'hang-up':
      return hangUp(list, call, now);
    case 'hold':
      return call.state.kind === 'active' ? hold(list, call.id) : unchanged(list);
    case 'resume':
      return call.state.kind === 'held' ? seekEar(list, call.id, 'resume') : unchanged(list);
    case 'mute':
      return setMicrophone(list, call, 'muted');
    case 'unmute':
      return setMicrophone(list, call, 'open');
    case 'join':
      return join(list, call, input.other);
    case 'split':
      return split(list, call);
    case 'transfer':
      return transfer(list, call, input.target);
    case 'digit':
      return sendDigit(list, call, input.digit);
    case 'dismiss-notice':
      return unchanged(change(list, call.id, { notice: null }));
    case 'forget':
      return forget(list, call);
    default:
      return assertNever(input);
  }
}

function dial(list: CallList, input: Extract<CallInput, { kind: 'dial' }>, now: EpochMs): CallStep {
  if (findCall(list, input.call) !== undefined) return unchanged(list);
  const call: Call = {
    ...newCall(input.call, now),
    account: input.account ?? '',
    direction: 'outgoing',
    purpose: input.purpose,
    target: input.target,
    party: input.party,
    state: { kind: 'dialing' },
  };
  return withHeldCall(seekEar({ calls: [...list.calls, call] }, call.id, 'dial'), call.id);
}

function answer(list: CallList, call: Call): CallStep {
  if (call.state.kind !== 'incoming') return unchanged(list);
  return withHeldCall(seekEar(list, call.id, 'answer'), call.id);
}

/** Remembers which call is put on hold for this one. */
function withHeldCall(step: CallStep, id: string): CallStep {
  const state = findCall(step.list, id)?.state;
  if (state?.kind !== 'waiting') return step;
  return { ...step, list: change(step.list, id, { heldForThis: state.holding }) };
}

function hangUp(list: CallList, call: Call, now: EpochMs): CallStep {
  const { state } = call;
  if (state.kind === 'ended') return unchanged(list);
  const over = end(list, call.id, endByMe(call), now);
  // What was never dialled has nothing to be ended on the wire.
  if (state.kind === 'waiting' && state.wanted === 'dial') return over;
  return { ...over, effects: [{ kind: 'end', call: call.id }, ...over.effects] };
}

function endByMe({ state, direction, answeredAt }: Call): CallEnd {
  if (answeredAt !== null) return { kind: 'hung-up', by: 'me' };
  return direction === 'incoming' && state.kind !== 'answering'
    ? { kind: 'declined' }
    : { kind: 'cancelled' };
}

/** In a conference there is one mouth: muted for one is muted for all. */
function setMicrophone(list: CallList, call: Call, to: 'open' | 'muted'): CallStep {
  const others = companyOf(list, call).filter(
    ({ state, microphone }) => state.kind !== 'ended' && microphone !== to,
  );
  return others.reduce<CallStep>(
    (step, { id, silenced }) =>
      andThen(step, (next) => ({
        list: change(next, id, { microphone: to }),
        effects: silenced ? [] : [{ kind: 'set-microphone', call: id, to }],
      })),
    unchanged(list),
  );
}

/** The one on hold comes off it, or both do; how the talking one's microphone was, it is for both. */
function join(list: CallList, call: Call, otherId: string): CallStep {
  const other = findCall(list, otherId);
  if (other === undefined || !mayJoin(list, call.id, otherId)) return unchanged(list);
  const [first, second] = other.state.kind === 'active' ? [other, call] : [call, other];
  const joined = change(change(list, first.id, { company: 'conference' }), second.id, {
    company: 'conference',
  });
  return andThen(setMicrophone(joined, second, first.microphone), (next) =>
    first.state.kind === 'active' ? resume(next, second.id) : seekEar(next, first.id, 'resume'),
  );
}

function split(list: CallList, call: Call): CallStep {
  if (call.company === 'alone') return unchanged(list);
  const others = conferenceOf(list).filter(({ id }) => id !== call.id);
  const apart = { calls: list.calls.map((each) => ({ ...each, company: 'alone' as const })) };
  const held = others.reduce<CallStep>(
    (step, { id, state }) =>
      state.kind === 'active' ? andThen(step, (next) => hold(next, id)) : step,
    unchanged(apart),
  );
  if (call.state.kind !== 'held') return held;
  return andThen(held, (next) => seekEar(next, call.id, 'resume'));
}

function transfer(list: CallList, call: Call, target: TransferTarget): CallStep {
  const before = call.state.kind;
  if (before !== 'active' && before !== 'held') return unchanged(list);
  if (target.kind === 'attended' && !canJoin(list, call, target.other)) return unchanged(list);
  const refer = call.refers + 1;
  const kind = target.kind === 'park' ? 'parking' : 'transferring';
  const state = { kind, target, phase: 'asked', refer, before } as const;
  return {
    list: change(list, call.id, { state, refers: refer, notice: null }),
    effects: [
      { kind: 'refer', call: call.id, target },
      { kind: 'watch-refer', call: call.id, refer },
    ],
  };
}

function canJoin(list: CallList, call: Call, other: string): boolean {
  const partner = findCall(list, other);
  if (partner === undefined || !sameAccount(call, partner)) return false;
  const { kind } = partner.state;
  return other !== call.id && (kind === 'active' || kind === 'held' || kind === 'holding');
}

function sendDigit(list: CallList, call: Call, digit: string): CallStep {
  const mayHear = call.state.kind === 'active' && /^[0-9*#A-D]$/.test(digit);
  return mayHear
    ? { list, effects: [{ kind: 'send-digit', call: call.id, digit }] }
    : unchanged(list);
}

function forget(list: CallList, call: Call): CallStep {
  if (call.state.kind !== 'ended') return unchanged(list);
  return unchanged({ calls: list.calls.filter((each) => each !== call) });
}
