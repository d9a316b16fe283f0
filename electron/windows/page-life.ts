import { ipcMain } from 'electron';
import type { IpcMainEvent, WebContents } from 'electron';
import { ALIVE_CHANNEL, ASK_ALIVE_CHANNEL } from '../../shared/bridge/contract.ts';
import type { PageRestart } from '../../shared/bridge/contract.ts';
import { DisposableStore, onDispose } from '../../shared/domain/disposable.ts';
import type { Disposable } from '../../shared/domain/disposable.ts';
import { CrashBrake } from './crash-brake.ts';
import { LOOK_EVERY_MS, PageWatch } from './page-watch.ts';

export interface PageLifeOptions {
  readonly contents: WebContents;
  /** While a call goes on, a page that hangs is given more time. */
  readonly inACall: () => boolean;
  /** The page is gone. `again`: it is about to be loaded anew; otherwise it crashed too often for that. */
  readonly onDown: (why: PageRestart['why'], again: boolean) => void;
  readonly load: () => void;
}

/** Starts the page anew when it crashes or hangs, but not for ever. */
export function keepPageAlive({ contents, inACall, onDown, load }: PageLifeOptions): Disposable {
  const watch = new PageWatch();
  const brake = new CrashBrake();
  let why: PageRestart['why'] = 'crashed';
  const look = (): void => {
    if (contents.isDestroyed()) return;
    switch (watch.look(performance.now(), inACall())) {
      case 'wait':
        return;
      case 'ask':
        return contents.send(ASK_ALIVE_CHANNEL);
      case 'stuck':
        why = 'unresponsive';
        contents.forcefullyCrashRenderer();
    }
  };
  const alive = (event: IpcMainEvent): void => {
    if (event.sender === contents) watch.answered();
  };
  const store = new DisposableStore();
  const timer = setInterval(look, LOOK_EVERY_MS);
  store.add(onDispose(() => clearInterval(timer)));
  ipcMain.on(ALIVE_CHANNEL, alive);
  store.add(onDispose(() => ipcMain.off(ALIVE_CHANNEL, alive)));
  contents.on('did-finish-load', () => watch.start());
  contents.on('render-process-gone', (_event, { reason }) => {
    if (store.disposed || reason === 'clean-exit') return;
    watch.stop();
    const again = brake.mayRestart(performance.now());
    onDown(why, again);
    why = 'crashed';
    if (again) load();
  });
  return store;
}
