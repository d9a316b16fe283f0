import { createStore, type StoreApi } from 'zustand/vanilla';
import { DisposableStore, onDispose, type Disposable } from '../../../shared/domain/disposable.ts';
import type { Keeper } from './keeper.ts';
import {
  accountSettingsOf,
  machineSettingsOf,
  readSettings,
  settingsSchema,
  type Settings,
} from './settings.ts';

const MACHINE = 'settings';
const ofAccount = (key: string): string => `settings:${key}`;

/** Settings that can be looked at and changed. */
export interface SettingsHome {
  readonly current: Settings;
  change(patch: Partial<Settings>): void;
  onChange(run: (settings: Settings) => void): Disposable;
}

/**
 * What is chosen once for all accounts of this machine: language, devices, sounds, keys. Accounts that were used one at a time had
 * all of it each; the one used last says how the machine is set up then. That is written down at once: the account's own record loses
 * it with the account's next change.
 */
export class MachineSettings implements SettingsHome {
  readonly state: StoreApi<Settings>;
  readonly #keeper: Keeper;

  constructor(keeper: Keeper, lastAccount: string | null) {
    this.#keeper = keeper;
    const kept = keeper.read(MACHINE, settingsSchema);
    const earlier =
      kept !== null || lastAccount === null
        ? null
        : keeper.read(ofAccount(lastAccount), settingsSchema);
    this.state = createStore(() => readSettings(kept ?? earlier));
    if (earlier !== null) keeper.write(MACHINE, machineSettingsOf(this.current));
  }

  get current(): Settings {
    return this.state.getState();
  }

  change(patch: Partial<Settings>): void {
    this.state.setState(patch);
    this.#keeper.write(MACHINE, machineSettingsOf(this.current));
  }

  onChange(run: (settings: Settings) => void): Disposable {
    return onDispose(this.state.subscribe(run));
  }
}

/** Everything chosen for one account: its own settings, and the machine's. Both written down as they change. */
export class SettingsStore implements SettingsHome, Disposable {
  readonly state: StoreApi<Settings>;
  readonly #keeper: Keeper;
  readonly #name: string;
  readonly #machine: MachineSettings;
  readonly #disposables = new DisposableStore();

  constructor(
    keeper: Keeper,
    accountKey: string,
    machine: MachineSettings = new MachineSettings(keeper, accountKey),
  ) {
    this.#keeper = keeper;
    this.#name = ofAccount(accountKey);
    this.#machine = machine;
    const own = readSettings(keeper.read(this.#name, settingsSchema));
    this.state = createStore(() => ({ ...machine.current, ...accountSettingsOf(own) }));
    this.#disposables.add(
      machine.onChange((settings) => this.state.setState(machineSettingsOf(settings))),
    );
  }

  get current(): Settings {
    return this.state.getState();
  }

  change(patch: Partial<Settings>): void {
    const shared = machineSettingsOf(patch);
    if (Object.keys(shared).length > 0) this.#machine.change(shared);
    const own = accountSettingsOf(patch);
    if (Object.keys(own).length === 0) return;
    this.state.setState(own);
    this.#keeper.write(this.#name, accountSettingsOf(this.current));
  }

  onChange(run: (settings: Settings) => void): Disposable {
    return onDispose(this.state.subscribe(run));
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}
