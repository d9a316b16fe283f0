import type { Clock } from '../domain/clock.ts';
import type { MediaEngine } from '../media/engine.ts';
import type { Endpoint } from '../sip/transaction/endpoint.ts';
import type { CallMetrics } from './calls/call-metrics.ts';
import type { LoggerFor } from './log.ts';
import type { Authenticator } from './ports/authenticator.ts';
import type { CallControl } from './ports/call-control.ts';
import type { UserDirectory } from './ports/directory.ts';
import type { Journal } from './ports/journal.ts';
import type { ParkedCallStore } from './ports/parked-call-store.ts';
import type { Registrar } from './ports/registrar.ts';

export interface CallControlParts {
  readonly endpoint: Endpoint;
  readonly media: MediaEngine;
  readonly directory: UserDirectory;
  readonly registrar: Registrar;
  readonly authenticator: Authenticator;
  readonly journal: Journal;
  readonly parkedCalls: ParkedCallStore;
  readonly clock: Clock;
  readonly metrics: CallMetrics;
  readonly loggers: LoggerFor;
}

/** Call control over the ports of this server. */
export function wireCallControl(parts: CallControlParts): CallControl {
  const { authenticator } = parts;
  return {
    handleRequest(tx) {
      if (authenticator.authenticate(tx).kind === 'ok')
        tx.reply(503, { headers: [['Retry-After', '5']] });
    },
    parkedCalls: () => [],
    activeCalls: 0,
    close: () => Promise.resolve(),
  };
}
