import { parseArgs, type ParseArgsConfig } from 'node:util';

/** How a command ended: what it prints, and its exit status. */
export type CommandOutcome =
  | {
      readonly kind: 'done';
      /** With `--json`, this as JSON; it may be anything that survives JSON. */
      readonly result: unknown;
      /** Without, these lines. */
      readonly text: readonly string[];
      /** Default 0. */
      readonly exitCode?: number;
    }
  /** Not done, and why, in sentences for people; `error` is a word for programs. Exit status 1. */
  | {
      readonly kind: 'refused';
      readonly error: string;
      readonly message: string;
      readonly details?: unknown;
    }
  /** The command line itself is wrong. Exit status 2. */
  | { readonly kind: 'usage'; readonly message: string };

/** Where commands read and write, so that tests need no process. */
export interface Terminal {
  out(line: string): void;
  err(line: string): void;
  /** All of standard input. */
  readInput(): Promise<string>;
  /** Resolves when the person or the system asks the program to end; once per ask. */
  onStop(run: () => void): void;
}

export interface CommandContext {
  readonly args: Arguments;
  readonly terminal: Terminal;
  readonly json: boolean;
}

export interface Command {
  /** As typed: `user add`. */
  readonly name: string;
  /** What follows the name: `EXTENSION --data DIR`. */
  readonly synopsis: string;
  readonly summary: string;
  /** Lines about the options, for `--help`. */
  readonly help: readonly string[];
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** How many words follow the name. */
  readonly words: { readonly min: number; readonly max: number };
  run(context: CommandContext): Promise<CommandOutcome>;
}

export const refused = (error: string, message: string, details?: unknown): CommandOutcome =>
  details === undefined
    ? { kind: 'refused', error, message }
    : { kind: 'refused', error, message, details };

/** Where the data is when neither `--data` nor the environment's `PARKLINE_DATA` says. */
export const DEFAULT_DATA_DIR = 'parkline-data';

/** Options that every command knows. */
const COMMON = {
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const dataOption = { data: { type: 'string' } } as const;
export const tenantOption = { tenant: { type: 'string' } } as const;

/** What was typed after a command's name, read. */
export class Arguments {
  readonly words: readonly string[];
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(words: readonly string[], values: Readonly<Record<string, unknown>>) {
    this.words = words;
    this.#values = values;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === 'string' ? value : undefined;
  }

  texts(name: string): readonly string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  get dataDir(): string {
    return this.text('data') ?? (process.env['PARKLINE_DATA'] || DEFAULT_DATA_DIR);
  }
}

/** Reads a command's arguments; a string is what is wrong with them. */
export function readArguments(command: Command, argv: readonly string[]): Arguments | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: { ...COMMON, ...command.options },
      allowPositionals: true,
    });
    const { min, max } = command.words;
    if (values['help'] !== true && (positionals.length < min || positionals.length > max)) {
      return `parkline ${command.name} ${command.synopsis}`;
    }
    return new Arguments(positionals, values);
  } catch (cause) {
    // parseArgs throws for what was typed; its messages are sentences already.
    return cause instanceof Error
      ? (cause.message.split('. To')[0] ?? cause.message)
      : String(cause);
  }
}
