/** One line of the server's journal, as the history needs it. */
export interface ParkStep {
  readonly parkId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly kind: string;
}

/** The life of one parked call: its steps, the first one first. */
export interface ParkLife<Step extends ParkStep> {
  readonly parkId: string;
  readonly steps: readonly Step[];
  /** What happened last: how it ended, or where it stands. */
  readonly last: Step;
}

/**
 * Journal lines told as lives, the one in which something happened last first.
 * @param steps newest first, as the journal gives them: of two in the same millisecond the later one comes first
 */
export function livesOf<Step extends ParkStep>(steps: readonly Step[]): readonly ParkLife<Step>[] {
  const byCall = new Map<string, Step[]>();
  for (const step of steps) {
    const lines = byCall.get(step.parkId);
    if (lines === undefined) byCall.set(step.parkId, [step]);
    else lines.push(step);
  }
  return [...byCall]
    .flatMap(([parkId, lines]) => {
      const inOrder = inTime(lines);
      const last = inOrder.at(-1);
      return last === undefined ? [] : [{ parkId, steps: inOrder, last }];
    })
    .sort((a, b) => b.last.at - a.last.at);
}

function inTime<Step extends ParkStep>(newestFirst: readonly Step[]): readonly Step[] {
  return [...newestFirst].reverse().sort((a, b) => a.at - b.at);
}
