import { addMs } from './ids.ts';
import type { ParkEffect } from './park-effect.ts';
import type { ParkInput, StepContext } from './park-input.ts';
import { cancelRecall, journal, stay, type Move, type Scene } from './park-move.ts';
import { recallEnded, ring, snoozed } from './park-recall.ts';
import type { Parked, Recalling, RecallSuspended, Retrieving } from './park-state.ts';

export function whileRetrieving(state: Retrieving, input: ParkInput, scene: Scene): Move | null {
  const { before } = state;
  switch (input.kind) {
    case 'retriever-answered':
      return input.claim === state.claim ? suspendRecall(state, scene) : stay;
    case 'retriever-ready':
      return input.claim === state.claim ? retrieved(state, scene) : stay;
    case 'retriever-failed':
      return input.claim === state.claim ? retrieveFailed(state, input, scene) : stay;
    case 'recall-answered':
      return answeredTooLate(state, input, scene);
    case 'recall-ended':
      if (before.kind !== 'recalling' || before.attempts !== input.attempt) return stay;
      return behind(state, recallEnded(before, input, { ...scene, context: noForward(scene) }));
    case 'snooze':
      if (before.kind !== 'parked') return stay;
      return {
        state: { ...state, before: snoozed(before, scene) },
        effects: [journal({ kind: 'snoozed', by: input.by })],
      };
    case 'recall-now':
      if (before.kind !== 'parked') return stay;
      return {
        state: { ...state, before: { ...before, recallAt: scene.context.now } },
        effects: [],
      };
    default:
      return stay;
  }
}

export function claimed(
  state: Parked | Recalling,
  input: Extract<ParkInput, { kind: 'claim' }>,
  { version }: Scene,
): Move | null {
  if (input.version !== version) return stay;
  const { retriever } = input;
  return {
    state: { kind: 'retrieving', retriever, claim: version + 1, before: state },
    effects: [],
  };
}

/** Our 200 is out, so the recall stops ringing; what was left of it is kept in case the retrieve fails. */
function suspendRecall(state: Retrieving, { context }: Scene): Move | null {
  const { before } = state;
  if (before.kind !== 'recalling') return stay;
  return {
    state: { ...state, before: suspend(before, context) },
    effects: [cancelRecall(before, 'retrieved')],
  };
}

function suspend(before: Recalling, { now }: StepContext): RecallSuspended {
  const { parkedAt, attempts, ringUntil } = before;
  return { kind: 'recall-suspended', parkedAt, attempts, leftMs: Math.max(0, ringUntil - now) };
}

/** The claim came first: the parker who answers now is told that the call was taken. */
function answeredTooLate(
  state: Retrieving,
  input: Extract<ParkInput, { kind: 'recall-answered' }>,
  { context }: Scene,
): Move {
  const { before } = state;
  const drop: ParkEffect = { kind: 'drop-recall-answer', leg: input.leg };
  if (before.kind !== 'recalling' || before.attempts !== input.attempt) {
    return { state, effects: [drop] };
  }
  return {
    state: { ...state, before: suspend(before, context) },
    effects: [drop, cancelRecall(before, 'retrieved')],
  };
}

function retrieved(state: Retrieving, { context }: Scene): Move {
  const { before, claim, retriever } = state;
  return {
    state: { kind: 'retrieved', at: context.now, by: retriever },
    effects: [
      ...(before.kind === 'recalling' ? [cancelRecall(before, 'retrieved')] : []),
      { kind: 'connect-retriever', claim },
      journal({ kind: 'retrieved', by: retriever }),
    ],
  };
}

/** The call is again what it was, with the time that is left; a recall that was cancelled rings again at once. */
function retrieveFailed(
  state: Retrieving,
  input: Extract<ParkInput, { kind: 'retriever-failed' }>,
  { context }: Scene,
): Move {
  const { before, retriever } = state;
  const note = journal({ kind: 'retrieve-failed', by: retriever, reason: input.reason });
  if (before.kind !== 'recall-suspended') return { state: before, effects: [note] };
  const again = ring(before, addMs(context.now, before.leftMs));
  return { ...again, effects: [note, ...again.effects] };
}

/** A change of what lies behind a claim: the claim itself stands. */
function behind(state: Retrieving, move: Move | null): Move | null {
  if (move === stay || (move.state.kind !== 'parked' && move.state.kind !== 'recalling'))
    return stay;
  return { state: { ...state, before: move.state }, effects: move.effects };
}

/** While a retriever holds the claim, nothing but the claim may take the call out of the lot. */
function noForward({ context }: Scene): StepContext {
  return { ...context, ringGroup: 'unusable' };
}
