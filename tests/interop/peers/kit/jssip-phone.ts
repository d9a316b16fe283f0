import type { Browser, BrowserContext, Page } from '@playwright/test';
import type JsSip from 'jssip';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { PeerExchange } from './peer-exchange.ts';

interface LineInPage {
  start(account: Account): Promise<void>;
  dial(target: string): void;
  /** Resolves with the status that the last NOTIFY brought, once it is final. */
  refer(target: string): Promise<number>;
  hangUp(): void;
  callsNow(): number;
  /** The frequency that stands out in what is heard now, in Hz; 0 for silence. */
  loudestHz(): number;
  stop(): void;
}

interface Account {
  readonly url: string;
  readonly extension: string;
  readonly hertz: number;
}

declare global {
  interface Window {
    JsSIP: typeof JsSip;
    line: LineInPage;
  }
}

let bundled: Promise<string> | undefined;

/** JsSIP as one script for a page; made once. */
function jsSipScript(): Promise<string> {
  bundled ??= (async () => {
    const entry = fileURLToPath(import.meta.resolve('jssip'));
    const made = await build({
      configFile: false,
      logLevel: 'silent',
      build: { write: false, minify: false, lib: { entry, name: 'JsSIP', formats: ['iife'] } },
    });
    const outputs = Array.isArray(made) ? made : 'output' in made ? [made] : [];
    const chunk = outputs.flatMap(({ output }) => output).find((each) => each.type === 'chunk');
    if (chunk?.type !== 'chunk') throw new Error('JsSIP was not bundled');
    return chunk.code;
  })();
  return bundled;
}

/** Runs in the page. */
function installLine(): void {
  const { JsSIP } = window;
  const context = new AudioContext({ sampleRate: 48_000 });
  const analyser = context.createAnalyser();
  analyser.fftSize = 8_192;
  const microphone = context.createMediaStreamDestination();
  type Session = ReturnType<InstanceType<typeof JsSIP.UA>['call']>;
  const sessions: Session[] = [];
  let ua: InstanceType<typeof JsSIP.UA> | undefined;
  const options = {
    mediaStream: microphone.stream,
    pcConfig: { iceServers: [] },
    mediaConstraints: { audio: true, video: false },
  };
  const listen = (connection: RTCPeerConnection): void => {
    connection.addEventListener('track', ({ track }) => {
      const stream = new MediaStream([track]);
      // Chromium gives a remote track to Web Audio only where an element plays it, too.
      const element = new Audio();
      element.srcObject = stream;
      element.muted = true;
      void element.play();
      context.createMediaStreamSource(stream).connect(analyser);
    });
  };
  const adopt = (session: Session): void => {
    sessions.push(session);
    // Of a call that it makes, JsSIP has the connection before it tells of the session.
    if (session.connection) listen(session.connection);
    else session.on('peerconnection', ({ peerconnection }) => listen(peerconnection));
    // Loopback needs no other candidate than the first.
    session.on('icecandidate', ({ ready }) => ready());
    const gone = (): void => void sessions.splice(sessions.indexOf(session), 1);
    session.on('ended', gone);
    session.on('failed', gone);
  };
  window.line = {
    start({ url, extension, hertz }) {
      const oscillator = context.createOscillator();
      oscillator.frequency.value = hertz;
      oscillator.connect(microphone);
      oscillator.start();
      const line = new JsSIP.UA({
        sockets: [new JsSIP.WebSocketInterface(url)],
        uri: `sip:${extension}@127.0.0.1`,
        password: `secret-${extension}`,
      });
      ua = line;
      line.on(
        'newRTCSession',
        ({ session, originator }: { session: Session; originator: string }) => {
          adopt(session);
          if (originator === 'remote') session.answer(options);
        },
      );
      return new Promise((resolve, reject) => {
        line.on('registered', () => resolve());
        line.on('registrationFailed', ({ cause }) => reject(new Error(cause)));
        line.start();
      });
    },
    dial: (target) => void ua?.call(`sip:${target}@127.0.0.1`, options),
    refer: (target) =>
      new Promise((resolve, reject) => {
        const [session] = sessions;
        const told = ({ status_line: { status_code } }: { status_line: { status_code: number } }) =>
          resolve(status_code);
        session?.refer(`sip:${target}@127.0.0.1`, {
          eventHandlers: {
            accepted: told,
            failed: told,
            requestFailed: ({ cause }: { cause: string }) => reject(new Error(cause)),
          },
        });
      }),
    hangUp: () => sessions[0]?.terminate(),
    callsNow: () => sessions.length,
    loudestHz() {
      const powers = new Float32Array(analyser.frequencyBinCount);
      analyser.getFloatFrequencyData(powers);
      const loudest = powers.indexOf(Math.max(...powers));
      return (powers[loudest] ?? -200) < -60
        ? 0
        : (loudest * context.sampleRate) / analyser.fftSize;
    },
    stop: () => ua?.stop(),
  };
}

/** JsSIP as it is published, in a real Chromium with WebRTC: the stack that the app uses, without the app. */
export class JsSipPhone {
  readonly #page: Page;
  readonly #context: BrowserContext;

  /** Opens a page and signs in; it answers every call. */
  static async start(
    browser: Browser,
    exchange: PeerExchange,
    options: {
      readonly extension: string;
      readonly transport: 'ws' | 'wss';
      readonly toneHz: number;
    },
  ): Promise<JsSipPhone> {
    // The server's certificate is a test's own.
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    const phone = exchange.add(new JsSipPhone(context, page));
    await page.addScriptTag({ content: await jsSipScript() });
    await page.evaluate(installLine);
    const { extension, transport, toneHz: hertz } = options;
    const url = `${transport}://127.0.0.1:${exchange.port(transport)}`;
    await page.evaluate((account) => window.line.start(account), { url, extension, hertz });
    return phone;
  }

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.#page = page;
  }

  dial = (target: string): Promise<void> =>
    this.#page.evaluate((to) => window.line.dial(to), target);
  refer = (target: string): Promise<number> =>
    this.#page.evaluate((to) => window.line.refer(to), target);
  hangUp = (): Promise<void> => this.#page.evaluate(() => window.line.hangUp());
  callsNow = (): Promise<number> => this.#page.evaluate(() => window.line.callsNow());

  /** Waits until nothing else is as loud as that tone, at most 20 s. */
  async hears(hz: number): Promise<void> {
    const heard: number[] = [];
    const isIt = async (): Promise<boolean> => {
      heard.push(await this.#page.evaluate(() => window.line.loudestHz()));
      return Math.abs((heard.at(-1) ?? 0) - hz) < 12;
    };
    const until = performance.now() + 20_000;
    while (!(await isIt())) {
      if (performance.now() > until) throw new Error(`not ${hz} Hz: ${heard.slice(-5).join(' ')}`);
    }
  }

  /** Waits until it has no call any more. */
  async idle(): Promise<void> {
    const until = performance.now() + 5_000;
    while ((await this.callsNow()) > 0) {
      if (performance.now() > until) throw new Error('it still has a call');
    }
  }

  async close(): Promise<void> {
    await this.#context.close();
  }
}
