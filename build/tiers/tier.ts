/** A test that failed, or what failed where no test did. */
export interface Failure {
  readonly name: string;
  /** What the runner said of it; empty when the output above says it. */
  readonly reason: string;
}

/** How many tests a runner really ran, and which it left out. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Full names, for the list that is printed at the end. */
  readonly skippedNames: readonly string[];
  /** For the same list, so that the end of a long output tells what to look for. */
  readonly failures: readonly Failure[];
  /** Of those that passed: which did so on a second try only, and how the first one failed. Each is a defect that somebody must find. */
  readonly wavering: readonly Failure[];
}

export const noTests: Counts = {
  passed: 0,
  failed: 0,
  skipped: 0,
  skippedNames: [],
  failures: [],
  wavering: [],
};

export interface TierResult {
  readonly name: string;
  readonly durationMs: number;
  readonly budgetMs: number;
  readonly counts: Counts;
}

export interface Tier {
  readonly name: string;
  /** Over it is red, and a failure under CI=true. Milliseconds. */
  readonly budgetMs: number;
  /** Why the tier cannot run on this machine; `null` when it can. */
  unavailable(): string | null;
  run(): Promise<Counts>;
}

export function addCounts(all: readonly Counts[]): Counts {
  return {
    passed: all.reduce((sum, counts) => sum + counts.passed, 0),
    failed: all.reduce((sum, counts) => sum + counts.failed, 0),
    skipped: all.reduce((sum, counts) => sum + counts.skipped, 0),
    skippedNames: all.flatMap((counts) => counts.skippedNames),
    failures: all.flatMap((counts) => counts.failures),
    wavering: all.flatMap((counts) => counts.wavering),
  };
}

/** A static check, or a runner, that failed where no test did. */
export const oneFailure = (name: string, reason = ''): Counts => ({
  ...noTests,
  failed: 1,
  failures: [{ name, reason }],
});
export const oneSkip = (name: string): Counts => ({ ...noTests, skipped: 1, skippedNames: [name] });
