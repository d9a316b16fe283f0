import { connect } from 'node:net';
import { commandOutcomeSchema } from '../../shared/bridge/phone-command.ts';
import type { CommandOutcome, PhoneCommand } from '../../shared/bridge/phone-command.ts';
import { describeOutcome, EXIT, exitCodeOf, readCommandWords, USAGE } from './command-words.ts';

/** Longer than the phone itself waits, ms. */
const ANSWER_LIMIT_MS = 25_000;
const MAX_ANSWER = 2_000_000;

export type Asked =
  | { readonly kind: 'answered'; readonly outcome: CommandOutcome }
  /** Nothing listens there, or it belongs to somebody else. */
  | { readonly kind: 'not-running'; readonly code: string }
  | { readonly kind: 'no-word' };

/** Asks the phone that listens at `path`. Never rejects. */
export function askPhone(path: string, command: PhoneCommand): Promise<Asked> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let text = '';
    let connected = false;
    const settle = (asked: Asked): void => {
      clearTimeout(giveUp);
      socket.destroy();
      resolve(asked);
    };
    const giveUp = setTimeout(() => settle({ kind: 'no-word' }), ANSWER_LIMIT_MS);
    socket.setEncoding('utf8');
    socket.on('connect', () => {
      connected = true;
      socket.write(`${JSON.stringify(command)}\n`);
    });
    socket.on('data', (piece: string) => {
      text += piece;
      if (text.length > MAX_ANSWER) settle({ kind: 'no-word' });
    });
    socket.on('end', () => settle(readAnswer(text)));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      settle(
        connected ? { kind: 'no-word' } : { kind: 'not-running', code: error.code ?? 'unknown' },
      ),
    );
  });
}

function readAnswer(text: string): Asked {
  try {
    const checked = commandOutcomeSchema.safeParse(JSON.parse(text));
    return checked.success ? { kind: 'answered', outcome: checked.data } : { kind: 'no-word' };
  } catch {
    return { kind: 'no-word' };
  }
}

export interface CommandLineOptions {
  readonly args: readonly string[];
  readonly pathOf: (profile: string) => string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Wall clock, ms since 1970. */
  readonly now: () => number;
}

/** `parkline-phone`: asks the running phone and says what became of it. @returns the exit code */
export async function runCommandLine(options: CommandLineOptions): Promise<number> {
  const reading = readCommandWords(options.args);
  if (reading.kind === 'help') {
    options.out(USAGE);
    return EXIT.done;
  }
  if (reading.kind === 'wrong') {
    options.err(`${reading.problem}\n\n${USAGE}`);
    return EXIT.usage;
  }
  const asked = await askPhone(options.pathOf(reading.profile), reading.command);
  switch (asked.kind) {
    case 'not-running':
      return notRunning(asked.code, reading.json, options);
    case 'no-word':
      return tell({ kind: 'failed', reason: 'no-word', message: NO_WORD }, reading.json, options);
    case 'answered':
      return tell(asked.outcome, reading.json, options);
  }
}

const NO_WORD = 'The phone did not say what became of it.';

function notRunning(code: string, json: boolean, { out, err }: CommandLineOptions): number {
  const message =
    code === 'EACCES' || code === 'EPERM'
      ? 'The phone that runs here belongs to somebody else.'
      : 'No phone runs here. Start Parkline first.';
  if (json) out(`${JSON.stringify({ kind: 'failed', reason: 'not-running', message })}\n`);
  else err(`${message}\n`);
  return EXIT.notRunning;
}

function tell(outcome: CommandOutcome, json: boolean, options: CommandLineOptions): number {
  const { out, err, now } = options;
  if (json) out(`${JSON.stringify(outcome)}\n`);
  else (outcome.kind === 'done' ? out : err)(`${describeOutcome(outcome, now())}\n`);
  return exitCodeOf(outcome);
}
