import { z } from 'zod';
import type { Result } from '../domain/result.ts';
import { problemsOf, type ConfigProblem } from './config-problem.ts';
import { iceServersSchema } from './ice-servers.ts';
import { defenceSchema, limitsSchema } from './limits-config.ts';
import { isLoopback } from './listen-address.ts';
import { address, mediaConfigSchema, port } from './media-config.ts';
import { tenantSettingsSchema } from './tenant-settings.ts';

const listener = z
  .strictObject({
    /** SIP by datagrams, streams or WebSockets, the latter two also encrypted. */
    transport: z.enum(['udp', 'tcp', 'tls', 'ws', 'wss']),
    /** IP address or host name of this machine; `0.0.0.0` and `::` are all of them. */
    address,
    /** 0–65535; 0 takes a free port. */
    port,
    /** Path of the WebSocket, for ws and wss alone; default: any. */
    path: z.string().startsWith('/').max(200).optional(),
  })
  .readonly();

const http = z
  .strictObject({
    address,
    port,
    /** HTTPS and WSS, with the certificate of `tls`; default no. */
    secure: z.boolean().default(false),
  })
  .readonly();

const tls = z
  .strictObject({
    /** PEM file: the server's certificate first, then the intermediate ones. Read again when it changes. */
    certFile: z.string().min(1),
    /** PEM file of its key, without a passphrase. */
    keyFile: z.string().min(1),
  })
  .readonly();

/** `https://phones.example.org`, without a path: phones and browsers find everything from its root. */
const publicUrl = z
  .string()
  .max(300)
  .regex(
    /^https?:\/\/(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?\/?$/,
    'It is written https://HOST[:PORT], without a path: phones find everything from its root',
  )
  .transform((text) => text.toLowerCase().replace(/\/$/, ''));

const tenantName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'Lower-case letters, digits and dashes, 1 to 63');

/** The whole configuration of one server process, as `parkline serve` and `createParkServer` take it. */
export const serverConfigSchema = z
  .strictObject({
    /** Directory of the database, the keys and the control token; created with mode 0700. */
    dataDir: z.string().min(1, 'A data directory is needed'),
    /** Where SIP is taken; 1–32 listeners. */
    listen: z.array(listener).min(1, 'At least one listener is needed').max(32).readonly(),
    /** Browser app, phones' own HTTP, health and metrics; default: not served. */
    http: http.optional(),
    /**
     * How phones reach that HTTP listener through a proxy, as scheme, host and port. It goes into discovery,
     * `X-Parkline-Api` and the WebSocket's URL (`wss://…/sip`). Default: what the phone itself used.
     */
    publicUrl: publicUrl.optional(),
    /** The certificate of `tls` and `wss` listeners and of a secure `http`. */
    tls: tls.optional(),
    /** Folder with installers and the update feed, served at /downloads/; default: `downloads` in the data directory. */
    downloadsDir: z.string().min(1).optional(),
    media: mediaConfigSchema.prefault({}),
    iceServers: iceServersSchema,
    /** Name of the tenant that is made in an empty database, and of the demo's; default `default`. */
    tenant: tenantName.optional(),
    /** Settings of that tenant; an existing one keeps its own. */
    tenantSettings: tenantSettingsSchema.prefault({}),
    /** Domains phones reach that tenant by; at most 50, default none: any host, while it is the only tenant. */
    domains: z.array(z.string().min(1).max(253)).max(50).readonly().default([]),
    limits: limitsSchema.prefault({}),
    defence: defenceSchema.prefault({}),
    /** Takes every From at its word; default no. For experiments: refused unless all listeners are on loopback. */
    insecureNoAuth: z.boolean().default(false),
    /** How long a graceful stop waits for calls to end, in ms; 0–3 600 000, default 30 000. */
    graceMs: z.int().min(0).max(3_600_000).default(30_000),
    /** Least level that is logged; default `info`. */
    logLevel: z.enum(['silent', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  })
  .superRefine((config, context) => {
    if (config.tls !== undefined) return;
    const needs = (path: (string | number)[], what: string) => {
      const message = `${what} needs a certificate: give --cert FILE and --key FILE, or tls.certFile and tls.keyFile`;
      context.addIssue({ code: 'custom', path, message });
    };
    config.listen.forEach(({ transport }, index) => {
      if (transport === 'tls' || transport === 'wss') needs(['listen', index], transport);
    });
    if (config.http?.secure === true) needs(['http', 'secure'], 'https');
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
