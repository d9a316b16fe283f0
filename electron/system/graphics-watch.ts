import { app } from 'electron';
import type { Details } from 'electron';
import { onDispose } from '../../shared/domain/disposable.ts';
import type { Disposable } from '../../shared/domain/disposable.ts';

/** Chromium starts the process that draws anew by itself, at last without the graphics card; nobody is told each time. */
const TELL_ONCE_IN_MS = 60_000;

/** Calls `told` when the process that draws has crashed. Calls and the line live elsewhere and go on. */
export function watchGraphics(told: () => void): Disposable {
  let toldAt = -Infinity;
  const gone = (_event: unknown, { type, reason }: Details): void => {
    if (type !== 'GPU' || reason === 'clean-exit') return;
    const now = performance.now();
    if (now - toldAt < TELL_ONCE_IN_MS) return;
    toldAt = now;
    told();
  };
  app.on('child-process-gone', gone);
  return onDispose(() => void app.off('child-process-gone', gone));
}
