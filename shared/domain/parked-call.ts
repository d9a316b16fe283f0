import { assertNever } from './assert-never.ts';
import { addMs, type Extension } from './ids.ts';
import type { ParkEffect } from './park-effect.ts';
import type { ParkInput, StepContext } from './park-input.ts';
import { cancelRecall, journal, stay, type Move, type Scene } from './park-move.ts';
import {
  rangInVain,
  recall,
  recallAnswered,
  recallEnded,
  snoozed,
  whileReturning,
} from './park-recall.ts';
import { claimed, whileRetrieving } from './park-retrieve.ts';
import {
  deadlineOf,
  isEnded,
  type Ended,
  type ParkedCall,
  type ParkFacts,
  type ParkFailure,
  type Parked,
  type Parking,
  type ParkState,
  type Recalling,
} from './park-state.ts';

/** What a step makes of a call. Without a change the very same call comes back. */
export interface Step {
  readonly call: ParkedCall;
  readonly effects: readonly ParkEffect[];
}

/** A park that has just been accepted: the slot is taken, the caller is about to hear music. */
export function beginPark(facts: ParkFacts): Step {
  const call: ParkedCall = { facts, version: 1, state: { kind: 'parking', parkerLeg: 'up' } };
  return { call, effects: [{ kind: 'start-music' }] };
}

/**
 * The life of a parked call: what becomes of `call` when `input` happens. One function per state; a state that does not
 * know an input ignores it; terminal states ignore all. Perform the effects in order, and feed what they report back
 * only after the last of them (a recall may fail while it is being started).
 */
export function step(call: ParkedCall, input: ParkInput, context: StepContext): Step {
  if (input.kind === 'slot-moved') return slotMoved(call, input.to);
  const move = moveOf(call, input, context);
  if (move === stay) return { call, effects: [] };
  if (move.state === call.state) return { call, effects: move.effects };
  const next: ParkedCall = { ...call, version: call.version + 1, state: move.state };
  return { call: next, effects: [...move.effects, ...followUps(call.state, next.state)] };
}

/** Nothing but the slot changes: whoever rings, is being connected or waits for the recall goes on. */
function slotMoved(call: ParkedCall, to: Extension): Step {
  if (isEnded(call.state) || call.facts.slot === to) return { call, effects: [] };
  const next: ParkedCall = {
    ...call,
    version: call.version + 1,
    facts: { ...call.facts, slot: to },
  };
  // What is not parked yet is shown and written down when it is.
  if (call.state.kind === 'parking') return { call: next, effects: [] };
  return {
    call: next,
    effects: [journal({ kind: 'moved', to }), { kind: 'publish', urgency: 'at-once' }],
  };
}

function moveOf(call: ParkedCall, input: ParkInput, context: StepContext): Move | null {
  const { state } = call;
  if (isEnded(state)) return stay;
  if (input.kind === 'caller-gone') return leave(state, { kind: 'abandoned', at: context.now });
  if (input.kind === 'server-stopping') return leave(state, { kind: 'lost', at: context.now });
  const scene: Scene = { facts: call.facts, version: call.version, context };
  switch (state.kind) {
    case 'parking':
      return whileParking(state, input, scene);
    case 'parked':
      return whileParked(state, input, scene);
    case 'recalling':
      return whileRecalling(state, input, scene);
    case 'retrieving':
      return whileRetrieving(state, input, scene);
    case 'returning':
      return whileReturning(state, input, scene);
    default:
      return assertNever(state);
  }
}

function whileParking(state: Parking, input: ParkInput, scene: Scene): Move | null {
  switch (input.kind) {
    case 'music-started':
      return parkedOnMusic(scene);
    case 'music-failed':
      return parkFailed(state, 'no-music', scene);
    case 'cancel':
      return parkFailed(state, 'cancelled', scene);
    case 'parker-gone':
      return state.parkerLeg === 'gone'
        ? stay
        : { state: { kind: 'parking', parkerLeg: 'gone' }, effects: [] };
    default:
      return stay;
  }
}

