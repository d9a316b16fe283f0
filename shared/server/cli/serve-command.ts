import { readFileSync } from 'node:fs';
import {
  formatListenAddress,
  parseHostPort,
  parseListenAddress,
  type AddressProblem,
} from '../../config/listen-address.ts';
import type { ServerConfigInput } from '../../config/server-config.ts';
import { assertNever } from '../../domain/assert-never.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import { createLoggers, openLog, type LogLevel } from '../log.ts';
import { createParkServer } from '../main.ts';
import type { ParkServer } from '../park-server.ts';
import { StartRefused } from '../start-refusal.ts';
import { collectWhenQuiet } from './collect-when-quiet.ts';
import {
  DEFAULT_DATA_DIR,
  refused,
  type Arguments,
  type Command,
  type CommandContext,
  type CommandOutcome,
  type Terminal,
} from './command.ts';

const LEVELS: readonly LogLevel[] = ['silent', 'error', 'warn', 'info', 'debug', 'trace'];

/** Where a server listens that was told nothing: this machine alone. */
const DEFAULT_LISTEN = ['udp:127.0.0.1:5060', 'ws:127.0.0.1:8188'];
const DEFAULT_HTTP = '127.0.0.1:8080';

/** `parkline serve` */
export const serveCommand: Command = {
  name: 'serve',
  synopsis: '[--data DIR] [--listen TRANSPORT:IP:PORT]… [--http IP:PORT] [--config FILE]',
  summary: 'run the server in the foreground',
  help: [
    '--data DIR            directory of the database (default parkline-data); made when absent',
    `--listen T:IP:PORT    where to take SIP; T is udp, tcp, tls, ws or wss; repeats (default ${DEFAULT_LISTEN.join(', ')})`,
    `--http IP:PORT        browser app, /healthz, /metrics, the phones’ own HTTP (default ${DEFAULT_HTTP})`,
    '--https IP:PORT       the same by https, in place of --http',
    '--cert FILE           PEM certificate and chain for tls, wss and https; read again when it changes',
    '--key FILE            PEM key of that certificate',
    '--media bind=IP[,advertise=IP]  an address of audio, and what phones are told behind a 1:1 NAT;',
    '                      repeats, best first (default: the addresses of --listen)',
    '--public-url URL      how phones reach --http through a proxy, like https://phones.example.org',
    '--tenant NAME         the tenant that is made in an empty database (default default)',
    '--domain NAME         a domain of that tenant; repeats',
    '--config FILE         JSON with the same and more; options given here win',
    '--demo                make the demo’s extensions 101, 102, 103 and write DIR/demo.json',
    '--grace SECONDS       how long calls may go on after a request to stop (default 30)',
    '--log-level LEVEL     silent, error, warn, info, debug or trace (default info); log lines go to stderr',
    '--insecure-no-auth    believe every From; on loopback only',
  ],
  options: {
    data: { type: 'string' },
    listen: { type: 'string', multiple: true },
    http: { type: 'string' },
    https: { type: 'string' },
    cert: { type: 'string' },
    key: { type: 'string' },
    media: { type: 'string', multiple: true },
    'public-url': { type: 'string' },
    tenant: { type: 'string' },
    domain: { type: 'string', multiple: true },
    config: { type: 'string' },
    demo: { type: 'boolean' },
    grace: { type: 'string' },
    'log-level': { type: 'string' },
    'insecure-no-auth': { type: 'boolean' },
  },
  words: { min: 0, max: 0 },
  async run(context) {
    const config = readConfig(context.args);
    if (!config.ok) return config.error;
    return serve(context, config.value);
  },
};

