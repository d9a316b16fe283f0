import { setTimeout as pause } from 'node:timers/promises';

/** Waits until `condition` holds, looking every 10 ms; fails after `withinMs`. */
export async function eventually(condition: () => boolean, withinMs = 5000): Promise<void> {
  const until = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > until) throw new Error(`not within ${withinMs} ms: ${condition}`);
    await pause(10);
  }
}
