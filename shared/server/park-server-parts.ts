import type { ServerConfig } from '../config/server-config.ts';
import type { Clock } from '../domain/clock.ts';
import type { MediaEngine } from '../media/engine.ts';
import type { BaseTimers } from '../sip/transaction/timers.ts';
import type { WatchedCertificate } from '../sip/transport/certificate.ts';
import type { ConnectionLimits } from '../sip/transport/connection-limits.ts';
import type { CallTimes } from './calls/call-kit.ts';
import type { Foundation } from './foundation.ts';
import type { StartDemoCall } from './http/phone-api.ts';
import type { LoggerFor } from './log.ts';

/** Times that the protocols give and nobody configures. Shorter ones are for tests that wait until everything is over. */
export interface ServerTimes {
  /** Default RFC 3261's. */
  readonly sip?: BaseTimers;
  /** Overrides of `defaultCallTimes`. */
  readonly calls?: Partial<CallTimes>;
  /** Overrides of `defaultConnectionLimits`. */
  readonly connections?: Partial<ConnectionLimits>;
  /** How often WebSockets are pinged, in ms; default 25,000. */
  readonly pingEveryMs?: number;
  /** How often a device of RFC 5626 must be heard on TCP and TLS, in ms; default 120,000. */
  readonly flowTimerMs?: number;
}

/** What one server is made of. */
export interface ParkServerParts {
  readonly config: ServerConfig;
  readonly foundation: Foundation;
  readonly media: MediaEngine;
  readonly clock: Clock;
  readonly loggers: LoggerFor;
  /** There when a listener needs it. Closed with the server. */
  readonly certificates?: WatchedCertificate | undefined;
  readonly browserAppRoot?: string | undefined;
  /** Given in the demo only. */
  readonly startDemoCall?: StartDemoCall | undefined;
  readonly times?: ServerTimes | undefined;
}
