import { join } from 'node:path';
import { app } from 'electron';
import type { DesktopEvent } from '../shared/bridge/contract.ts';
import type { PhoneSnapshot } from '../shared/bridge/snapshot.ts';
import { DisposableStore } from '../shared/domain/disposable.ts';
import type { Disposable } from '../shared/domain/disposable.ts';
import { badgeCount } from './system/tray-menu.ts';
import { PhoneTray } from './system/tray.ts';
import { SmallWindow } from './windows/small-window.ts';

export interface PhoneViewsOptions {
  readonly hasTray: boolean;
  readonly send: (event: DesktopEvent) => void;
  readonly show: () => void;
  readonly quit: () => void;
}

/** Everything that shows a snapshot of the phone outside its window: the tray, the small window, the badge. */
export class PhoneViews implements Disposable {
  readonly #store = new DisposableStore();
  readonly #tray: PhoneTray | null;
  readonly #smallWindow: SmallWindow;

  constructor({ hasTray, send, show, quit }: PhoneViewsOptions) {
    this.#smallWindow = this.#store.add(
      new SmallWindow({ title: 'Parkline', send, showPhone: show }),
    );
    const pictures = join(process.resourcesPath, 'tray');
    this.#tray = hasTray ? this.#store.add(new PhoneTray({ pictures, send, show, quit })) : null;
  }

  draw(snapshot: PhoneSnapshot): void {
    this.#tray?.update(snapshot);
    this.#smallWindow.update(snapshot);
    app.setBadgeCount(badgeCount(snapshot));
  }

  /** Whoever looks at the phone's own window needs no small one. */
  setPhoneInFront(inFront: boolean): void {
    this.#smallWindow.setPhoneInFront(inFront);
  }

  /** The page that the last snapshot came from is gone. */
  clear(): void {
    this.#smallWindow.clear();
  }

  dispose(): void {
    this.#store.dispose();
  }
}
