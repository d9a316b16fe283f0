import { randomBytes } from 'node:crypto';
import type { Clock } from '../domain/clock.ts';
import type { Forwarding } from '../domain/call-forwarding.ts';
import type { UserId } from '../domain/ids.ts';
import type { MediaEngine } from '../media/engine.ts';
import type { Endpoint } from '../sip/transaction/endpoint.ts';
import { systemSipClock, systemSipRandom } from '../sip/transport/system-ports.ts';
import { createCallControl } from './calls/call-control.ts';
import type { CallRandom, CallTimes } from './calls/call-kit.ts';
import type { CallMetrics } from './calls/call-metrics.ts';
import type { LoggerFor } from './log.ts';
import type { Admission } from './ports/admission.ts';
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
  readonly admission: Admission;
  readonly doNotDisturb: (userId: UserId) => boolean;
  readonly forwardingOf: (userId: UserId) => Forwarding;
  readonly loggers: LoggerFor;
  /** Overrides of `defaultCallTimes`. */
  readonly times?: Partial<CallTimes> | undefined;
}

const systemCallRandom: CallRandom = {
  bytes: (count) => randomBytes(count),
  token: (bits) => systemSipRandom.token(bits),
  fraction: () => systemSipRandom.integer(2 ** 32) / 2 ** 32,
};

/** Call control over the ports of this server. */
export function wireCallControl({ times = {}, ...parts }: CallControlParts): CallControl {
  return createCallControl({
    ...parts,
    times,
    sipClock: systemSipClock,
    random: systemCallRandom,
    log: parts.loggers('calls'),
  });
}
