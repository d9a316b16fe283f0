/** Whose value of a field is kept. */
export type Side = 'mine' | 'theirs';

/** One field in which my version and the one that was saved meanwhile differ. */
export interface Difference<Draft> {
  readonly key: keyof Draft & string;
  /** The side that alone changed it; `null` when both did, and only a person can say. */
  readonly proposal: Side | null;
}

/** Plain data is the same when it is written the same. */
export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Compares two versions that both started from `base`, field by field.
 * @param fields the fields of the form, in its order
 */
export function differences<Draft extends object>(
  versions: { readonly base: Draft; readonly mine: Draft; readonly theirs: Draft },
  fields: readonly (keyof Draft & string)[],
): readonly Difference<Draft>[] {
  const { base, mine, theirs } = versions;
  return fields
    .filter((key) => !isSame(mine[key], theirs[key]))
    .map((key) => {
      if (isSame(base[key], mine[key])) return { key, proposal: 'theirs' };
      return { key, proposal: isSame(base[key], theirs[key]) ? 'mine' : null };
    });
}

/** Their version with those fields of mine that were chosen. */
export function merged<Draft extends object>(
  mine: Draft,
  theirs: Draft,
  choices: ReadonlyMap<keyof Draft & string, Side>,
): Draft {
  const result = { ...theirs };
  for (const [key, side] of choices) if (side === 'mine') result[key] = mine[key];
  return result;
}
