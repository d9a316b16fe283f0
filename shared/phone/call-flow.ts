import type { EpochMs } from '../domain/ids.ts';
import {
  isTalking,
  type Call,
  type CallEnd,
  type CallId,
  type CallList,
  type CallState,
} from './call.ts';
import { areTogether, companyOf, withoutEmptyConference } from './call-conference.ts';
import type { CallEffect } from './call-input.ts';

export interface CallStep {
  readonly list: CallList;
  readonly effects: readonly CallEffect[];
}

export function unchanged(list: CallList): CallStep {
  return { list, effects: [] };
}

export function findCall(list: CallList, id: CallId): Call | undefined {
  return list.calls.find((call) => call.id === id);
}

export function change(list: CallList, id: CallId, patch: Partial<Omit<Call, 'id'>>): CallList {
  return { calls: list.calls.map((call) => (call.id === id ? { ...call, ...patch } : call)) };
}

export function enter(list: CallList, id: CallId, state: CallState): CallList {
  return change(list, id, { state });
}

/** A call about which nothing is known yet. */
export function newCall(id: string, now: EpochMs): Call {
  return {
    id,
    account: '',
    direction: 'incoming',
    purpose: { kind: 'call' },
    target: null,
    party: { name: null, number: '' },
    recall: null,
    startedAt: now,
    answeredAt: null,
    microphone: 'open',
    silenced: false,
    company: 'alone',
    autoAnswerAfterMs: null,
    state: { kind: 'incoming' },
    heldForThis: null,
    refers: 0,
    notice: null,
  };
}

/** Runs `next` on what `first` made of the list, keeping the order of effects. */
export function andThen(first: CallStep, next: (list: CallList) => CallStep): CallStep {
  const second = next(first.list);
  return { list: second.list, effects: [...first.effects, ...second.effects] };
}

/** Asks for the user's ear for a call: at once, or after the talking call is on hold. */
export function seekEar(
  list: CallList,
  id: CallId,
  wanted: Extract<CallState, { kind: 'waiting' }>['wanted'],
): CallStep {
  const self = findCall(list, id);
  const talking = list.calls.find(
    (call) => call.id !== id && needsHold(call.state) && !areTogether(self, call),
  );
  if (talking === undefined) return proceed(list, id, wanted);
  return settle(enter(list, id, { kind: 'waiting', holding: talking.id, wanted }));
}

/** Lets every waiting call go on whose way is free, and puts on hold what is in the way of the others. */
export function settle(list: CallList): CallStep {
  return list.calls.reduce<CallStep>((step, { id }) => {
    return andThen(step, (now) => settleOne(now, id));
  }, unchanged(list));
}

/**
 * A call is answered or resumed: whatever else talked is put on hold, nobody hears two calls. The others of its conference
 * come back with it.
 */
export function becomeActive(list: CallList, id: CallId, now: EpochMs): CallStep {
  const call = findCall(list, id);
  if (call === undefined) return unchanged(list);
  const active = change(list, id, {
    state: { kind: 'active' },
    answeredAt: call.answeredAt ?? now,
    silenced: false,
    heldForThis: null,
  });
  const { microphone } = call;
  const heardAgain: CallStep = call.silenced
    ? { list: active, effects: [{ kind: 'set-microphone', call: id, to: microphone }] }
    : unchanged(active);
  return active.calls.reduce<CallStep>(
    (step, { id: other }) => andThen(step, (next) => besideActive(next, id, other)),
    heardAgain,
  );
}

function besideActive(list: CallList, id: CallId, otherId: CallId): CallStep {
  const other = findCall(list, otherId);
  if (other === undefined || otherId === id) return unchanged(list);
  if (!areTogether(findCall(list, id), other))
    return other.state.kind === 'active' ? hold(list, otherId) : unchanged(list);
  if (other.state.kind === 'held') return resume(list, otherId);
  return other.state.kind === 'holding'
    ? unchanged(enter(list, otherId, { kind: 'holding', next: 'resume' }))
    : unchanged(list);
}

/** Puts a call on hold, and with it the others of its conference. */
export function hold(list: CallList, id: CallId): CallStep {
  const call = findCall(list, id);
  if (call === undefined) return unchanged(list);
  const all = companyOf(list, call).filter(
    (each) => each.id === id || each.state.kind === 'active',
  );
  return all.reduce<CallStep>(
    (step, each) =>
      andThen(step, (next) => ({
        list: enter(next, each.id, { kind: 'holding', next: 'stay' }),
        effects: [{ kind: 'hold', call: each.id }],
      })),
    unchanged(list),
  );
}

export function resume(list: CallList, id: CallId): CallStep {
  return { list: enter(list, id, { kind: 'resuming' }), effects: [{ kind: 'unhold', call: id }] };
}

/**
 * A call is over. If it never came about, the call that was put on hold for it goes on, so that a retrieve or a call
 * that fails leaves the user where they were.
 */
export function end(list: CallList, id: CallId, why: CallEnd, now: EpochMs): CallStep {
  const call = findCall(list, id);
  if (call === undefined || call.state.kind === 'ended') return unchanged(list);
  const over = withoutEmptyConference(
    change(list, id, { state: { kind: 'ended', at: now, why }, notice: null }),
  );
  // Forgotten as soon as the call was answered.
  const goOn = call.heldForThis;
  return goOn === null ? settle(over) : andThen(unhold(over, goOn), settle);
}

/** Takes a call off hold unless the user talks, or is about to talk, to somebody else. */
export function unhold(list: CallList, id: CallId): CallStep {
  const self = findCall(list, id);
  const busy = list.calls.some(
    (other) =>
      other.id !== id &&
      !areTogether(self, other) &&
      (isTalking(other.state) || other.state.kind === 'waiting'),
  );
  if (busy) return unchanged(list);
  const state = findCall(list, id)?.state;
  if (state?.kind === 'held') return resume(list, id);
  if (state?.kind !== 'holding') return unchanged(list);
  return unchanged(enter(list, id, { kind: 'holding', next: 'resume' }));
}

function settleOne(list: CallList, id: CallId): CallStep {
  const state = findCall(list, id)?.state;
  if (state?.kind !== 'waiting') return unchanged(list);
  const inTheWay = findCall(list, state.holding)?.state;
  if (inTheWay?.kind === 'active') return hold(list, state.holding);
  if (inTheWay?.kind === 'holding' && inTheWay.next === 'resume') {
    return unchanged(enter(list, state.holding, { kind: 'holding', next: 'stay' }));
  }
  if (inTheWay !== undefined && needsHold(inTheWay)) return unchanged(list);
  // Another of a conference may still be in the way.
  return seekEar(list, id, state.wanted);
}

function proceed(
  list: CallList,
  id: CallId,
  wanted: Extract<CallState, { kind: 'waiting' }>['wanted'],
): CallStep {
  switch (wanted) {
    case 'resume':
      return resume(list, id);
    case 'answer':
      return {
        list: enter(list, id, { kind: 'answering' }),
        effects: [{ kind: 'answer', call: id }],
      };
    case 'dial': {
      const call = findCall(list, id);
      if (call === undefined || call.target === null) return unchanged(list);
      const { target, purpose } = call;
      return {
        list: enter(list, id, { kind: 'dialing' }),
        effects: [{ kind: 'dial', call: id, target, purpose }],
      };
    }
  }
}

/** A call that is being parked or transferred is leaving by itself and need not be held. */
function needsHold(state: CallState): boolean {
  return (
    state.kind === 'active' ||
    state.kind === 'holding' ||
    state.kind === 'resuming' ||
    state.kind === 'answering'
  );
}
