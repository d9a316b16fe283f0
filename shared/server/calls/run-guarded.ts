import type { Logger } from '../log.ts';

/** Runs something asynchronous that nobody waits for; a bug in it is logged and does not end the process. */
export function runGuarded(log: Logger, what: string, run: () => Promise<unknown>): void {
  run().catch((error: unknown) => log.error({ what, error }, 'failed unexpectedly'));
}
