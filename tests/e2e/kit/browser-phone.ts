import { chromium } from '@playwright/test';
import type { Browser, BrowserContext } from '@playwright/test';
import { collectComplaints } from '../desktop/phone-app.ts';
import { installedChromium } from './chromium.ts';
import { putEarInto } from './page-ear.ts';
import { PhoneScreen } from './phone-screen.ts';
import type { TestServer } from './test-server.ts';
import { voiceFile } from './voices.ts';
import type { Speaker } from './voices.ts';

export interface BrowserPhoneOptions {
  /** Where the page comes from; default: the server itself. */
  readonly origin?: string;
  /** Name in messages; default `<extension>'s browser`. */
  readonly name?: string;
  /** Default: the extension's tone. */
  readonly voice?: Speaker;
  /** A PulseAudio sink for all it plays. */
  readonly sink?: string;
  /** Default `allowed`. */
  readonly microphone?: 'allowed' | 'refused' | 'absent';
}

/** The browser app in a browser of its own, whose microphone speaks in one tone. */
export class BrowserPhone extends PhoneScreen {
  readonly #browser: Browser;
  readonly context: BrowserContext;
  /** What the page and its content policy complained about. */
  readonly complaints: readonly string[];

  private constructor(parts: {
    readonly browser: Browser;
    readonly context: BrowserContext;
    readonly complaints: readonly string[];
    readonly screen: ConstructorParameters<typeof PhoneScreen>[0];
  }) {
    super(parts.screen);
    this.#browser = parts.browser;
    this.context = parts.context;
    this.complaints = parts.complaints;
  }

  /** Opens the page; nobody is signed in yet. */
  static async open(origin: string, options: BrowserPhoneOptions = {}): Promise<BrowserPhone> {
    const { voice = 'client', name = 'the browser', microphone = 'allowed' } = options;
    const browser = await launch({ ...options, voice, microphone });
    const context = await browser.newContext({
      viewport: { width: 420, height: 860 },
      permissions: microphone === 'allowed' ? ['microphone'] : [],
    });
    const page = await context.newPage();
    const complaints = collectComplaints(page);
    await page.goto(origin);
    await putEarInto(page);
    return new BrowserPhone({ browser, context, complaints, screen: { page, name, voice } });
  }

  /** Signed in and ready. */
  static async signedIn(
    server: Pick<TestServer, 'url' | 'user'>,
    extension: '101' | '102' | '103',
    options: BrowserPhoneOptions = {},
  ): Promise<BrowserPhone> {
    const { password } = server.user(extension);
    const { origin = server.url, voice = extension } = options;
    const name = options.name ?? `${extension}'s browser`;
    const phone = await BrowserPhone.open(origin, { ...options, voice, name });
    await phone.typeSignIn({ server: new URL(origin).host, extension, password });
    await phone.ready();
    return phone;
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}

function launch(options: BrowserPhoneOptions & { readonly voice: Speaker }): Promise<Browser> {
  const { voice, sink, microphone } = options;
  return chromium.launch({
    ...installedChromium,
    // Root has no sandbox; the desktop session's ordinary user has.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      '--autoplay-policy=no-user-gesture-required',
      ...(microphone === 'absent' ? [] : ['--use-fake-device-for-media-stream']),
      ...(microphone === 'allowed' ? ['--use-fake-ui-for-media-stream'] : []),
      `--use-file-for-fake-audio-capture=${voiceFile(voice)}`,
    ],
    ...(sink === undefined ? {} : { env: { ...environment(), PULSE_SINK: sink } }),
    // Playwright mutes every browser unless told otherwise.
    ...(sink === undefined ? {} : { ignoreDefaultArgs: ['--mute-audio'] }),
  });
}

function environment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
}
