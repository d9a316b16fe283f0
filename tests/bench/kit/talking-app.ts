import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchRelease, type ReleasedPhone } from '../../e2e/desktop/phone-app.ts';
import { CLIENT, Outside, SECOND_CLIENT } from '../../e2e/kit/client.ts';
import type { ClientCall } from '../../e2e/kit/client.ts';
import { PhoneScreen } from '../../e2e/kit/phone-screen.ts';
import { TestServer } from '../../e2e/kit/test-server.ts';
import { voiceFile } from '../../e2e/kit/voices.ts';

/** A server, callers from outside, and somebody at the packed app who answers them. */
export class TalkingOffice {
  readonly #server: TestServer;
  readonly #outside: Outside;
  readonly #folder: string;

  private constructor(server: TestServer, outside: Outside) {
    this.#server = server;
    this.#outside = outside;
    this.#folder = mkdtempSync(join(tmpdir(), 'parkline-talking-'));
  }

  static async open(): Promise<TalkingOffice> {
    return new TalkingOffice(await TestServer.start(), await Outside.open());
  }

  /** The `release` packing, freshly signed in as 101, whose microphone speaks. */
  async startApp(): Promise<TalkingApp> {
    const signIn = join(this.#folder, 'sign-in.json');
    const { extension, password } = this.#server.user('101');
    writeFileSync(signIn, JSON.stringify({ server: this.#server.address, extension, password }), {
      mode: 0o600,
    });
    const phone = await launchRelease({
      profile: 'bench',
      microphoneFile: voiceFile('101'),
      args: [`--sign-in-file=${signIn}`],
    });
    const app = new TalkingApp(phone, { server: this.#server, outside: this.#outside });
    await app.screen.ready(30_000);
    return app;
  }

  async close(): Promise<void> {
    await this.#outside.close();
    await this.#server.dispose();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export class TalkingApp {
  readonly screen: PhoneScreen;
  readonly #phone: ReleasedPhone;
  readonly #world: { readonly server: TestServer; readonly outside: Outside };

  constructor(phone: ReleasedPhone, world: { server: TestServer; outside: Outside }) {
    this.#phone = phone;
    this.#world = world;
    this.screen = new PhoneScreen({ page: phone.page, name: 'the packed app', voice: '101' });
  }

  /** The main process; all others are its children. */
  get pid(): number {
    return this.#phone.process.pid ?? 0;
  }

  /** Answers a call from outside, and talks. */
  async answersCall(who: 'client' | 'second client' = 'client'): Promise<ClientCall> {
    const { server, outside } = this.#world;
    const identity = who === 'client' ? CLIENT : SECOND_CLIENT;
    const call = await outside.call(server, '101', { identity, voice: who });
    await this.screen.rings(identity);
    await this.screen.answer();
    await this.screen.talksTo(identity);
    return call;
  }

  /** Nobody watches any more: what is measured from now on is the app alone. */
  async leaveAlone(): Promise<void> {
    await this.#phone.browser.close();
  }

  async close(): Promise<void> {
    await this.#world.outside.hangUpAll();
    await this.#phone.close();
  }
}
