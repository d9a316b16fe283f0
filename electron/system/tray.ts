import { join } from 'node:path';
import { Menu, nativeImage, Tray } from 'electron';
import type { MenuItemConstructorOptions } from 'electron';
import type { DesktopEvent } from '../../shared/bridge/contract.ts';
import type { PhoneSnapshot } from '../../shared/bridge/snapshot.ts';
import { trayMenu, trayPicture } from './tray-menu.ts';
import type { TrayLine } from './tray-menu.ts';

export interface TrayOptions {
  /** Folder with one picture per count. */
  readonly pictures: string;
  readonly send: (event: DesktopEvent) => void;
  readonly show: () => void;
  readonly quit: () => void;
}

/** A view over the phone's snapshot in the desktop's tray. */
export class PhoneTray {
  readonly #options: TrayOptions;
  readonly #tray: Tray;
  #drawn = '';

  constructor(options: TrayOptions) {
    this.#options = options;
    this.#tray = new Tray(nativeImage.createFromPath(this.#file('none')));
    this.#tray.on('click', () => options.show());
  }

  update(snapshot: PhoneSnapshot): void {
    const lines = trayMenu(snapshot);
    // A menu that is rebuilt while it is open closes under the pointer: only when something changed.
    const drawing = JSON.stringify([trayPicture(snapshot), lines]);
    if (drawing === this.#drawn) return;
    this.#drawn = drawing;
    this.#tray.setImage(nativeImage.createFromPath(this.#file(trayPicture(snapshot))));
    this.#tray.setToolTip(snapshot.labels.status);
    this.#tray.setContextMenu(Menu.buildFromTemplate(lines.map((line) => this.#item(line))));
  }

  dispose(): void {
    if (!this.#tray.isDestroyed()) this.#tray.destroy();
  }

  #item(line: TrayLine): MenuItemConstructorOptions {
    switch (line.kind) {
      case 'separator':
        return { type: 'separator' };
      case 'text':
        return { label: line.label, enabled: false };
      case 'event':
        return { label: line.label, click: () => this.#options.send(line.event) };
      case 'show':
        return { label: line.label, click: () => this.#options.show() };
      case 'quit':
        return { label: line.label, click: () => this.#options.quit() };
    }
  }

  #file(picture: string): string {
    return join(this.#options.pictures, `${picture}.png`);
  }
}
