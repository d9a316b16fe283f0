import type { DesktopEvent } from '../shared/bridge/contract.ts';
import { readSignInLink } from '../shared/phone/sign-in-link.ts';
import { callTargetOfLink } from './call-link.ts';

export interface LinkDeskOptions {
  readonly send: (event: DesktopEvent) => void;
  readonly show: () => void;
  /** A second profile of a demonstration leaves calls to the first. */
  readonly secondary: boolean;
}

/** How far the page is: whoever is told too early has not heard it. */
type PageState = 'loading' | 'listening' | 'signed-in';

/**
 * Links of other programs: they fill the dialler or the sign-in form, never dial, and sign nobody in. One that comes before there
 * is a page that could take it, as the one that started the app does, waits for it; of several the last.
 */
export class LinkDesk {
  readonly #options: LinkDeskOptions;
  #page: PageState = 'loading';
  #signInLink: string | null = null;
  #target: string | null = null;

  constructor(options: LinkDeskOptions) {
    this.#options = options;
  }

  open(link: string | null): void {
    if (link === null) return;
    const isSignIn = readSignInLink(link) !== null;
    const target = isSignIn || this.#options.secondary ? null : callTargetOfLink(link);
    if (!isSignIn && target === null) return;
    this.#options.show();
    if (isSignIn) this.#signInLink = link;
    else this.#target = target;
    this.#deliver();
  }

  /** The page hears sign-in links. */
  pageListens(): void {
    if (this.#page === 'loading') this.#page = 'listening';
    this.#deliver();
  }

  /** Somebody is signed in: there is a dialler. */
  phoneIsThere(): void {
    this.#page = 'signed-in';
    this.#deliver();
  }

  /** Nobody is signed in any more: a number waits for whoever is next. */
  phoneIsGone(): void {
    if (this.#page === 'signed-in') this.#page = 'listening';
  }

  pageIsGone(): void {
    this.#page = 'loading';
  }

  #deliver(): void {
    const { send } = this.#options;
    if (this.#page !== 'loading' && this.#signInLink !== null) {
      send({ kind: 'sign-in-link', link: this.#signInLink });
      this.#signInLink = null;
    }
    if (this.#page === 'signed-in' && this.#target !== null) {
      send({ kind: 'prefill', target: this.#target });
      this.#target = null;
    }
  }
}
