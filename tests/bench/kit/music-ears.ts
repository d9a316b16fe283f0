import { AskedChild } from '../../interop/kit/asked-child.ts';

export type EarsQuestion =
  | {
      readonly kind: 'sign-in';
      readonly udpPort: number;
      readonly caller: string;
      readonly parker: string;
    }
  /** Parks so many calls of the caller's on the parker. */
  | { readonly kind: 'park'; readonly count: number }
  /** Forgets what was heard. */
  | { readonly kind: 'listen' }
  | { readonly kind: 'heard' };

export interface Heard {
  /** The longest time between two packets of one call. */
  readonly longestGapMs: number;
  /** Of all calls. */
  readonly packets: number;
}

export type EarsAnswer = { readonly kind: 'done' } | ({ readonly kind: 'heard' } & Heard);

/** Callers who listen to music, alone in a process. */
export class MusicEars {
  readonly #child = new AskedChild<EarsQuestion, EarsAnswer>({
    name: 'the process of the listeners',
    program: new URL('./music-ears-child.ts', import.meta.url),
  });

  static async signedIn(who: Omit<EarsQuestion & { kind: 'sign-in' }, 'kind'>): Promise<MusicEars> {
    const ears = new MusicEars();
    await ears.#child.ask({ kind: 'sign-in', ...who }, 'done');
    return ears;
  }

  async park(count: number): Promise<void> {
    await this.#child.ask({ kind: 'park', count }, 'done');
  }

  async listen(): Promise<void> {
    await this.#child.ask({ kind: 'listen' }, 'done');
  }

  heard(): Promise<Heard> {
    return this.#child.ask({ kind: 'heard' }, 'heard');
  }

  close(): Promise<void> {
    return this.#child.letGo();
  }
}
