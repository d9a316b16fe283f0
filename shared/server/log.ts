import { pino, type DestinationStream } from 'pino';

/**
 * A named logger. What the levels mean: `error` a bug or something lost, someone must look; `warn` odd but handled;
 * `info` one line per change of a thing's life; `debug` how it came to that. Ids go into `fields`, never prose; no
 * password, no Authorization header, no full number at info.
 */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

/** Gives every module its own named logger. */
export type LoggerFor = (module: string) => Logger;

/** The last line of defence; nothing of the sort is meant to be logged in the first place. */
const SECRET_KEYS = [
  'password',
  'authorization',
  'Authorization',
  'token',
  'ha1',
  'md5',
  'sha256',
  'secret',
  'nonce',
  'cookie',
];

/** Most characters of log that wait to be written. */
const MOST_WAITING = 4_194_304;

/** One JSON object a line, on stdout unless another destination is given. */
export function createLoggers(level: LogLevel, destination?: DestinationStream): LoggerFor {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]),
      censor: '[redacted]',
    },
  };
  const root = pino(options, destination ?? openLog(1));
  return (module) => root.child({ module });
}

/**
 * Standard output (1) or error (2) for log lines. It may be a file on a full disk, or a pipe whose reader stands still: lines wait for
 * better times, then are dropped, and no call waits with them. Left to itself, the first line that cannot be written would end the
 * process, and at its end it would try for ever to write the rest.
 */
export function openLog(fd: 1 | 2): DestinationStream {
  const stream = pino.destination({ fd, sync: false, maxLength: MOST_WAITING });
  let failing = false;
  stream.on('error', () => (failing = true));
  stream.on('write', () => (failing = false));
  const flush = stream.flushSync.bind(stream);
  stream.flushSync = () => {
    if (!failing) flush();
  };
  return stream;
}

/** A logger that says nothing: for embedding and for tests. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
};

/** A number as it may stand in a log: `003386002678` → `0033…78`. Extensions of up to five digits stay whole. */
export function maskNumber(number: string): string {
  return number.length <= 5 ? number : `${number.slice(0, 4)}…${number.slice(-2)}`;
}
