import { chmodSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { phoneCommandSchema } from '../../shared/bridge/phone-command.ts';
import type { CommandOutcome, PhoneCommand } from '../../shared/bridge/phone-command.ts';
import { onDispose } from '../../shared/domain/disposable.ts';
import type { Disposable } from '../../shared/domain/disposable.ts';

export interface ControlServerOptions {
  readonly path: string;
  readonly run: (command: PhoneCommand) => Promise<CommandOutcome>;
  /** It could not listen: the phone works, the command line does not. */
  readonly onFailed: (reason: string) => void;
}

/** One command is one line of JSON; no command of ours is longer, in bytes. */
const MAX_LINE = 4096;
const MAX_CONNECTIONS = 8;
/** For the request to arrive, ms. */
const READ_LIMIT_MS = 5000;
const ONLY_OWNER = 0o600;

/**
 * Listens for `parkline-phone`: a line of JSON in, a line of JSON out, and the connection ends. The socket is made with rights for
 * its owner alone, before anybody could open it. The caller holds the profile's lock: a socket that lies there is a dead phone's.
 */
export function listenForCommands(options: ControlServerOptions): Disposable {
  const isFile = !options.path.startsWith('\\\\');
  if (isFile) rmSync(options.path, { force: true });
  const server = createServer({ allowHalfOpen: true }, (socket) => serve(socket, options.run));
  server.maxConnections = MAX_CONNECTIONS;
  server.on('error', (error) => options.onFailed(error.message));
  // The file is made inside listen(): with this mask nobody else has rights for even a moment.
  const before = isFile ? process.umask(0o177) : null;
  server.listen({ path: options.path });
  if (before !== null) {
    process.umask(before);
    server.once('listening', () => chmodSync(options.path, ONLY_OWNER));
  }
  return onDispose(() => {
    server.close();
    if (isFile) rmSync(options.path, { force: true });
  });
}

function serve(socket: Socket, run: ControlServerOptions['run']): void {
  let text = '';
  let asked = false;
  const answer = (outcome: CommandOutcome): void => {
    socket.end(`${JSON.stringify(outcome)}\n`);
  };
  socket.setEncoding('utf8');
  socket.setTimeout(READ_LIMIT_MS, () => {
    if (!asked) socket.destroy();
  });
  // Who asked may go away at any time.
  socket.on('error', () => socket.destroy());
  socket.on('data', (piece: string) => {
    if (asked) return;
    text += piece;
    const end = text.indexOf('\n');
    if (end < 0 && text.length <= MAX_LINE) return;
    asked = true;
    const command = end < 0 ? null : readCommand(text.slice(0, end));
    if (command === null) return answer(badRequest);
    run(command).then(answer, (error: unknown) => answer(failure(error)));
  });
  socket.on('end', () => {
    if (!asked) socket.destroy();
  });
}

function readCommand(line: string): PhoneCommand | null {
  if (line.length > MAX_LINE) return null;
  try {
    const checked = phoneCommandSchema.safeParse(JSON.parse(line));
    return checked.success ? checked.data : null;
  } catch {
    return null;
  }
}

const badRequest: CommandOutcome = {
  kind: 'failed',
  reason: 'bad-request',
  message: 'The phone does not know this command.',
};

const failure = (error: unknown): CommandOutcome => ({
  kind: 'failed',
  reason: 'refused',
  message: error instanceof Error ? error.message : 'The phone could not do it.',
});