async function serve(context: CommandContext, config: ServerConfigInput): Promise<CommandOutcome> {
  const { terminal, args, json } = context;
  const stops = new StopRequests(terminal);
  const loggers = createLoggers(config.logLevel ?? 'info', openLog(2));
  let server: ParkServer;
  try {
    server = await createParkServer(config, { loggers, demo: args.flag('demo') });
  } catch (cause) {
    if (cause instanceof StartRefused) return refused(cause.refusal.kind, cause.message);
    throw cause;
  }
  const ready = { listen: server.listeners.map(formatListenAddress), http: server.httpUrl ?? null };
  const { setupUrl } = server;
  terminal.out(json ? JSON.stringify({ ready, ...(setupUrl && { setupUrl }) }) : readyLine(ready));
  if (setupUrl !== undefined && !json) {
    terminal.out(`There is no admin yet. Make the first one here, once: ${setupUrl}`);
  }
  const collection = collectWhenQuiet(server);
  await stopped(stops, server);
  collection.dispose();
  return { kind: 'done', result: { stopped: true }, text: ['Parkline has stopped.'] };
}

function readyLine({ listen, http }: { listen: readonly string[]; http: string | null }): string {
  const browser = http === null ? '' : `; browser app ${http}/`;
  return `Parkline is ready: ${listen.join(', ')}${browser}`;
}

/** Requests to stop from the first moment on: whoever started the server may change their mind while it starts. */
class StopRequests {
  #asked = 0;
  #run: (asked: number) => void = () => undefined;

  constructor(terminal: Terminal) {
    terminal.onStop(() => {
      this.#asked += 1;
      this.#run(this.#asked);
    });
  }

  /** @param run told how often it was asked for, at once if it was before */
  onAsked(run: (asked: number) => void): void {
    this.#run = run;
    if (this.#asked > 0) run(this.#asked);
  }
}

/** The first request to stop lets calls end; the second ends them. */
function stopped(stops: StopRequests, server: ParkServer): Promise<void> {
  return new Promise((resolve, reject) => {
    stops.onAsked((asked) => {
      server.close(asked > 1 ? { graceMs: 0 } : {}).then(resolve, reject);
    });
  });
}

/** File first, then what was typed; the whole is checked by `createParkServer`. */
function readConfig(args: Arguments): Result<ServerConfigInput, CommandOutcome> {
  const file = readConfigFile(args.text('config'));
  if (!file.ok) return file;
  const typed = readTyped(args);
  if (!typed.ok) return err({ kind: 'usage', message: typed.error });
  const fallback = {
    dataDir: DEFAULT_DATA_DIR,
    listen: DEFAULT_LISTEN.flatMap((text) => {
      const parsed = parseListenAddress(text);
      return parsed.ok ? parsed.value : [];
    }),
    ...(args.text('config') === undefined ? { http: parseHttp(DEFAULT_HTTP) } : {}),
  };
  // Nobody has looked at the file's members yet: createParkServer's schema does, and names what is wrong.
  return ok({ ...fallback, ...file.value, ...typed.value } as ServerConfigInput);
}

function readConfigFile(path: string | undefined): Result<object, CommandOutcome> {
  if (path === undefined) return ok({});
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return err(
      refused(
        'configuration',
        `The configuration ${path} cannot be read: is it there, and may you read it?`,
      ),
    );
  }
  try {
    const content: unknown = JSON.parse(text);
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) {
      return ok(content);
    }
    return err(refused('configuration', `The configuration ${path} must be a JSON object.`));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `The configuration ${path} is no whole JSON: it was written only in part, or has a typing error (${why}).`;
    return err(refused('configuration', message));
  }
}

