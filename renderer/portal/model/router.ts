import { createStore, type StoreApi } from 'zustand/vanilla';
import { onDispose, type Disposable } from '../../../shared/domain/disposable.ts';
import { hashOf, parseRoute, type Route } from './route.ts';

/** The address bar, as far as the portal touches it. */
export interface AddressBar {
  readonly hash: string;
  /** Shows another address without telling anybody. */
  show(hash: string): void;
  /** Goes there: `onChange` is told. */
  go(hash: string): void;
  onChange(run: () => void): void;
  /** @param isUnsaved asked when the window is about to close */
  beforeClose(isUnsaved: () => boolean): void;
}

export interface RouterState {
  readonly route: Route;
  /** What somebody asked for while something was not saved: done when they say so. */
  readonly asked: (() => void) | null;
}

/** Where we are, and that nobody leaves unsaved work behind unawares: by a link, the Back button, signing out or closing. */
export class Router {
  readonly state: StoreApi<RouterState>;
  readonly #bar: AddressBar;
  #guards: readonly (() => boolean)[] = [];
  #shown: string;

  constructor(bar: AddressBar) {
    this.#bar = bar;
    this.#shown = bar.hash;
    this.state = createStore<RouterState>(() => ({ route: parseRoute(bar.hash), asked: null }));
    bar.onChange(() => this.#changed());
    bar.beforeClose(() => this.#isUnsaved());
  }

  go(route: Route): void {
    this.#bar.go(hashOf(route));
  }

  /** Goes there without asking: what was open is saved or given up. */
  goOn(route: Route): void {
    this.#shown = hashOf(route);
    this.#bar.show(this.#shown);
    this.state.setState({ route, asked: null });
  }

  /** Does something that gives up unsaved work, after asking when there is any. */
  ask(run: () => void): void {
    if (this.#isUnsaved()) this.state.setState({ asked: run });
    else run();
  }

  /** @param isUnsaved whether leaving now would lose something */
  guard(isUnsaved: () => boolean): Disposable {
    this.#guards = [...this.#guards, isUnsaved];
    return onDispose(() => {
      this.#guards = this.#guards.filter((each) => each !== isUnsaved);
    });
  }

  stay(): void {
    this.state.setState({ asked: null });
  }

  leave(): void {
    const { asked } = this.state.getState();
    this.state.setState({ asked: null });
    asked?.();
  }

  #isUnsaved(): boolean {
    return this.#guards.some((isUnsaved) => isUnsaved());
  }

  #changed(): void {
    const wanted = this.#bar.hash;
    if (wanted === this.#shown) return;
    const route = parseRoute(wanted);
    if (!this.#isUnsaved()) {
      this.#shown = wanted;
      this.state.setState({ route });
      return;
    }
    this.#bar.show(this.#shown);
    this.state.setState({ asked: () => this.goOn(route) });
  }
}

/** The real one. */
export function windowAddress(target: Window): AddressBar {
  return {
    get hash() {
      return target.location.hash;
    },
    show: (hash) => target.history.pushState(null, '', hash),
    go: (hash) => {
      target.location.hash = hash;
    },
    onChange: (run) => {
      target.addEventListener('hashchange', run);
      target.addEventListener('popstate', run);
    },
    beforeClose: (isUnsaved) => {
      target.addEventListener('beforeunload', (event) => {
        if (isUnsaved()) event.preventDefault();
      });
    },
  };
}
