import { randomPassword } from '../auth/node-hash.ts';
import type { CommandContext, CommandOutcome } from './command.ts';

/** Help about the options of `passwordOptions`. */
export const PASSWORD_HELP = [
  '--password TEXT     the password; other users of this machine can see it while the command runs',
  '--password-stdin    read the password from standard input',
  '                    with neither, a password is made up and printed',
];

export const passwordOptions = {
  password: { type: 'string' },
  'password-stdin': { type: 'boolean' },
} as const;

export interface PasswordInput {
  readonly password: string;
  /** Set when it was made up: it must be shown, for it is stored nowhere. */
  readonly made: string | undefined;
}

/** The password that was typed, or a new one. */
export async function passwordOf({ args, terminal }: CommandContext): Promise<PasswordInput> {
  if (args.flag('password-stdin')) {
    const input = await terminal.readInput();
    return { password: input.replace(/\r?\n$/, ''), made: undefined };
  }
  const given = args.text('password');
  if (given !== undefined) return { password: given, made: undefined };
  const made = randomPassword();
  return { password: made, made };
}

/** What was done, and the password that was made up, printed once. */
export function doneWithPassword(
  sentence: string,
  result: object,
  made: string | undefined,
): CommandOutcome {
  if (made === undefined) return { kind: 'done', result, text: [sentence] };
  const text = [sentence, `Password: ${made}`];
  return { kind: 'done', result: { ...result, password: made }, text };
}
