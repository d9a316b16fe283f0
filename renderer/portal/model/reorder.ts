/** A list with one entry moved by some places; at the ends it stays. */
export function moved<T>(list: readonly T[], index: number, by: number): readonly T[] {
  const entry = list[index];
  const to = index + by;
  if (entry === undefined || to < 0 || to >= list.length) return list;
  const rest = list.filter((_, at) => at !== index);
  return [...rest.slice(0, to), entry, ...rest.slice(to)];
}

interface Drop {
  /** What is dragged. */
  readonly keys: ReadonlySet<string>;
  /** Beside which it is dropped. */
  readonly target: string;
  readonly position: 'before' | 'after';
}

/** A list with the dragged entries beside the one they were dropped at, in their own order. */
export function dropped<T>(
  list: readonly T[],
  keyOf: (entry: T) => string,
  { keys, target, position }: Drop,
): readonly T[] {
  if (keys.has(target)) return list;
  const taken = list.filter((entry) => keys.has(keyOf(entry)));
  const rest = list.filter((entry) => !keys.has(keyOf(entry)));
  const beside = rest.findIndex((entry) => keyOf(entry) === target);
  if (beside < 0) return list;
  const at = position === 'before' ? beside : beside + 1;
  return [...rest.slice(0, at), ...taken, ...rest.slice(at)];
}
