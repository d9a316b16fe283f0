/** Whether the browser would install the page as an app. */
export type InstallOffer = 'none' | 'offered' | 'installed';

/** Chromium's `beforeinstallprompt` (W3C Web App Manifest, incubation); other browsers have it in their menu. */
interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

export interface Installer {
  current(this: void): InstallOffer;
  onChange(this: void, run: () => void): () => void;
  install(this: void): void;
}

const isPrompt = (event: Event): event is InstallPrompt =>
  'prompt' in event && typeof event.prompt === 'function';

/** Keeps the browser's offer until the user asks for it. */
export function browserInstaller(target: Window): Installer {
  let prompt: InstallPrompt | null = null;
  let state: InstallOffer = target.matchMedia('(display-mode: standalone)').matches
    ? 'installed'
    : 'none';
  const listeners = new Set<() => void>();
  const set = (next: InstallOffer, nextPrompt: InstallPrompt | null): void => {
    state = next;
    prompt = nextPrompt;
    for (const run of listeners) run();
  };
  target.addEventListener('beforeinstallprompt', (event) => {
    if (!isPrompt(event)) return;
    event.preventDefault();
    set('offered', event);
  });
  target.addEventListener('appinstalled', () => set('installed', null));
  return {
    current: () => state,
    onChange: (run) => {
      listeners.add(run);
      return () => listeners.delete(run);
    },
    install: () => {
      const asked = prompt;
      if (asked === null) return;
      set('none', null);
      void asked.prompt();
    },
  };
}

/** For the desktop app, which is installed already, and for tests. */
export const noInstaller: Installer = {
  current: () => 'none',
  onChange: () => () => undefined,
  install: () => undefined,
};

/**
 * Keeps the page itself for a start without a network, nothing else; a browser that has no service workers (plain HTTP from
 * another machine) does without.
 */
export function keepShell(target: Window): void {
  if (!('serviceWorker' in target.navigator)) return;
  void target.navigator.serviceWorker.register('./service-worker.js').catch(() => undefined);
}
