import { join } from 'node:path';
import { BrowserWindow, screen } from 'electron';
import type { Rectangle } from 'electron';
import { EVENT_CHANNEL } from '../../shared/bridge/contract.ts';
import type { DesktopEvent } from '../../shared/bridge/contract.ts';
import type { Disposable } from '../../shared/domain/disposable.ts';
import { APP_PAGE } from '../security/app-files.ts';
import { keepPageAlive } from './page-life.ts';
import type { PageLifeOptions } from './page-life.ts';

export interface MainWindowOptions {
  readonly title: string;
  readonly bounds: Rectangle | null;
  readonly hasTray: boolean;
  /** Picture file for the window's frame and the taskbar. */
  readonly icon: string;
  /** Another profile's window stands in the middle of the screen: open beside it. */
  readonly beside: boolean;
  readonly rememberBounds: (bounds: Rectangle) => void;
  /** The user closed the window, which hides or minimises it. */
  readonly onHidden: () => void;
  readonly onFocus: (focused: boolean) => void;
  /** Windows ends the desktop session. @returns whether it should wait */
  readonly onSessionEnd: () => boolean;
  readonly inACall: PageLifeOptions['inACall'];
  /** The page crashed or hangs; `again`: it is being started anew. */
  readonly onPageDown: PageLifeOptions['onDown'];
}

const DEFAULT_SIZE = { width: 400, height: 760 };
const GAP = 24;
const SMALLEST = { minWidth: 360, minHeight: 480 };

/** The profile's one window: it owns the phone, is never navigated, and closing hides it. */
export class MainWindow {
  readonly #options: MainWindowOptions;
  readonly #window: BrowserWindow;
  readonly #pageLife: Disposable;
  #mayClose = false;

  constructor(options: MainWindowOptions) {
    this.#options = options;
    this.#window = new BrowserWindow({
      ...DEFAULT_SIZE,
      ...SMALLEST,
      useContentSize: options.bounds === null,
      ...visible(options.bounds),
      ...(options.bounds === null && options.beside ? besideTheFirst() : {}),
      icon: options.icon,
      title: options.title,
      show: false,
      autoHideMenuBar: true,
      backgroundColor: '#ffffff00',
      webPreferences: {
        preload: join(__dirname, 'preload.cjs'),
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
        spellcheck: false,
        // A ringing phone must be heard without a click, and must not doze while it is hidden.
        autoplayPolicy: 'no-user-gesture-required',
        backgroundThrottling: false,
      },
    });
    this.#listen();
    this.#pageLife = keepPageAlive({
      contents: this.#window.webContents,
      inACall: options.inACall,
      onDown: options.onPageDown,
      load: () => this.restart(),
    });
  }

  get contents(): Electron.WebContents {
    return this.#window.webContents;
  }

  load(): Promise<void> {
    return this.#window.loadURL(APP_PAGE);
  }

  /** After a crash: the page tells its user. */
  restart(): void {
    void this.#window.loadURL(`${APP_PAGE}#restarted`).catch(() => undefined);
  }

  send(event: DesktopEvent): void {
    if (!this.#window.isDestroyed()) this.#window.webContents.send(EVENT_CHANNEL, event);
  }

  show(): void {
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
  }

  /** Start minimised really stays minimised: with a tray nothing is shown at all. */
  showMinimised(): void {
    if (!this.#options.hasTray) this.#window.minimize();
  }

  /** From now on closing closes. */
  close(): void {
    this.#mayClose = true;
    this.#pageLife.dispose();
    if (!this.#window.isDestroyed()) this.#window.destroy();
  }

  #listen(): void {
    const window = this.#window;
    window.on('close', (event) => {
      if (this.#mayClose) return;
      event.preventDefault();
      if (this.#options.hasTray) window.hide();
      else window.minimize();
      this.#options.onHidden();
    });
    const remember = (): void => {
      if (!window.isMinimized() && !window.isMaximized()) {
        this.#options.rememberBounds(window.getBounds());
      }
    };
    window.on('resized', remember);
    window.on('moved', remember);
    window.on('focus', () => this.#options.onFocus(true));
    window.on('blur', () => this.#options.onFocus(false));
    window.on('hide', () => this.#options.onFocus(false));
    // Newer than the oldest Electron that is supported, which never says it.
    const events: NodeJS.EventEmitter = window;
    events.on('query-session-end', (event: { preventDefault(): void }) => {
      if (this.#options.onSessionEnd()) event.preventDefault();
    });
    window.on('page-title-updated', (event) => event.preventDefault());
  }
}

/** Right of a window of the usual size in the middle of the screen, as far as the screen goes. */
function besideTheFirst(): Partial<Rectangle> {
  const { workArea } = screen.getPrimaryDisplay();
  const { width, height } = DEFAULT_SIZE;
  const wished = workArea.x + Math.round((workArea.width + width) / 2) + GAP;
  const furthest = workArea.x + workArea.width - width;
  return {
    x: Math.max(workArea.x, Math.min(wished, furthest)),
    y: Math.max(workArea.y, workArea.y + Math.round((workArea.height - height) / 2)),
  };
}

/** A place that is still on a screen, or none. */
function visible(bounds: Rectangle | null): Partial<Rectangle> {
  if (bounds === null) return {};
  const { x, y, width, height } = bounds;
  const onScreen = screen
    .getAllDisplays()
    .some(
      ({ workArea: area }) =>
        x >= area.x && y >= area.y && x < area.x + area.width && y < area.y + area.height,
    );
  return onScreen ? bounds : { width, height };
}
