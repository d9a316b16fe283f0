import { z } from 'zod';
import type { Result } from '../domain/result.ts';
import { problemsOf, type ConfigProblem } from './config-problem.ts';
import { isLoopback } from './listen-address.ts';
import { tenantSettingsSchema } from './tenant-settings.ts';

const port = z.int().min(0, 'A port is 0 to 65535').max(65_535, 'A port is 0 to 65535');
const address = z.string().min(1, 'An address is needed').max(253);

const listener = z
  .strictObject({
    transport: z.enum(['udp', 'tcp', 'tls', 'ws', 'wss']),
    address,
    /** 0 takes a free port. */
    port,
    /** Path of the WebSocket; for ws and wss alone. */
    path: z.string().startsWith('/').max(200).optional(),
  })
  .readonly();

const http = z.strictObject({ address, port }).readonly();

const media = z
  .strictObject({
    /** Address the media sockets are bound to. */
    bind: address.default('127.0.0.1'),
    /** Address told to phones, where it differs (NAT 1:1); default: `bind`. */
    advertise: address.optional(),
    /** UDP port shared by all WebRTC legs; 0 takes a free one. */
    webrtcPort: port.default(0),
    /** First and last UDP port of plain RTP legs, two per leg; both 0: the system chooses. */
    rtpPorts: z
      .strictObject({ first: port, last: port })
      .refine((range) => range.first <= range.last, 'The first port is after the last')
      .readonly()
      .default({ first: 0, last: 0 }),
    /** WAV file of the music on hold, at most 48 kHz; default: the music that comes with the server. */
    musicFile: z.string().min(1).optional(),
  })
  .readonly();

/** The whole configuration of one server process, as `parkline serve` and `createParkServer` take it. */
export const serverConfigSchema = z
  .strictObject({
    /** Directory of the database, the keys and the control token; created with mode 0700. */
    dataDir: z.string().min(1, 'A data directory is needed'),
    listen: z.array(listener).min(1, 'At least one listener is needed').max(32).readonly(),
    http: http.optional(),
    media: media.prefault({}),
    /** Name of the tenant that is made in an empty database; default `default`. */
    tenant: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'Lower-case letters, digits and dashes, 1 to 63')
      .default('default'),
    /** Settings of that tenant; an existing one keeps its own. */
    tenantSettings: tenantSettingsSchema.prefault({}),
    /** Domains phones reach that tenant by; empty: any host, while it is the only tenant. */
    domains: z.array(z.string().min(1).max(253)).max(50).readonly().default([]),
    /** Takes every From at its word. For experiments: refused unless all listeners are on loopback. */
    insecureNoAuth: z.boolean().default(false),
    /** How long a graceful stop waits for calls to end, in ms; 0–3 600 000, default 30 000. */
    graceMs: z.int().min(0).max(3_600_000).default(30_000),
    logLevel: z.enum(['silent', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  })
  .superRefine((config, context) => {
    if (!config.insecureNoAuth) return;
    const refuse = (path: (string | number)[], address: string) => {
      if (isLoopback(address)) return;
      const message = `Without authentication the server listens on loopback only, not on ${address}`;
      context.addIssue({ code: 'custom', path: [...path, 'address'], message });
    };
    config.listen.forEach((entry, index) => refuse(['listen', index], entry.address));
    // SIP over WebSocket is spoken on the HTTP port too.
    if (config.http !== undefined) refuse(['http'], config.http.address);
  })
  .readonly();

export type ServerConfig = z.output<typeof serverConfigSchema>;

/** The configuration as it is written: what has a default may be left out. */
export type ServerConfigInput = z.input<typeof serverConfigSchema>;

/** Reads a configuration from outside the program, filling in defaults; names every key that is wrong. */
export function parseServerConfig(input: unknown): Result<ServerConfig, readonly ConfigProblem[]> {
  const parsed = serverConfigSchema.safeParse(input);
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, error: problemsOf(parsed.error) };
}
