import { onDispose } from '../../shared/domain/disposable.ts';
import type { Disposable } from '../../shared/domain/disposable.ts';
import type { AppUpdates } from './app-updates.ts';

/** A start is busy enough, and a phone must be quick when somebody calls at once. */
const FIRST_LOOK_MS = 60_000;
const LOOK_EVERY_MS = 6 * 3_600_000;

/** Looks for new versions now and then. */
export function lookForUpdates(updates: AppUpdates): Disposable {
  const look = (): void => void updates.check();
  const first = setTimeout(look, FIRST_LOOK_MS);
  const again = setInterval(look, LOOK_EVERY_MS);
  return onDispose(() => {
    clearTimeout(first);
    clearInterval(again);
  });
}
