import type { ConfigProblem } from '../config/config-problem.ts';
import { mediaAddressesOf } from '../config/media-config.ts';
import {
  parseServerConfig,
  type ServerConfig,
  type ServerConfigInput,
} from '../config/server-config.ts';
import type { Clock } from '../domain/clock.ts';
import { err, ok, type Result } from '../domain/result.ts';
import type { MediaEngine } from '../media/engine.ts';
import { demoCalls } from './demo/demo-calls.ts';
import { Foundation } from './foundation.ts';
import { createLoggers, type LoggerFor } from './log.ts';
import { openCertificates } from './open-certificates.ts';
import { openMedia } from './open-media.ts';
import { ParkServer } from './park-server.ts';
import type { ServerTimes } from './park-server-parts.ts';
import { FIRST_TENANT } from './provisioning/provisioning.ts';
import { ensureDemo, writeDemoFile, type DemoCredentials } from './provisioning/demo-tenant.ts';
import { StartRefused, type StartRefusal } from './start-refusal.ts';
import { loggedTrouble } from './store/store-trouble.ts';
import { SystemClock } from './system-clock.ts';

export interface ParkServerOptions {
  /** Where log lines go; default: JSON lines on stdout at the configured level. */
  readonly loggers?: LoggerFor;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Default: the embedded engine, as configured. It is closed with the server. */
  readonly media?: MediaEngine;
  /** Directory of the built browser app; default: `dist/renderer` beside the program. */
  readonly browserAppRoot?: string;
  readonly times?: ServerTimes;
  /** Makes the demo's users on first use and tells how to sign in, in `demo.json` of the data directory. */
  readonly demo?: boolean;
}

/**
 * Starts a server: database, SIP, media, HTTP. It is ready when the promise resolves.
 * @throws StartRefused with a closed reason, and a message for the person who configured it; nothing stays open then
 */
export async function createParkServer(
  input: ServerConfigInput,
  options: ParkServerOptions = {},
): Promise<ParkServer> {
  const config = parseServerConfig(input);
  if (!config.ok) throw new StartRefused(configurationRefusal(config.error));
  const server = await startServer(config.value, options);
  if (!server.ok) throw new StartRefused(server.error);
  return server.value;
}

function configurationRefusal(problems: readonly ConfigProblem[]): StartRefusal {
  return { kind: 'configuration', problems };
}

async function startServer(
  config: ServerConfig,
  options: ParkServerOptions,
): Promise<Result<ParkServer, StartRefusal>> {
  const clock = options.clock ?? new SystemClock();
  const loggers = options.loggers ?? createLoggers(config.logLevel);
  const addresses = ownAddresses(config);
  const opened = Foundation.open({
    dataDir: config.dataDir,
    clock,
    role: 'server',
    trouble: loggedTrouble(loggers('store')),
    ownAddresses: () => addresses,
  });
  if (!opened.ok) return err({ kind: 'store', refusal: opened.error });
  const foundation = opened.value;
  const demo = seed(foundation, config, options.demo === true);
  if (!demo.ok) return abandon(foundation, demo);
  const media = options.media
    ? ok(options.media)
    : await openMedia(config, foundation.data.soundCache);
  if (!media.ok) return abandon(foundation, media);
  const certificates = openCertificates(config, loggers('tls'));
  if (!certificates.ok) {
    await media.value.close();
    return abandon(foundation, certificates);
  }
  const server: ParkServer = new ParkServer({
    config,
    certificates: certificates.value,
    foundation,
    media: media.value,
    clock,
    loggers,
    browserAppRoot: options.browserAppRoot,
    times: options.times,
    startDemoCall:
      demo.value &&
      demoCalls({
        trunk: demo.value.trunk,
        media: media.value,
        clock,
        server: () => server.listeners.find(({ transport }) => transport === 'udp'),
        log: loggers('demo'),
      }),
  });
  const started = await server.start(() => {
    if (demo.value !== undefined)
      writeDemoFile(foundation.data, demo.value, server.httpUrl?.replace(/^https?:\/\//, ''));
  });
  return started.ok ? ok(server) : started;
}

/** Makes the first tenant and, in the demo, its users. */
function seed(
  { provisioning, data }: Foundation,
  config: ServerConfig,
  withDemo: boolean,
): Result<DemoCredentials | undefined, StartRefusal> {
  const first = provisioning.ensureFirstTenant({
    name: config.tenant ?? FIRST_TENANT,
    domains: config.domains,
    settings: config.tenantSettings,
  });
  // Several tenants need no name here: a server serves them all. The demo is one tenant's.
  if (config.tenant === undefined && !withDemo && !first.ok && first.error.kind === 'which-tenant')
    return ok(undefined);
  const tenant = config.tenant === undefined ? first : provisioning.tenant(config.tenant);
  if (!tenant.ok) return err({ kind: 'provisioning', refusal: tenant.error });
  if (!withDemo) return ok(undefined);
  const demo = ensureDemo({ provisioning, data, tenant: tenant.value });
  return demo.ok ? demo : err({ kind: 'provisioning', refusal: demo.error });
}

function abandon<Refused>(foundation: Foundation, refused: Refused): Refused {
  foundation.dispose();
  return refused;
}

/** Addresses and names that mean this server whatever the tenant (WIRE.md §10a). */
function ownAddresses(config: ServerConfig): readonly string[] {
  const pairs = mediaAddressesOf(config);
  const host = config.publicUrl === undefined ? undefined : URL.parse(config.publicUrl)?.hostname;
  const names = [
    ...config.listen.map(({ address }) => address),
    ...pairs.flatMap(({ bind, advertise }) => [bind, advertise]),
    host?.replace(/^\[|\]$/g, ''),
  ];
  return names.flatMap((name) => (name === undefined ? [] : name.toLowerCase()));
}
