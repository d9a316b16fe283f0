import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Keeper } from '../../phone/model/keeper.ts';

const schema = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  language: z.enum(['system', 'en', 'de', 'ar', 'en-XA']),
});

/** How this person likes the page, kept in this browser. */
export type Preferences = z.output<typeof schema>;

const NAME = 'portal';
const usual: Preferences = { theme: 'system', language: 'system' };

export class PreferenceStore {
  readonly state: StoreApi<Preferences>;
  readonly #keeper: Keeper;

  constructor(keeper: Keeper) {
    this.#keeper = keeper;
    this.state = createStore<Preferences>(() => keeper.read(NAME, schema) ?? usual);
  }

  set(change: Partial<Preferences>): void {
    this.state.setState(change);
    this.#keeper.write(NAME, this.state.getState());
  }
}
