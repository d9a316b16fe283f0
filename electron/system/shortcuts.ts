import type { DesktopEvent } from '../../shared/bridge/contract.ts';
import type {
  ShortcutAction,
  ShortcutBindings,
  ShortcutState,
  ShortcutStates,
} from '../../shared/bridge/shortcut.ts';

/** The part of Electron's `globalShortcut` that is used. `register` throws on what is no accelerator. */
export interface GlobalShortcuts {
  register(accelerator: string, run: () => void): boolean;
  unregister(accelerator: string): void;
}

const events: Readonly<Record<ShortcutAction, DesktopEvent>> = {
  answer: { kind: 'answer', callId: null },
  'hang-up': { kind: 'hang-up' },
  'toggle-mute': { kind: 'toggle-mute' },
  'retrieve-oldest': { kind: 'retrieve-oldest', source: 'shortcut' },
};

export interface ShortcutOptions {
  readonly shortcuts: GlobalShortcuts;
  readonly send: (event: DesktopEvent) => void;
  /** This profile takes none, because another one on this desktop does. */
  readonly secondary: boolean;
  /** Wayland may report success and never fire. */
  readonly wayland: boolean;
}

/** Keys that work while another program has the focus. */
export class ShortcutKeeper {
  readonly #options: ShortcutOptions;
  readonly #held = new Set<string>();
  #testing = false;

  constructor(options: ShortcutOptions) {
    this.#options = options;
  }

  set(bindings: ShortcutBindings): ShortcutStates {
    this.dispose();
    return {
      answer: this.#bind('answer', bindings.answer),
      'hang-up': this.#bind('hang-up', bindings['hang-up']),
      'toggle-mute': this.#bind('toggle-mute', bindings['toggle-mute']),
      'retrieve-oldest': this.#bind('retrieve-oldest', bindings['retrieve-oldest']),
    };
  }

  test(on: boolean): void {
    this.#testing = on;
  }

  dispose(): void {
    for (const accelerator of this.#held) this.#options.shortcuts.unregister(accelerator);
    this.#held.clear();
  }

  #bind(action: ShortcutAction, accelerator: string | null): ShortcutState {
    if (accelerator === null || this.#options.secondary) return { kind: 'off' };
    if (this.#held.has(accelerator)) return { kind: 'taken' };
    try {
      const held = this.#options.shortcuts.register(accelerator, () => this.#fire(action));
      if (!held) return { kind: 'taken' };
    } catch {
      return { kind: 'invalid' };
    }
    this.#held.add(accelerator);
    return { kind: this.#options.wayland ? 'uncertain' : 'registered' };
  }

  #fire(action: ShortcutAction): void {
    this.#options.send(this.#testing ? { kind: 'shortcut-pressed', action } : events[action]);
  }
}
