import type { HostPort } from '../../config/listen-address.ts';
import type { Clock } from '../../domain/clock.ts';
import type { MediaEngine } from '../../media/engine.ts';
import type { StartDemoCall } from '../http/phone-api.ts';
import type { Logger } from '../log.ts';
import type { DemoTrunk } from '../provisioning/demo-tenant.ts';
import { DEMO_CLIENT, runDemoCall } from './run-demo-call.ts';

const RING_MS = 60_000;
/** A forgotten demo call ends by itself. */
const LONGEST_MS = 30 * 60_000;

export interface DemoCallsOptions {
  readonly trunk: DemoTrunk;
  readonly media: MediaEngine;
  readonly clock: Clock;
  /** The server's own UDP listener; undefined while there is none. */
  readonly server: () => HostPort | undefined;
  readonly log: Logger;
}

/** The demo's button: rings an extension from inside the server, at most one call each at a time. */
export function demoCalls(options: DemoCallsOptions): StartDemoCall {
  const ringing = new Set<string>();
  return ({ extension }) => {
    const server = options.server();
    if (server === undefined) return 'unavailable';
    if (ringing.has(extension)) return 'busy';
    ringing.add(extension);
    void ringOnce(extension, server, options).finally(() => ringing.delete(extension));
    return 'started';
  };
}

async function ringOnce(
  extension: string,
  server: HostPort,
  { trunk, media, clock, log }: DemoCallsOptions,
): Promise<void> {
  const request = {
    extension,
    server,
    trunk,
    from: DEMO_CLIENT,
    sound: { kind: 'voice' },
    hangUpAfterMs: LONGEST_MS,
    ringMs: RING_MS,
  } as const;
  const tell = () => undefined;
  try {
    const call = await runDemoCall(request, { media, clock, tell });
    if (!call.ok) log.warn({ extension, reason: call.error.reason }, 'no demo call');
    else log.info({ extension, outcome: (await call.value.ended).kind }, 'demo call ended');
  } catch (cause) {
    log.error({ err: cause, extension }, 'demo call failed');
  }
}
