import { test } from '@playwright/test';
import { BrowserPhone } from './browser-phone.ts';
import { Outside } from './client.ts';
import { DesktopPhone } from './desktop-phone.ts';
import { TestServer } from './test-server.ts';
import type { TestServerOptions } from './test-server.ts';

/** A server, the world outside, and phones that are signed in; everything is closed in reverse. */
export class Office {
  readonly server: TestServer;
  readonly outside: Outside;
  readonly #phones: (BrowserPhone | DesktopPhone)[] = [];

  private constructor(server: TestServer, outside: Outside) {
    this.server = server;
    this.outside = outside;
  }

  static async open(options: TestServerOptions = {}): Promise<Office> {
    return new Office(await TestServer.start(options), await Outside.open());
  }

  async desktop(
    ...parameters: Parameters<typeof DesktopPhone.signedIn> extends [unknown, ...infer Rest]
      ? Rest
      : never
  ): Promise<DesktopPhone> {
    return this.#keep(await DesktopPhone.signedIn(this.server, ...parameters));
  }

  async browser(
    ...parameters: Parameters<typeof BrowserPhone.signedIn> extends [unknown, ...infer Rest]
      ? Rest
      : never
  ): Promise<BrowserPhone> {
    return this.#keep(await BrowserPhone.signedIn(this.server, ...parameters));
  }

  /** What all pages complained about; a test expects nothing. */
  get complaints(): readonly string[] {
    return this.#phones.flatMap(({ name, complaints }) =>
      complaints.map((complaint) => `${name}: ${complaint}`),
    );
  }

  /** After a test: nobody is in a call, and pictures of all screens are kept when it failed. */
  async tidyUp(): Promise<void> {
    const info = test.info();
    if (info.status !== info.expectedStatus) await this.#keepPictures();
    await this.outside.hangUpAll();
  }

  async close(): Promise<void> {
    for (const phone of this.#phones.reverse()) await phone.close();
    await this.outside.close();
    await this.server.dispose();
  }

  async #keepPictures(): Promise<void> {
    for (const { name, page } of this.#phones) {
      const picture = await page.screenshot().catch(() => undefined);
      if (picture === undefined) continue;
      await test.info().attach(name, { body: picture, contentType: 'image/png' });
    }
  }

  #keep<Phone extends BrowserPhone | DesktopPhone>(phone: Phone): Phone {
    this.#phones.push(phone);
    return phone;
  }
}
