import { assertNever } from './assert-never.ts';
import { addMs } from './ids.ts';
import type { ParkInput } from './park-input.ts';
import { cancelRecall, journal, stay, type Move, type Scene } from './park-move.ts';
import type { Parked, Recalling, Returning } from './park-state.ts';
import { decideRecall, type RecallMoment } from './recall-policy.ts';

type Waiting = Parked | Recalling | Returning;

export function recall(state: Waiting, moment: RecallMoment, { facts, context }: Scene): Move {
  const decision = decideRecall(facts.recall, moment, context);
  const { parkedAt, attempts } = state;
  switch (decision.kind) {
    case 'ring-parker':
      return ring({ parkedAt, attempts }, decision.until);
    case 'wait':
      return {
        state: { kind: 'parked', parkedAt, attempts, recallAt: decision.until },
        effects: [],
      };
    case 'forward': {
      const { ringGroupId } = decision;
      return {
        state: { kind: 'forwarded', at: context.now, ringGroupId },
        effects: [
          { kind: 'forward-caller', ringGroupId },
          journal({ kind: 'forwarded', ringGroupId }),
        ],
      };
    }
    default:
      return assertNever(decision);
  }
}

export function ring(
  { parkedAt, attempts }: Pick<Parked, 'parkedAt' | 'attempts'>,
  until: Recalling['ringUntil'],
): Move {
  const attempt = attempts + 1;
  return {
    state: { kind: 'recalling', parkedAt, attempts: attempt, ringUntil: until },
    effects: [
      { kind: 'ring-recall', attempt, until },
      journal({ kind: 'recall-started', attempt }),
    ],
  };
}

export function rangInVain(state: Recalling, scene: Scene): Move {
  const input = { kind: 'recall-ended', attempt: state.attempts, outcome: 'unanswered' } as const;
  const move = recallEnded(state, input, scene);
  return { ...move, effects: [cancelRecall(state, 'not-answered'), ...move.effects] };
}

export function recallEnded(
  state: Recalling | Returning,
  input: Extract<ParkInput, { kind: 'recall-ended' }>,
  scene: Scene,
): Move {
  const { attempt, outcome } = input;
  const move = recall(state, 'not-taken', scene);
  return {
    ...move,
    effects: [journal({ kind: 'recall-ended', attempt, outcome }), ...move.effects],
  };
}

export function recallAnswered(
  state: Recalling,
  input: Extract<ParkInput, { kind: 'recall-answered' }>,
): Move {
  const { parkedAt, attempts } = state;
  if (input.attempt !== attempts) {
    return { state, effects: [{ kind: 'drop-recall-answer', leg: input.leg }] };
  }
  return { state: { kind: 'returning', parkedAt, attempts, leg: input.leg }, effects: [] };
}

export function snoozed(state: Parked | Recalling, { facts, context }: Scene): Parked {
  const { parkedAt, attempts } = state;
  return { kind: 'parked', parkedAt, attempts, recallAt: addMs(context.now, facts.recall.timerMs) };
}

export function whileReturning(state: Returning, input: ParkInput, scene: Scene): Move | null {
  switch (input.kind) {
    case 'recall-ready':
      if (input.attempt !== state.attempts) return stay;
      return {
        state: { kind: 'returned', at: scene.context.now },
        effects: [{ kind: 'connect-recall', leg: state.leg }, journal({ kind: 'returned' })],
      };
    case 'recall-ended':
      return input.attempt === state.attempts ? recallEnded(state, input, scene) : stay;
    case 'recall-answered':
      if (input.leg === state.leg) return stay;
      return { state, effects: [{ kind: 'drop-recall-answer', leg: input.leg }] };
    default:
      return stay;
  }
}
