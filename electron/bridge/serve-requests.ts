import { REQUEST_CHANNELS, channelOf } from '../../shared/bridge/contract.ts';
import type { RequestAnswer, RequestArgument, RequestName } from '../../shared/bridge/contract.ts';
import { requestSchemas } from '../../shared/bridge/schemas.ts';
import { onDispose } from '../../shared/domain/disposable.ts';
import type { Disposable } from '../../shared/domain/disposable.ts';

/** One function per request of the contract. */
export type RequestHandlers = {
  readonly [Name in RequestName]: (
    argument: RequestArgument<Name>,
  ) => RequestAnswer<Name> | Promise<RequestAnswer<Name>>;
};

/** The part of Electron's `ipcMain` that is used. */
export interface RequestDoor<Event> {
  handle(channel: string, run: (event: Event, ...args: unknown[]) => unknown): void;
  removeHandler(channel: string): void;
}

export interface RequestOptions<Event> {
  readonly door: RequestDoor<Event>;
  readonly handlers: RequestHandlers;
  /** Whether a request comes from the main frame of our own page. */
  readonly isTrusted: (event: Event) => boolean;
  /** Told of every refusal; the text names the channel, never the argument. */
  readonly onRefused: (reason: string) => void;
}

/**
 * The one door of every request from the page: the sender is checked, then the argument, and only then a handler runs. A refused
 * request rejects in the page with a sentence that holds nothing of the argument.
 */
export function serveRequests<Event>(options: RequestOptions<Event>): Disposable {
  for (const name of REQUEST_CHANNELS) serveOne(name, options);
  return onDispose(() => {
    for (const name of REQUEST_CHANNELS) options.door.removeHandler(channelOf(name));
  });
}

function serveOne<Name extends RequestName, Event>(
  name: Name,
  options: RequestOptions<Event>,
): void {
  const refuse = (reason: string): never => {
    options.onRefused(`${name}: ${reason}`);
    throw new Error(`${name}: ${reason}`);
  };
  options.door.handle(channelOf(name), (event, ...args) => {
    if (!options.isTrusted(event)) return refuse('not from the phone’s own page');
    if (args.length > 1) return refuse('too many arguments');
    const checked = requestSchemas[name].safeParse(args[0]);
    if (!checked.success) return refuse('the argument is not as agreed');
    return options.handlers[name](checked.data);
  });
}
