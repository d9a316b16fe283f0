import { createStore, type StoreApi } from 'zustand/vanilla';
import { onDispose, type Disposable } from '../../../shared/domain/disposable.ts';
import type { Keeper } from './keeper.ts';
import { readSettings, settingsSchema, type Settings } from './settings.ts';

/** The settings of one account, written down as they change. */
export class SettingsStore {
  readonly state: StoreApi<Settings>;
  readonly #keeper: Keeper;
  readonly #name: string;

  constructor(keeper: Keeper, accountKey: string) {
    this.#keeper = keeper;
    this.#name = `settings:${accountKey}`;
    this.state = createStore(() => readSettings(keeper.read(this.#name, settingsSchema) ?? {}));
  }

  get current(): Settings {
    return this.state.getState();
  }

  change(patch: Partial<Settings>): void {
    this.state.setState(patch);
    this.#keeper.write(this.#name, this.current);
  }

  onChange(run: (settings: Settings) => void): Disposable {
    return onDispose(this.state.subscribe(run));
  }
}
