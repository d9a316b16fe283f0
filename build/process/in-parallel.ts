/** Runs the jobs with at most `width` at a time, and gives their results in the jobs' order. */
export async function inParallel<T>(
  jobs: readonly (() => Promise<T>)[],
  width: number,
): Promise<readonly T[]> {
  const results = new Map<number, T>();
  const waiting = jobs.entries();
  const lane = async (): Promise<void> => {
    for (const [index, job] of waiting) results.set(index, await job());
  };
  await Promise.all(Array.from({ length: width }, lane));
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
}
