import type { DesktopEvent, QuitReason } from '../shared/bridge/contract.ts';

/** How far quitting has come. */
type QuitState =
  | { readonly kind: 'running' }
  /** The page says good-bye to the server: BYE and REGISTER with expiry 0. */
  | { readonly kind: 'saying-goodbye' }
  | { readonly kind: 'done' };

export interface QuitGuardOptions {
  readonly send: (event: DesktopEvent) => void;
  /** Brings up the window, where the question is asked. */
  readonly show: () => void;
  /** Ends the app for good; an update installs itself first. */
  readonly exit: (why: QuitReason) => void;
  /** Runs something later; gives what takes it back. */
  readonly after: (delayMs: number, run: () => void) => () => void;
}

/** Longest wait for the page's good-bye. */
const GOODBYE_LIMIT_MS = 2000;

/** Quit during a call asks first, then hangs up properly. */
export class QuitGuard {
  readonly #options: QuitGuardOptions;
  #state: QuitState = { kind: 'running' };
  #busy = false;
  #why: QuitReason = 'quit';
  #cancel: () => void = () => undefined;

  constructor(options: QuitGuardOptions) {
    this.#options = options;
  }

  setBusy(busy: boolean): void {
    this.#busy = busy;
  }

  /** Somebody asked to quit. `true`: let it happen now. */
  mayQuit(why: QuitReason = 'quit'): boolean {
    if (this.#state.kind === 'done') return true;
    if (this.#state.kind === 'saying-goodbye') return false;
    this.#why = why;
    if (this.#busy) {
      this.#options.show();
      this.#options.send({ kind: 'quit-requested', why });
    } else {
      this.confirm();
    }
    return false;
  }

  /** The user said yes, or there was nothing to ask. */
  confirm(): void {
    if (this.#state.kind !== 'running') return;
    this.#state = { kind: 'saying-goodbye' };
    this.#cancel = this.#options.after(GOODBYE_LIMIT_MS, () => this.finish());
    this.#options.send({ kind: 'quitting' });
  }

  /** The page is done, gone, or took too long. */
  finish(): void {
    if (this.#state.kind !== 'saying-goodbye') return;
    this.#cancel();
    this.#state = { kind: 'done' };
    this.#options.exit(this.#why);
  }
}
