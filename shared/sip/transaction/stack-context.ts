import type { Flow } from './flow.ts';
import type { SipClock, SipRandom, StackObserver } from './ports.ts';
import type { BaseTimers } from './timers.ts';

/** What every transaction of one endpoint shares. */
export interface StackContext {
  readonly clock: SipClock;
  readonly random: SipRandom;
  readonly timers: BaseTimers;
  /** Value of Server and User-Agent; undefined: neither is sent. */
  readonly product: string | undefined;
  readonly successorOf: (closed: Flow) => Flow | undefined;
  /** A connection to the peer behind a datagram flow, for requests that are too large for it. */
  readonly streamFor: (datagram: Flow) => Flow | undefined;
  readonly observer: StackObserver;
}

/** Runs a callback of the layer above; what it throws is reported and goes no further. True when it returned. */
export function guarded(context: StackContext, run: () => void): boolean {
  try {
    run();
    return true;
  } catch (error) {
    context.observer.callbackFailed?.(error);
    return false;
  }
}
