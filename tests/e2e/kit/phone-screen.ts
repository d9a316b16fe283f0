import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import type { Ear } from './hearing.ts';
import { pageEar } from './page-ear.ts';
import type { CallerIdentity } from './client.ts';
import type { Speaker } from './voices.ts';

export interface PhoneScreenOptions {
  readonly page: Page;
  /** Whose phone it is, for messages: `102's desktop app`. */
  readonly name: string;
  /** In which tone its microphone speaks. */
  readonly voice: Speaker;
}

/** A phone as its user sees it: everything a test does goes by what stands on the screen. */
export class PhoneScreen {
  readonly page: Page;
  readonly name: string;
  readonly voice: Speaker;
  readonly ear: Ear;

  constructor({ page, name, voice }: PhoneScreenOptions) {
    this.page = page;
    this.name = name;
    this.voice = voice;
    this.ear = pageEar(page, name);
  }

  // Signing in

  async typeSignIn(form: { server: string; extension: string; password: string }): Promise<void> {
    await this.page.getByLabel('Server', { exact: true }).fill(form.server);
    await this.page.getByLabel('Extension', { exact: true }).fill(form.extension);
    await this.page.getByLabel('Password', { exact: true }).fill(form.password);
    await this.button('Test and sign in').click();
  }

  /** Registered, and the list of parked calls is known. */
  async ready(timeoutMs = 15_000): Promise<void> {
    await expect(this.page.getByTestId('line-state'), `${this.name} is signed in`).toHaveAttribute(
      'data-line',
      'registered',
      { timeout: timeoutMs },
    );
    await this.knowsItsList(timeoutMs);
  }

  async knowsItsList(timeoutMs = 5_000): Promise<void> {
    await expect(this.parkList, `${this.name} knows what is parked`).toHaveAttribute(
      'data-mood',
      /^(?:empty|parked)$/,
      { timeout: timeoutMs },
    );
  }

  // Calls

  get incoming(): Locator {
    // Not the one that an open sheet covers: that has it as well.
    return this.page.locator('article.incoming:not([inert] *, [aria-hidden="true"] *)');
  }

  get call(): Locator {
    return this.page.locator('article.active');
  }

  get callName(): Locator {
    return this.call.getByTestId('call-name');
  }

  async dial(number: string): Promise<void> {
    await this.page.getByRole('tab', { name: 'Keypad' }).click();
    await this.dialField.fill(number);
    await this.page.getByRole('button', { name: 'Call', exact: true }).click();
  }

  get dialField(): Locator {
    return this.page.getByLabel('Number, name or code');
  }

  async rings(from: CallerIdentity): Promise<void> {
    await expect(this.incoming, `${this.name} rings`).toBeVisible();
    await expect(this.incoming).toContainText(from.name);
    await expect
      .poll(async () => digitsOf(await this.incoming.innerText()))
      .toContain(digitsOf(from.number));
  }

  async answer(): Promise<void> {
    await this.incoming.getByRole('button', { name: 'Answer' }).click();
    await this.isTalking();
  }

  async isTalking(): Promise<void> {
    await expect(this.call, `${this.name} talks`).toHaveAttribute('data-state', 'active');
  }

  /** Talks, and the screen names the caller: not a code, nor the colleague who parked. */
  async talksTo({ name, number }: CallerIdentity): Promise<void> {
    await this.isTalking();
    await expect(this.callName).toHaveText(name);
    await expect
      .poll(async () => digitsOf(await this.call.locator('.call-number').innerText()), {
        message: `${this.name} shows the number of ${name}`,
      })
      .toBe(digitsOf(number));
  }

  async hangUp(): Promise<void> {
    await this.call.getByRole('button', { name: 'Hang up' }).click();
    await this.isIdle();
  }

  /** No call, not even one that has just ended. */
  async isIdle(): Promise<void> {
    await expect(this.page.getByTestId('call-panel'), `${this.name} has no call`).toHaveCount(0);
  }

  async toggle(tile: 'Hold' | 'Mute' | 'Keypad'): Promise<void> {
    await this.call.getByRole('button', { name: tile, exact: true }).click();
  }

