import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchPhone, type DrivenPhone } from '../desktop/phone-app.ts';
import type { Cable } from '../kit/cable.ts';
import { PhoneScreen } from '../kit/phone-screen.ts';
import { RegistrationWatch } from '../kit/registration-watch.ts';
import type { TestServer } from '../kit/test-server.ts';
import { voiceFile } from '../kit/voices.ts';

const EXTENSION = '102';
/** Nobody waits longer for a phone that comes back; later than this is late. */
const GIVE_UP_MS = 20_000;

/** The packed app of one extension, at the end of a cable. It is measured: nothing of the test's own listens to its sound. */
export class DayPhone extends PhoneScreen {
  readonly #phone: DrivenPhone;
  readonly cable: Cable;
  #registrations: RegistrationWatch | undefined;

  private constructor(phone: DrivenPhone, cable: Cable) {
    super({ page: phone.page, name: `${EXTENSION}'s desktop app`, voice: EXTENSION });
    this.#phone = phone;
    this.cable = cable;
  }

  static async signedIn(server: TestServer, cable: Cable): Promise<DayPhone> {
    const file = join(mkdtempSync(join(tmpdir(), 'parkline-day-')), 'sign-in.json');
    const { password } = server.user(EXTENSION);
    const signIn = { server: new URL(cable.origin).host, extension: EXTENSION, password };
    writeFileSync(file, JSON.stringify(signIn), { mode: 0o600 });
    const driven = await launchPhone({
      profile: EXTENSION,
      microphoneFile: voiceFile(EXTENSION),
      args: ['--sign-in-file', file],
    });
    // What does not come about is told by where it did not, not by the end of the whole day.
    driven.page.setDefaultTimeout(GIVE_UP_MS);
    const phone = new DayPhone(driven, cable);
    await phone.ready();
    phone.#registrations = await RegistrationWatch.on(phone.page);
    return phone;
  }

  get app(): DrivenPhone['app'] {
    return this.#phone.app;
  }

  get complaints(): readonly string[] {
    return this.#phone.complaints;
  }

  /** The machine sleeps: what was connected dies in silence. */
  async sleep(): Promise<void> {
    await this.app.evaluate(({ powerMonitor }) => void powerMonitor.emit('suspend'));
    this.cable.silence();
  }

  /** @returns how long after the network was there the phone was registered again, ms */
  async wake(): Promise<number> {
    const before = await this.#watch.last();
    this.cable.mend();
    const mendedAt = Date.now();
    await this.app.evaluate(({ powerMonitor }) => void powerMonitor.emit('resume'));
    return this.#back(before, mendedAt);
  }

  /** The network goes, and the machine knows. */
  async leaveNetwork(): Promise<void> {
    await this.app.evaluate(({ net }) => {
      net.isOnline = () => false;
    });
    this.cable.cut();
  }

  /** @returns how long after the network was there the phone was registered again, ms */
  async joinNetwork(): Promise<number> {
    const before = await this.#watch.last();
    this.cable.mend();
    const mendedAt = Date.now();
    await this.app.evaluate(({ net }) => {
      net.isOnline = () => true;
    });
    return this.#back(before, mendedAt);
  }

  async close(): Promise<void> {
    await this.#phone.close();
    await this.cable.close();
  }

  async #back(before: number, mendedAt: number): Promise<number> {
    const backAt = await this.#watch.after(before);
    await this.knowsItsList(GIVE_UP_MS);
    return backAt - mendedAt;
  }

  get #watch(): RegistrationWatch {
    if (this.#registrations === undefined) throw new Error('nobody is signed in yet');
    return this.#registrations;
  }
}
