import { join } from 'node:path';
import { BrowserWindow, ipcMain, screen } from 'electron';
import type { IpcMainInvokeEvent } from 'electron';
import type { DesktopEvent } from '../../shared/bridge/contract.ts';
import {
  SMALL_WINDOW_EVENTS,
  SMALL_WINDOW_REQUESTS,
  smallWindowChannel,
} from '../../shared/bridge/small-window.ts';
import type {
  SmallWindowChange,
  SmallWindowPress,
  SmallWindowRequest,
} from '../../shared/bridge/small-window.ts';
import { smallWindowSchemas } from '../../shared/bridge/small-window-schemas.ts';
import type { PhoneSnapshot } from '../../shared/bridge/snapshot.ts';
import { APP_ORIGIN, SMALL_PAGE } from '../security/app-files.ts';
import { SmallWindowList } from './small-window-list.ts';

export interface SmallWindowOptions {
  readonly title: string;
  readonly send: (event: DesktopEvent) => void;
  /** Brings up the main window. */
  readonly showPhone: () => void;
}

const WIDTH = 340;
const MARGIN = 16;
const MOST_OF_SCREEN = 0.6;
/** The window's own process goes when it had nothing to show for so long, ms. */
const LINGER_MS = 60_000;

/**
 * Shows calls that want an answer, above everything else, and never takes the focus: what somebody types stays where they type it.
 * It is made when there is something to show for the first time.
 */
export class SmallWindow {
  readonly #options: SmallWindowOptions;
  readonly #list = new SmallWindowList();
  #window: BrowserWindow | null = null;
  #look: NodeJS.Timeout | null = null;
  #linger: NodeJS.Timeout | null = null;
  #height = 0;
  /** The main window has the focus: it shows the same, and larger. */
  #phoneInFront = false;

  constructor(options: SmallWindowOptions) {
    this.#options = options;
    for (const name of SMALL_WINDOW_REQUESTS) {
      ipcMain.handle(smallWindowChannel(name), (event, argument) =>
        this.#answer(name, event, argument),
      );
    }
  }

  update(snapshot: PhoneSnapshot): void {
    this.#tell(this.#list.update(snapshot, performance.now()));
  }

  /** The phone's page starts anew and knows of no call. */
  clear(): void {
    this.#tell(this.#list.clear(performance.now()));
  }

  setPhoneInFront(inFront: boolean): void {
    this.#phoneInFront = inFront;
    this.#place();
  }

  dispose(): void {
    for (const name of SMALL_WINDOW_REQUESTS) ipcMain.removeHandler(smallWindowChannel(name));
    this.#stopTimers();
    if (this.#window !== null && !this.#window.isDestroyed()) this.#window.destroy();
    this.#window = null;
  }

  #tell(changes: readonly SmallWindowChange[]): void {
    for (const change of changes) this.#window?.webContents.send(SMALL_WINDOW_EVENTS, change);
    this.#plan();
    this.#place();
  }

  #plan(): void {
    this.#stopTimers();
    const next = this.#list.nextTick();
    if (next !== null) {
      const wait = Math.max(0, next - performance.now()) + 1;
      this.#look = setTimeout(() => this.#tell(this.#list.tick(performance.now())), wait);
    }
    if (this.#list.view.alerts.length === 0 && this.#window !== null) {
      this.#linger = setTimeout(() => this.#forget(), LINGER_MS);
    }
  }

  #stopTimers(): void {
    if (this.#look !== null) clearTimeout(this.#look);
    if (this.#linger !== null) clearTimeout(this.#linger);
    this.#look = null;
    this.#linger = null;
  }

  #forget(): void {
    this.#window?.destroy();
    this.#window = null;
    this.#height = 0;
  }

  #place(): void {
    const wanted = this.#list.view.alerts.length > 0 && !this.#phoneInFront;
    if (!wanted) return this.#window?.hide();
    if (this.#window === null) return this.#open();
    // The page says how much room it needs as soon as it is drawn.
    if (this.#height === 0) return;
    this.#window.setBounds(cornerOf(this.#height));
    if (!this.#window.isVisible()) this.#window.showInactive();
  }

  #open(): void {
    const window = new BrowserWindow({
      ...cornerOf(120),
      title: this.#options.title,
      show: false,
      frame: false,
      resizable: false,
      minimizable: false,
      maximizable: false,
      fullscreenable: false,
      skipTaskbar: true,
      // The window manager is never asked to give it the focus (on X11 it does not even see it).
      focusable: false,
      alwaysOnTop: true,
      acceptFirstMouse: true,
      ...(process.platform === 'darwin' ? { type: 'panel' as const } : {}),
      webPreferences: {
        preload: join(__dirname, 'small-window-preload.cjs'),
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
        spellcheck: false,
        backgroundThrottling: false,
      },
    });
    window.setAlwaysOnTop(true, 'screen-saver');
    window.setVisibleOnAllWorkspaces(true, { visibleOnFullScreen: true });
    window.on('page-title-updated', (event) => event.preventDefault());
    window.on('close', (event) => event.preventDefault());
    window.webContents.on('render-process-gone', () => this.#forget());
    this.#window = window;
    void window.loadURL(SMALL_PAGE);
  }

  #answer(name: SmallWindowRequest, event: IpcMainInvokeEvent, argument: unknown): unknown {
    if (!this.#isOwnPage(event)) throw new Error(`${name}: not from the small window`);
    switch (name) {
      case 'snapshot':
        return this.#list.view;
      case 'press':
        return this.#press(smallWindowSchemas.press.parse(argument));
      case 'resize':
        this.#height = smallWindowSchemas.resize.parse(argument);
        return this.#place();
    }
  }

  #isOwnPage(event: IpcMainInvokeEvent): boolean {
    const contents = this.#window?.webContents;
    const frame = event.senderFrame;
    if (contents === undefined || frame === null || frame !== contents.mainFrame) return false;
    return frame.url.startsWith(`${APP_ORIGIN}/`);
  }

  #press({ action, id }: SmallWindowPress): void {
    switch (action) {
      case 'answer':
      case 'decline':
        this.#options.send({ kind: action, callId: id });
        break;
      case 'retrieve':
        this.#options.send({ kind: 'retrieve', parkId: id, source: 'window' });
        break;
      case 'show':
        return this.#options.showPhone();
      case 'hide':
        break;
    }
    // Pressed is done with: a second press must not hit the next caller.
    this.#tell(this.#list.hide(id, performance.now()));
  }
}

/** The lower corner of the screen that the pointer is on. */
function cornerOf(height: number): Electron.Rectangle {
  const { workArea } = screen.getDisplayNearestPoint(screen.getCursorScreenPoint());
  const tall = Math.min(Math.ceil(height), Math.floor(workArea.height * MOST_OF_SCREEN));
  return {
    x: workArea.x + workArea.width - WIDTH - MARGIN,
    y: workArea.y + workArea.height - tall - MARGIN,
    width: WIDTH,
    height: tall,
  };
}