  async transferTo(target: string): Promise<void> {
    await this.call.getByRole('button', { name: 'Transfer', exact: true }).click();
    const sheet = this.page.getByRole('dialog', { name: 'Transfer the call' });
    await sheet.getByLabel('To', { exact: true }).fill(target);
    await sheet.getByRole('button', { name: 'Transfer', exact: true }).click();
  }

  // Parked calls

  get parkList(): Locator {
    return this.page.getByTestId('park-list');
  }

  /** Cards of calls that wait or did until just now. */
  get cards(): Locator {
    return this.parkList.locator('li[data-park-id]');
  }

  get waitingCards(): Locator {
    return this.parkList.locator('li[data-park-id]:not([data-state="ended"])');
  }

  card(of: CallerIdentity): Locator {
    return this.cards.filter({ hasText: of.name });
  }

  /** One press: parks on my own extension. */
  async park(): Promise<void> {
    await this.call.getByRole('button', { name: 'Park on my extension' }).click();
  }

  /** By the Park button's menu. */
  async parkOn(colleague: RegExp, note?: string): Promise<void> {
    await this.call.getByRole('button', { name: 'More ways to park' }).click();
    const menu = this.page.getByRole('dialog', { name: 'Park this call' });
    if (note !== undefined) await menu.getByLabel('Note (optional)').fill(note);
    await menu.getByRole('option', { name: colleague }).click();
  }

  /** By the Park button's menu, to the group of whoever parks. */
  async parkToMyGroup(): Promise<void> {
    await this.call.getByRole('button', { name: 'More ways to park' }).click();
    const menu = this.page.getByRole('dialog', { name: 'Park this call' });
    await menu.getByRole('button', { name: 'Park to my group' }).click();
  }

  async isTold(notice: string): Promise<void> {
    await expect(this.notices, `${this.name} is told`).toContainText(notice);
  }

  /** What the phone said before is read: it lies over part of the page. */
  async dismissNotices(): Promise<void> {
    const dismiss = this.notices.getByRole('button', { name: 'Dismiss' });
    while ((await dismiss.count()) > 0) await dismiss.first().click();
  }

  get notices(): Locator {
    return this.page.getByRole('list', { name: 'Notices' });
  }

  /** A card that says who waits, where, and who parked the call. */
  async showsParked(caller: CallerIdentity, where: { slot: string; by: string }): Promise<void> {
    const card = this.card(caller);
    await expect(card, `${this.name} shows the parked call`).toHaveAttribute(
      'data-state',
      'parked',
    );
    await expect(card).toContainText(`on ${where.slot}`);
    await expect(card).toContainText(`by ${where.by}`);
    await expect
      .poll(async () => digitsOf(await card.innerText()))
      .toContain(digitsOf(caller.number));
  }

  /** A live list without any call that waits; known, not merely unknown. */
  async showsNothingParked(): Promise<void> {
    await expect(this.waitingCards, `${this.name} shows nothing parked`).toHaveCount(0);
    await expect(this.parkList).toHaveAttribute('data-mood', 'empty');
  }

  async retrieve(caller: CallerIdentity): Promise<void> {
    await this.card(caller).getByRole('button', { name: 'Retrieve' }).click();
  }

  /** All that was given to screen readers since `collectAnnouncements`. */
  announcements(): Promise<readonly string[]> {
    return this.page.evaluate(() => (window as AnnouncedWindow).parklineAnnounced ?? []);
  }

  /** Keeps every element that is added to the live region: those that screen readers read out. */
  async collectAnnouncements(): Promise<void> {
    await this.page.evaluate(() => {
      const target = window as AnnouncedWindow;
      const heard: string[] = [];
      target.parklineAnnounced = heard;
      const region = document.querySelector('[data-testid="announcer"]');
      if (region === null) throw new Error('no live region');
      new MutationObserver((changes) => {
        for (const { addedNodes } of changes) {
          for (const node of addedNodes) heard.push(node.textContent ?? '');
        }
      }).observe(region, { childList: true });
    });
  }

  private button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }
}

interface AnnouncedWindow {
  parklineAnnounced?: string[];
}

/** Digits alone, without the international prefix: `004930…` is shown as `+49 30 …`. */
export const digitsOf = (text: string): string => text.replaceAll(/\D/g, '').replace(/^00/, '');
