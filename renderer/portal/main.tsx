import './strict-zod.ts';
import { createRoot } from 'react-dom/client';
import { storageKeeper } from '../phone/model/keeper.ts';
import { browserClock } from '../sip/clock.ts';
import { browserFeed } from './model/live.ts';
import { openingOf } from './model/opening.ts';
import { Portal } from './model/portal.ts';
import { PreferenceStore } from './model/preferences.ts';
import { windowAddress } from './model/router.ts';
import { PortalView } from './portal-view.tsx';
import './theme/portal.css';

function start(root: HTMLElement): void {
  const opening = openingOf(window.location) ?? { setupToken: null, signIn: null };
  // Neither a token nor a password stays in the address bar, nor in the history.
  if (opening.setupToken !== null || opening.signIn !== null) {
    window.history.replaceState(null, '', window.location.pathname);
  }
  const portal = new Portal({
    clock: browserClock,
    fetch: (...request) => window.fetch(...request),
    bar: windowAddress(window),
    openFeed: browserFeed,
    preferences: new PreferenceStore(storageKeeper(localStorageOf(window))),
  });
  createRoot(root).render(
    <PortalView portal={portal} onRetry={() => void portal.start(opening)} />,
  );
  void portal.start(opening);
}

function localStorageOf(target: Window): Storage | null {
  try {
    return target.localStorage;
  } catch {
    return null;
  }
}

const root = document.getElementById('root');
if (root !== null) start(root);
