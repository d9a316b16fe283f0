import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchPhone } from '../desktop/phone-app.ts';
import type { DrivenPhone } from '../desktop/phone-app.ts';
import { putEarInto } from './page-ear.ts';
import { PhoneScreen } from './phone-screen.ts';
import type { TestServer } from './test-server.ts';
import { voiceFile } from './voices.ts';

/** A server whose users can sign in. */
export type ServerOfUsers = Pick<TestServer, 'address' | 'user'>;

export interface DesktopPhoneOptions {
  /** A PulseAudio sink for all it plays. */
  readonly sink?: string;
  /** A PulseAudio source: the phone then sees the machine's real devices. Default: a make-believe microphone with its voice. */
  readonly source?: string;
  /** Starts in the tray. */
  readonly minimised?: boolean;
  /** `host:port` of whatever stands before the server. Default: the server itself. */
  readonly address?: string;
}

/** The packed desktop app of one extension, in a profile of its own. */
export class DesktopPhone extends PhoneScreen {
  readonly #phone: DrivenPhone;

  private constructor(phone: DrivenPhone, extension: '101' | '102' | '103') {
    super({ page: phone.page, name: `${extension}'s desktop app`, voice: extension });
    this.#phone = phone;
  }

  /** Signed in by a prepared file, as provisioning does it, and ready. */
  static async signedIn(
    server: ServerOfUsers,
    extension: '101' | '102' | '103',
    { sink, source, minimised = false, address = server.address }: DesktopPhoneOptions = {},
  ): Promise<DesktopPhone> {
    const phone = await launchPhone({
      profile: extension,
      ...(source === undefined ? { microphoneFile: voiceFile(extension) } : { source }),
      args: [
        ...(minimised ? ['--minimised'] : []),
        '--sign-in-file',
        signInFile({ server, address, extension }),
      ],
      ...(sink === undefined ? {} : { sink }),
    });
    await putEarInto(phone.page);
    const desktop = new DesktopPhone(phone, extension);
    await desktop.ready();
    return desktop;
  }

  /** Its main process. */
  get main(): DrivenPhone['app'] {
    return this.#phone.app;
  }

  get complaints(): readonly string[] {
    return this.#phone.complaints;
  }

  /** As closing the window does where there is a tray. */
  async hideWindow(): Promise<void> {
    await this.#onWindow('close');
  }

  async showWindow(): Promise<void> {
    await this.#onWindow('show');
  }

  async windowIsVisible(): Promise<boolean> {
    return (await this.#onWindow('isVisible')) === true;
  }

  async close(): Promise<void> {
    await this.#phone.close();
  }

  /** The phone's own window: the small one may have been made before or after it. */
  #onWindow(act: 'close' | 'show' | 'isVisible'): Promise<boolean | void> {
    return this.#phone.app.evaluate(
      ({ BrowserWindow }, wanted) =>
        BrowserWindow.getAllWindows()
          .find(({ webContents }) => webContents.getURL().startsWith('app://parkline/index.html'))
          ?.[wanted](),
      act,
    );
  }
}

function signInFile(of: { server: ServerOfUsers; address: string; extension: string }): string {
  const { server, address, extension } = of;
  const { password } = server.user(extension);
  const file = join(mkdtempSync(join(tmpdir(), 'parkline-sign-in-')), 'sign-in.json');
  writeFileSync(file, JSON.stringify({ server: address, extension, password }), { mode: 0o600 });
  return file;
}