function readTyped(args: Arguments): Result<Partial<ServerConfigInput>, string> {
  const listen: NonNullable<ServerConfigInput['listen']>[number][] = [];
  for (const text of args.texts('listen')) {
    const parsed = parseListenAddress(text);
    if (!parsed.ok) return err(`--listen ${text}: ${addressSentence(parsed.error)}`);
    listen.push(parsed.value);
  }
  const http = readHttp(args);
  if (!http.ok) return http;
  const tls = readTls(args);
  if (!tls.ok) return tls;
  const media = readMedia(args.texts('media'));
  if (!media.ok) return media;
  const level = LEVELS.find((known) => known === args.text('log-level'));
  if (args.text('log-level') !== undefined && level === undefined) {
    return err(`--log-level is one of ${LEVELS.join(', ')}.`);
  }
  const grace = args.text('grace');
  if (grace !== undefined && !/^[0-9]{1,4}$/.test(grace))
    return err('--grace is a number of seconds, 0 to 3600.');
  const publicUrl = args.text('public-url');
  const [dataDir, tenant, domains] = [args.text('data'), args.text('tenant'), args.texts('domain')];
  return ok({
    ...(dataDir === undefined ? {} : { dataDir }),
    ...(listen.length === 0 ? {} : { listen }),
    ...(http.value === undefined ? {} : { http: http.value }),
    ...(tls.value === undefined ? {} : { tls: tls.value }),
    ...(media.value === undefined ? {} : { media: media.value }),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(tenant === undefined ? {} : { tenant }),
    ...(domains.length === 0 ? {} : { domains }),
    ...(level === undefined ? {} : { logLevel: level }),
    ...(grace === undefined ? {} : { graceMs: Number(grace) * 1000 }),
    ...(args.flag('insecure-no-auth') ? { insecureNoAuth: true } : {}),
  });
}

function readHttp(args: Arguments): Result<ServerConfigInput['http'], string> {
  const [plain, secure] = [args.text('http'), args.text('https')];
  if (plain !== undefined && secure !== undefined) {
    return err('--http and --https exclude one another: there is one such listener.');
  }
  const text = secure ?? plain;
  if (text === undefined) return ok(undefined);
  const parsed = parseHttp(text);
  if (parsed !== undefined) return ok({ ...parsed, secure: secure !== undefined });
  const option = secure === undefined ? '--http' : '--https';
  return err(`${option} ${text}: an address and a port are needed, like 127.0.0.1:8080.`);
}

function readTls(args: Arguments): Result<ServerConfigInput['tls'], string> {
  const [certFile, keyFile] = [args.text('cert'), args.text('key')];
  if (certFile === undefined && keyFile === undefined) return ok(undefined);
  if (certFile === undefined) return err('--key needs --cert FILE beside it.');
  if (keyFile === undefined) return err('--cert needs --key FILE beside it.');
  return ok({ certFile, keyFile });
}

function parseHttp(text: string) {
  const parsed = parseHostPort(text);
  return parsed.ok ? parsed.value : undefined;
}

function readMedia(texts: readonly string[]): Result<ServerConfigInput['media'], string> {
  const addresses: { bind: string; advertise?: string }[] = [];
  for (const text of texts) {
    const parts = new Map<string, string>();
    for (const part of text.split(',')) {
      const [, key, value] = /^(bind|advertise)=([^=]+)$/.exec(part) ?? [];
      if (key === undefined || value === undefined || parts.has(key)) return badMedia(text);
      parts.set(key, value);
    }
    const [bind, advertise] = [parts.get('bind'), parts.get('advertise')];
    if (bind === undefined) return badMedia(text);
    addresses.push(advertise === undefined ? { bind } : { bind, advertise });
  }
  return ok(addresses.length === 0 ? undefined : { addresses });
}

function badMedia(text: string): Result<never, string> {
  return err(`--media ${text}: it is written bind=IP or bind=IP,advertise=IP.`);
}

function addressSentence(problem: AddressProblem): string {
  switch (problem) {
    case 'no-transport':
    case 'unknown-transport':
      return 'it starts with udp:, tcp:, tls:, ws: or wss:, like udp:127.0.0.1:5060.';
    case 'no-port':
      return 'the port is missing, like udp:127.0.0.1:5060.';
    case 'bad-port':
      return 'the port is a number from 0 to 65535.';
    case 'bad-address':
      return 'the address cannot be read; IPv6 goes into brackets.';
    default:
      return assertNever(problem);
  }
}
