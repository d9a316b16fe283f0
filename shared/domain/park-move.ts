import type { CallOffReason, ParkEffect, ParkJournalEntry } from './park-effect.ts';
import type { StepContext } from './park-input.ts';
import type { ParkFacts, ParkState, Recalling, Returning } from './park-state.ts';

/** Where an input takes a call, and what has to be done for it. */
export interface Move {
  readonly state: ParkState;
  readonly effects: readonly ParkEffect[];
}

/** Nothing happens, on purpose: the input does not concern this state. */
export const stay = null;

/** What one state's function may look at besides state and input. */
export interface Scene {
  readonly facts: ParkFacts;
  readonly version: number;
  readonly context: StepContext;
}

export function cancelRecall(
  { attempts }: Recalling | Returning,
  reason: CallOffReason,
): ParkEffect {
  return { kind: 'cancel-recall', attempt: attempts, reason };
}

export function journal(entry: ParkJournalEntry): ParkEffect {
  return { kind: 'journal', entry };
}