function whileParked(state: Parked, input: ParkInput, scene: Scene): Move | null {
  switch (input.kind) {
    case 'claim':
      return claimed(state, input, scene);
    case 'deadline':
      return input.deadline === state.recallAt ? recall(state, 'due', scene) : stay;
    case 'recall-now':
      return recall(state, 'due', scene);
    case 'recall-answered':
      return { state, effects: [{ kind: 'drop-recall-answer', leg: input.leg }] };
    case 'snooze':
      return {
        state: snoozed(state, scene),
        effects: [journal({ kind: 'snoozed', by: input.by })],
      };
    default:
      return stay;
  }
}

function whileRecalling(state: Recalling, input: ParkInput, scene: Scene): Move | null {
  switch (input.kind) {
    case 'claim':
      return claimed(state, input, scene);
    case 'deadline':
      return input.deadline === state.ringUntil ? rangInVain(state, scene) : stay;
    case 'recall-answered':
      return recallAnswered(state, input);
    case 'recall-ended':
      return input.attempt === state.attempts ? recallEnded(state, input, scene) : stay;
    case 'snooze':
      return {
        state: snoozed(state, scene),
        effects: [cancelRecall(state, 'snoozed'), journal({ kind: 'snoozed', by: input.by })],
      };
    default:
      return stay;
  }
}

function parkedOnMusic({ facts, context }: Scene): Move {
  const { now } = context;
  const recallAt = addMs(now, facts.recall.timerMs);
  return {
    state: { kind: 'parked', parkedAt: now, attempts: 0, recallAt },
    effects: [{ kind: 'report-park', outcome: 'parked' }, journal({ kind: 'parked' })],
  };
}

/** The caller is never released: they go back to the parker, by recall if the parker has hung up already. */
function parkFailed(state: Parking, reason: ParkFailure, scene: Scene): Move {
  const { now } = scene.context;
  const report: ParkEffect = { kind: 'report-park', outcome: reason };
  if (state.parkerLeg === 'up') {
    return {
      state: { kind: 'failed', at: now, reason },
      effects: [{ kind: 'reconnect-pair' }, report, journal({ kind: 'failed', reason })],
    };
  }
  const waiting: Parked = { kind: 'parked', parkedAt: now, attempts: 0, recallAt: now };
  const back = recall(waiting, 'park-failed', scene);
  return {
    state: back.state,
    effects: [{ kind: 'start-music' }, report, journal({ kind: 'parked' }), ...back.effects],
  };
}

function leave(
  state: Exclude<ParkState, Ended>,
  end: Extract<Ended, { kind: 'abandoned' | 'lost' }>,
): Move {
  const reason = end.kind === 'lost' ? 'stopping' : 'caller-gone';
  const caller: ParkEffect[] = end.kind === 'lost' ? [{ kind: 'release-caller' }] : [];
  return {
    state: end,
    effects: [...otherSides(state, reason), ...caller, journal({ kind: end.kind })],
  };
}

function otherSides(
  state: Exclude<ParkState, Ended>,
  reason: 'stopping' | 'caller-gone',
): readonly ParkEffect[] {
  switch (state.kind) {
    case 'parking': {
      const report: ParkEffect = { kind: 'report-park', outcome: reason };
      return state.parkerLeg === 'up' ? [report, { kind: 'end-parker' }] : [report];
    }
    case 'parked':
      return [];
    case 'recalling':
    case 'returning':
      return [cancelRecall(state, reason)];
    case 'retrieving': {
      const { before, claim } = state;
      const ended: ParkEffect = { kind: 'end-retriever', claim, reason };
      return before.kind === 'recalling' ? [cancelRecall(before, reason), ended] : [ended];
    }
    default:
      return assertNever(state);
  }
}

function followUps(from: ParkState, to: ParkState): readonly ParkEffect[] {
  return [...timing(from, to), ...publication(from, to)];
}

function timing(from: ParkState, to: ParkState): readonly ParkEffect[] {
  const at = deadlineOf(to);
  if (at === deadlineOf(from)) return [];
  return at === null ? [{ kind: 'clear-deadline' }] : [{ kind: 'schedule-deadline', at }];
}

function publication(from: ParkState, to: ParkState): readonly ParkEffect[] {
  if (from.kind === 'parking') {
    // What never came to be parked was never shown.
    const shown = !isEnded(to) && to.kind !== 'parking';
    return shown ? [{ kind: 'publish', urgency: 'at-once' }] : [];
  }
  return [{ kind: 'publish', urgency: isEnded(to) ? 'at-once' : 'coalesced' }];
}
