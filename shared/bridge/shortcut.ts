export type ShortcutAction = 'answer' | 'hang-up' | 'toggle-mute' | 'retrieve-oldest';

/** Accelerators in Electron's spelling, e.g. `CommandOrControl+Shift+R`; `null` switches one off. */
export type ShortcutBindings = Readonly<Record<ShortcutAction, string | null>>;

export type ShortcutState =
  | { readonly kind: 'off' }
  | { readonly kind: 'registered' }
  /** Another program holds it. */
  | { readonly kind: 'taken' }
  /** Not an accelerator. */
  | { readonly kind: 'invalid' }
  /** Wayland: reported as registered, may never fire. Ask the user to press it. */
  | { readonly kind: 'uncertain' };

export type ShortcutStates = Readonly<Record<ShortcutAction, ShortcutState>>;
