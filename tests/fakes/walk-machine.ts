import type { Step } from '../../shared/sip/transaction/machine.ts';

type Kinded = { readonly kind: string };

export interface Walk<State, Input> {
  readonly states: Readonly<Record<string, State>>;
  readonly inputs: Readonly<Record<string, Input>>;
  /** What a step does, by `state × input`; a pair that is not listed must change nothing and do nothing. */
  readonly expected: Readonly<Record<string, string>>;
}

/** Feeds every input to every state. The result maps each pair that did something else than expected to what it did. */
export function walkMachine<State extends Kinded, Input, Action extends Kinded>(
  step: (state: State, input: Input) => Step<State, Action>,
  walk: Walk<State, Input>,
): Record<string, string> {
  const surprises: Record<string, string> = {};
  const unused = new Set(Object.keys(walk.expected));
  for (const [stateName, state] of Object.entries(walk.states)) {
    for (const [inputName, input] of Object.entries(walk.inputs)) {
      const pair = `${stateName} × ${inputName}`;
      unused.delete(pair);
      const result = step(state, input);
      const nothing = result.state === state && result.actions.length === 0;
      const did = nothing ? 'nothing' : describeStep(result);
      if (did !== (walk.expected[pair] ?? 'nothing')) surprises[pair] = did;
    }
  }
  for (const pair of unused) surprises[pair] = 'is no pair of this machine';
  return surprises;
}

function describeStep(step: Step<Kinded, Kinded>): string {
  const actions = step.actions.map(describeAction).join(', ');
  return actions === '' ? step.state.kind : `${step.state.kind}: ${actions}`;
}

function describeAction(action: Kinded): string {
  const { kind, ...rest } = action;
  const details = Object.values(rest).filter(
    (value) => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean',
  );
  const nested = Object.values(rest).flatMap((value: unknown) =>
    typeof value === 'object' && value !== null && 'kind' in value && !('headers' in value)
      ? [String(value.kind)]
      : [],
  );
  return [kind, ...details, ...nested].join(' ');
}
