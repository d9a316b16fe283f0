import { assertNever } from '../../domain/assert-never.ts';
import { adminCommands } from './admin-commands.ts';
import { readArguments, type Command, type CommandOutcome, type Terminal } from './command.ts';
import { backupCommands } from './backup-commands.ts';
import { certCommands } from './cert-commands.ts';
import { demoCommands } from './demo-commands.ts';
import { doctorCommand } from './doctor-command.ts';
import { listCommands } from './list-commands.ts';
import { serveCommand } from './serve-command.ts';
import { tenantCommands } from './tenant-commands.ts';
import { userCommands } from './user-commands.ts';

const COMMANDS: readonly Command[] = [
  serveCommand,
  ...userCommands,
  ...tenantCommands,
  ...adminCommands,
  ...listCommands,
  ...backupCommands,
  ...certCommands,
  doctorCommand,
  ...demoCommands,
];

/**
 * Runs one command line.
 * @param argv what was typed after `parkline`
 * @returns the exit status: 0 done, 1 refused, 2 not understood
 */
export async function runCli(argv: readonly string[], terminal: Terminal): Promise<number> {
  const command = findCommand(argv);
  if (command === undefined) return answerUnknown(argv, terminal);
  const args = readArguments(command, argv.slice(command.name.split(' ').length));
  if (typeof args === 'string') return usage(command, args, terminal);
  if (args.flag('help')) {
    for (const line of helpOf(command)) terminal.out(line);
    return 0;
  }
  const json = args.flag('json');
  const outcome = await command.run({ args, terminal, json });
  return show(outcome, { command, terminal, json });
}

/** The command with the longest name that starts the line. */
function findCommand(argv: readonly string[]): Command | undefined {
  const typed = [argv.slice(0, 2).join(' '), argv[0]];
  return typed.flatMap((name) => COMMANDS.find((command) => command.name === name) ?? [])[0];
}

function answerUnknown([first, second]: readonly string[], terminal: Terminal): number {
  const asked = first === undefined || first === 'help' || first === '--help' || first === '-h';
  const print = asked ? terminal.out.bind(terminal) : terminal.err.bind(terminal);
  const group = COMMANDS.filter((command) => command.name.startsWith(`${first} `));
  if (!asked) {
    const typed = group.length > 0 && second !== undefined ? `${first} ${second}` : first;
    print(
      group.length > 0 && second === undefined
        ? `parkline ${first} what?`
        : `There is no command "${typed}".`,
    );
  }
  print('Commands:');
  for (const { name, summary } of group.length > 0 ? group : COMMANDS) {
    print(`  parkline ${name.padEnd(14)} ${summary}`);
  }
  print('Every command knows --help and --json.');
  return asked ? 0 : 2;
}

function helpOf(command: Command): readonly string[] {
  return [
    `parkline ${command.name} ${command.synopsis}`,
    `  ${command.summary}`,
    '',
    ...command.help.map((line) => `  ${line}`),
    '  --json                print the result as JSON',
  ];
}

function usage(command: Command, message: string, terminal: Terminal): number {
  terminal.err(message);
  terminal.err(`parkline ${command.name} --help tells more.`);
  return 2;
}

interface Shown {
  readonly command: Command;
  readonly terminal: Terminal;
  readonly json: boolean;
}

function show(outcome: CommandOutcome, { command, terminal, json }: Shown): number {
  switch (outcome.kind) {
    case 'done':
      if (json) terminal.out(JSON.stringify(outcome.result, null, 2));
      else for (const line of outcome.text) terminal.out(line);
      return outcome.exitCode ?? 0;
    case 'refused': {
      const { error, message, details } = outcome;
      terminal.err(json ? JSON.stringify({ error, message, details }, null, 2) : message);
      return 1;
    }
    case 'usage':
      return usage(command, outcome.message, terminal);
    default:
      return assertNever(outcome);
  }
}
