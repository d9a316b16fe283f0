import type { DesktopEvent } from '../../shared/bridge/contract.ts';
import type { CommandOutcome, PhoneCommand } from '../../shared/bridge/phone-command.ts';
import type { PhoneSnapshot } from '../../shared/bridge/snapshot.ts';

export interface PhoneCommandsOptions {
  readonly send: (event: DesktopEvent) => void;
  readonly snapshot: () => PhoneSnapshot | null;
  /** Runs something later; gives what takes it back. */
  readonly after: (delayMs: number, run: () => void) => () => void;
}

/** A park or a retrieve has its answer long before; then nobody knows. */
export const COMMAND_LIMIT_MS = 20_000;

interface Waiting {
  readonly resolve: (outcome: CommandOutcome) => void;
  readonly cancel: () => void;
}

/** Commands from outside: what can be read is answered from the snapshot, what must be done is done by the page. */
export class PhoneCommands {
  readonly #options: PhoneCommandsOptions;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  constructor(options: PhoneCommandsOptions) {
    this.#options = options;
  }

  run(command: PhoneCommand): Promise<CommandOutcome> {
    const snapshot = this.#options.snapshot();
    if (command.kind === 'status') return Promise.resolve(statusOf(snapshot));
    if (snapshot === null || snapshot.accountKey === null) return Promise.resolve(signedOut);
    if (command.kind === 'list') return Promise.resolve(listOf(snapshot));
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      const cancel = this.#options.after(COMMAND_LIMIT_MS, () => this.answer(id, noWord));
      this.#waiting.set(id, { resolve, cancel });
      this.#options.send({ kind: 'command', id, command });
    });
  }

  /** The page's answer; one that nobody waits for is dropped. */
  answer(id: number, outcome: CommandOutcome): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    waiting.cancel();
    waiting.resolve(outcome);
  }

  /** The page is being loaded anew: it will answer nothing of before. */
  forgetPage(): void {
    for (const id of [...this.#waiting.keys()]) this.answer(id, noWord);
  }
}

const signedOut: CommandOutcome = {
  kind: 'failed',
  reason: 'offline',
  message: 'Nobody is signed in on this phone.',
};

const noWord: CommandOutcome = {
  kind: 'failed',
  reason: 'no-word',
  message: 'The phone did not say in time what became of it.',
};

function listOf(snapshot: PhoneSnapshot): CommandOutcome {
  const parked = snapshot.parked.map(
    ({ parkId, slot, callerName, callerNumber, parkedAt, state }) => ({
      parkId,
      slot,
      name: callerName,
      number: callerNumber,
      parkedAt,
      state,
    }),
  );
  return { kind: 'done', what: 'list', parkList: snapshot.parkList, parked };
}

function statusOf(snapshot: PhoneSnapshot | null): CommandOutcome {
  return {
    kind: 'done',
    what: 'status',
    extension: snapshot?.extension ?? null,
    registration: snapshot?.registration ?? 'signed-out',
    calls: snapshot?.calls.length ?? 0,
    parked: snapshot?.parkList === 'live' ? snapshot.waiting : null,
    muted: snapshot?.muted ?? false,
  };
}
