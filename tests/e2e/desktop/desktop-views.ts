import { expect, type ElectronApplication } from '@playwright/test';
import { TrayReader } from './tray-reader.ts';

interface SpiedWorld {
  badgeOfTest?: number;
}

/** What a desktop shows of one phone outside its page: the tray, the badge, titles, small windows. */
export class DesktopViews {
  readonly #tray: TrayReader;
  readonly #item: string;
  readonly #main: ElectronApplication;

  private constructor(tray: TrayReader, item: string, main: ElectronApplication) {
    this.#tray = tray;
    this.#item = item;
    this.#main = main;
  }

  /** Starts a phone and finds what is its own. */
  static async of<Phone extends { readonly main: ElectronApplication }>(
    start: () => Promise<Phone>,
  ): Promise<readonly [Phone, DesktopViews]> {
    const tray = new TrayReader();
    const before = await tray.items();
    const phone = await start();
    const own = async () => (await tray.items()).filter((item) => !before.includes(item));
    await expect.poll(async () => (await own()).length, { message: 'it is in the tray' }).toBe(1);
    // A badge is shown by few desktops, and read from none.
    await phone.main.evaluate(({ app }) => {
      Object.assign(app, {
        setBadgeCount: (count: number) => {
          (globalThis as SpiedWorld).badgeOfTest = count;
          return true;
        },
      });
    });
    const [item = ''] = await own();
    return [phone, new DesktopViews(tray, item, phone.main)];
  }

  /** The tray's words. */
  status(): Promise<string> {
    return this.#tray.toolTip(this.#item);
  }

  /** The tray's picture, as text that differs when the picture differs. */
  picture(): Promise<string> {
    return this.#tray.icon(this.#item);
  }

  async menu(): Promise<readonly string[]> {
    return (await this.#tray.menu(this.#item)).map(({ label }) => label);
  }

  /** The number on the dock or taskbar; `undefined` before the phone has said anything since the start. */
  badge(): Promise<number | undefined> {
    return this.#main.evaluate(() => (globalThis as SpiedWorld).badgeOfTest);
  }

  /** Titles of the windows that are on the screen. */
  windows(): Promise<readonly string[]> {
    return this.#main.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .filter((window) => window.isVisible())
        .map((window) => window.getTitle()),
    );
  }

  close(): void {
    this.#tray.close();
  }
}
