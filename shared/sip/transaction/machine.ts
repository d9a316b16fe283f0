/**
 * How the four state machines are written: each state is one function from an input to the next state and the actions to perform,
 * in order. An input that means nothing in a state returns the same state and no action, on purpose: late timers, late
 * retransmissions and answers to what is long over are part of normal life.
 */
export interface Step<State, Action> {
  readonly state: State;
  readonly actions: readonly Action[];
}

/** Nothing happens: this input means nothing here. */
export function ignore<State>(state: State): Step<State, never> {
  return { state, actions: [] };
}

/** An exhaustive switch's last line. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
