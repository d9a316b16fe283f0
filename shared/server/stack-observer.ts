import type { StackObserver } from '../sip/transaction/ports.ts';
import type { LoggerFor } from './log.ts';
import type { Metrics } from './metrics.ts';

/** What the SIP stack tells about itself, as counters and log lines. */
export function stackObserver(metrics: Metrics, loggers: LoggerFor): StackObserver {
  const log = loggers('sip');
  return {
    dropped: (why, { flowId }) => {
      metrics.dropped(why);
      log.debug({ why, flow: flowId }, 'message dropped');
    },
    callbackFailed: (error) => log.error({ err: error }, 'a handler failed'),
    transactions: (live) => metrics.transactions(live),
  };
}
