/**
 * What one key does while another program has the focus; the phone picks the call. `answer`: one that rings. `hang-up`: the one that
 * is heard, else the one that is set up or rings. `toggle-mute`: the microphone of the one that is heard. `retrieve-oldest`: the
 * parked call that waits longest, over all accounts.
 */
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
