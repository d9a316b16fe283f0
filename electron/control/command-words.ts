import type { CommandOutcome, PhoneCommand } from '../../shared/bridge/phone-command.ts';

export type CommandReading =
  | {
      readonly kind: 'command';
      readonly profile: string;
      readonly json: boolean;
      readonly command: PhoneCommand;
    }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly problem: string };

export const USAGE = `Usage: parkline-phone [--profile NAME] [--json] COMMAND

  call NUMBER               call a number or an extension
  park [EXTENSION]          park the call you are talking in, on your own extension or on this one
       [--note TEXT]        with a note for whoever takes it
  retrieve [EXTENSION]      take back the call that waits longest, here or on this extension
  list                      what is parked for you
  status                    whether the phone is connected, and what it does

Exit codes: 0 done, 1 the phone could not do it, 2 wrong usage, 3 no phone runs, 4 nobody knows yet.
`;

/** What a program that calls us learns from the exit code alone. */
export const EXIT = { done: 0, failed: 1, usage: 2, notRunning: 3, noWord: 4 } as const;

interface Words {
  readonly plain: readonly string[];
  readonly options: ReadonlyMap<string, string>;
  readonly flags: ReadonlySet<string>;
}

const WITH_VALUE = new Set(['--profile', '--note']);
const FLAGS = new Set(['--json', '--help', '-h']);
const PROFILE_NAME = /^[\w-]{1,40}$/;

/** Reads the words after `parkline-phone`. */
export function readCommandWords(args: readonly string[]): CommandReading {
  const words = sortWords(args);
  if (typeof words === 'string') return { kind: 'wrong', problem: words };
  if (words.flags.has('--help') || words.flags.has('-h')) return { kind: 'help' };
  const profile = words.options.get('--profile') ?? 'default';
  if (!PROFILE_NAME.test(profile)) return wrong(`"${profile}" is no name of a profile.`);
  const command = commandOf(words);
  return typeof command === 'string'
    ? wrong(command)
    : { kind: 'command', profile, json: words.flags.has('--json'), command };
}

const wrong = (problem: string): CommandReading => ({ kind: 'wrong', problem });

function sortWords(args: readonly string[]): Words | string {
  const plain: string[] = [];
  const options = new Map<string, string>();
  const flags = new Set<string>();
  const left = [...args];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const [name = '', joined] = word.startsWith('--') ? word.split(/=(.*)/s) : [word];
    if (FLAGS.has(name)) flags.add(name);
    else if (WITH_VALUE.has(name)) {
      const value = joined ?? left.shift();
      if (value === undefined) return `${name} needs a value.`;
      options.set(name, value);
    } else if (name.startsWith('-')) return `There is no option ${name}.`;
    else plain.push(word);
  }
  return { plain, options, flags };
}

function commandOf({ plain, options }: Words): PhoneCommand | string {
  const [name, first, ...more] = plain;
  if (name === undefined) return 'Which command?';
  if (more.length > 0) return `"${more.join(' ')}" is one word too many.`;
  if (options.has('--note') && name !== 'park') return 'Only park takes a note.';
  const slot = first ?? null;
  switch (name) {
    case 'call':
      return first === undefined ? 'call needs a number.' : { kind: 'call', target: first };
    case 'park':
      return { kind: 'park', slot, note: options.get('--note') ?? null };
    case 'retrieve':
      return { kind: 'retrieve', slot };
    case 'list':
    case 'status':
      return first === undefined ? { kind: name } : `${name} takes nothing more.`;
    default:
      return `There is no command "${name}".`;
  }
}

export function exitCodeOf(outcome: CommandOutcome): number {
  if (outcome.kind === 'done') return EXIT.done;
  return outcome.reason === 'no-word' ? EXIT.noWord : EXIT.failed;
}

/** What a terminal may not be sent: names come from the network. */
const clean = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');

/** The answer for a person. @param now wall clock, ms since 1970 */
export function describeOutcome(outcome: CommandOutcome, now: number): string {
  if (outcome.kind === 'failed') return clean(outcome.message);
  switch (outcome.what) {
    case 'calling':
      return clean(`Calling ${outcome.target}.`);
    case 'parked':
      return outcome.slot === null ? 'Parked.' : clean(`Parked on ${outcome.slot}.`);
    case 'retrieved':
      return clean(`Retrieved from ${outcome.slot}.`);
    case 'list':
      return describeList(outcome, now);
    case 'status':
      return describeStatus(outcome);
  }
}

type Done<What> = Extract<CommandOutcome, { readonly kind: 'done'; readonly what: What }>;

function describeList({ parkList, parked }: Done<'list'>, now: number): string {
  if (parkList === 'unknown') return 'What is parked is not known: there is no connection.';
  if (parked.length === 0) return 'Nothing is parked.';
  const lines = parked.map(({ slot, name, number, parkedAt, state }) => {
    const seconds = Math.max(0, Math.round((now - parkedAt) / 1000));
    const waited = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    const who = [name, number].filter((part) => part !== '').join(' ');
    return clean(`${slot.padEnd(8)} ${waited.padStart(6)}  ${state.padEnd(10)} ${who}`);
  });
  return lines.join('\n');
}

function describeStatus(status: Done<'status'>): string {
  const parked = status.parked === null ? 'unknown' : String(status.parked);
  const muted = status.muted ? ', muted' : '';
  return clean(
    `${status.extension ?? 'nobody'}: ${status.registration}, calls ${status.calls}${muted}, parked ${parked}`,
  );
}
