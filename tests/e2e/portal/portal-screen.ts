import { expect } from '@playwright/test';
import type { Browser, BrowserContext, Locator, Page } from '@playwright/test';
import { PASSWORD } from '../../interop/kit/admin-client.ts';
import { collectComplaints } from '../desktop/phone-app.ts';
import type { PortalServer } from './portal-server.ts';

/** One admin in front of the portal, in a browser window of their own. */
export class PortalScreen {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly server: PortalServer;
  readonly #complaints: readonly string[];

  static async open(
    browser: Browser,
    server: PortalServer,
    {
      url = server.portalUrl,
      width = 1200,
    }: { readonly url?: string; readonly width?: number } = {},
  ): Promise<PortalScreen> {
    const context = await browser.newContext({ viewport: { width, height: 860 }, locale: 'en-US' });
    const page = await context.newPage();
    const screen = new PortalScreen(server, page);
    await page.goto(url);
    return screen;
  }

  /** Signed in by the form. */
  static async signedIn(
    browser: Browser,
    server: PortalServer,
    name: string,
  ): Promise<PortalScreen> {
    const screen = await PortalScreen.open(browser, server);
    await screen.signIn(name);
    return screen;
  }

  private constructor(server: PortalServer, page: Page) {
    this.server = server;
    this.page = page;
    this.context = page.context();
    this.#complaints = collectComplaints(page);
  }

  /**
   * Policy violations and errors. Chromium logs every refusal of the server as a failed resource; those are what some
   * tests are about.
   */
  get complaints(): readonly string[] {
    return this.#complaints.filter((text) => !text.startsWith('Failed to load resource'));
  }

  async signIn(name: string): Promise<void> {
    await this.field('Name').fill(name);
    await this.field('Password').fill(PASSWORD);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await expect(this.page.getByRole('navigation', { name: 'Pages' })).toBeVisible();
  }

  field(label: string): Locator {
    return this.page.getByLabel(label, { exact: true });
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  heading(name: string): Locator {
    return this.page.getByRole('heading', { level: 1, name, exact: true });
  }

  row(text: string | RegExp): Locator {
    return this.page.getByRole('row').filter({ hasText: text });
  }

  async goTo(entry: string): Promise<void> {
    await this.page
      .getByRole('navigation', { name: 'Pages' })
      .getByRole('link')
      .filter({ has: this.page.getByText(entry, { exact: true }) })
      .click();
  }

  /** Opens an address of the portal in this window. */
  async show(path: string): Promise<void> {
    await this.page.goto(`${this.server.portalUrl}#/${path}`);
  }

  async choose(label: string, option: string): Promise<void> {
    // Its name is what is chosen, then the label.
    await this.page.getByRole('button', { name: new RegExp(`${escaped(label)}$`) }).click();
    await this.page.getByRole('option', { name: option, exact: true }).click();
  }

  /** Picks from Available, and OK. */
  async pickMembers(...names: readonly string[]): Promise<void> {
    await this.button('Add members').click();
    const dialog = this.page.getByRole('dialog', { name: 'Available' });
    for (const name of names) await dialog.getByRole('option', { name }).click();
    await dialog.getByRole('button', { name: 'OK' }).click();
    await expect(dialog).toBeHidden();
  }

  /** Members of the form, as they stand. */
  members(): Promise<string[]> {
    return this.page
      .getByRole('grid', { name: 'Group members' })
      .locator('.member-number')
      .allTextContents();
  }

  /** What stands at a field. */
  async says(label: string, words: string | RegExp): Promise<void> {
    const field = this.field(label);
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(field).toHaveAccessibleDescription(words);
  }

  async close(): Promise<void> {
    expect(this.complaints).toEqual([]);
    await this.context.close();
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
