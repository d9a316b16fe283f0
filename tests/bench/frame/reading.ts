import { z } from 'zod';
import { median } from './statistics.ts';

const budgetSchema = z.object({
  kind: z.enum(['at-most', 'at-least']),
  value: z.number(),
});

/** One row of the table; goes from a part's process to the command as JSON. */
export const readingSchema = z.object({
  /** What was measured, as the table says it. */
  name: z.string(),
  /** The value that counts: the median of the rounds unless the name says otherwise. */
  value: z.number(),
  /** `ms`, `kB`, `MB`, `×`, `/CPU-s` … */
  unit: z.string(),
  /** `null`: only told, for comparison. */
  budget: budgetSchema.nullable(),
  /** Value of every round, in order; one when there was one. */
  rounds: z.array(z.number()),
  /** What a reader must know to take the value for what it is. */
  note: z.string().optional(),
});

/** What a value must not exceed, or must reach. */
export type Budget = z.infer<typeof budgetSchema>;
export type Reading = z.infer<typeof readingSchema>;

export const atMost = (value: number): Budget => ({ kind: 'at-most', value });
export const atLeast = (value: number): Budget => ({ kind: 'at-least', value });

/** The median of rounds. @param most what it must not exceed; without it, it is only told */
export function medianReading(
  name: string,
  rounds: readonly number[],
  { unit, most }: { readonly unit: string; readonly most?: number },
): Reading {
  const budget = most === undefined ? null : atMost(most);
  return { name, value: median(rounds), unit, budget, rounds: [...rounds] };
}

export type Verdict = 'within' | 'over' | 'told';

export function verdictOf({ value, budget }: Pick<Reading, 'value' | 'budget'>): Verdict {
  if (budget === null) return 'told';
  const kept = budget.kind === 'at-most' ? value <= budget.value : value >= budget.value;
  return kept ? 'within' : 'over';
}
