/** A phone in a real browser, without SIP: one peer connection that sends a tone of its own and measures what it hears, block by block. */
import type { Browser, Page } from '@playwright/test';
import { chromium } from '@playwright/test';
import { existsSync } from 'node:fs';

const EXECUTABLE = process.env['PARKLINE_CHROMIUM'] ?? '/usr/bin/chromium';

export const hasChromium = (): boolean => existsSync(EXECUTABLE);

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      '--no-sandbox',
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-features=WebRtcHideLocalIpsWithMdns',
    ],
  });
}

/** One block of received sound: context time in seconds, loudness, and power at the frequencies listened for. */
export interface HeardBlock {
  readonly at: number;
  readonly rms: number;
  readonly powers: readonly number[];
}

export interface ReceivedStats {
  readonly codec: string;
  readonly lost: number;
  /** What the jitter buffer made up because nothing came in time: it hides a gap by letting the last sound fade. */
  readonly concealedMs: number;
}

interface PhoneInPage {
  offer(): Promise<string>;
  answerTo(offer: string): Promise<string>;
  takeAnswer(answer: string): Promise<void>;
  state(): string;
  now(): number;
  blocksSince(at: number): HeardBlock[];
  press(digits: string): void;
  setDirection(direction: RTCRtpTransceiverDirection): void;
  preferOnly(mimeType: string | null): void;
  received(): Promise<ReceivedStats>;
  close(): void;
}

declare global {
  interface Window {
    phone: PhoneInPage;
  }
}

/** Runs in the page. */
function installPhone(options: {
  readonly hertz: number;
  readonly listenFor: readonly number[];
}): void {
  const context = new AudioContext({ sampleRate: 48_000 });
  const oscillator = context.createOscillator();
  oscillator.frequency.value = options.hertz;
  const loudness = context.createGain();
  loudness.gain.value = 0.3;
  const microphone = context.createMediaStreamDestination();
  oscillator.connect(loudness).connect(microphone);
  oscillator.start();
  const connection = new RTCPeerConnection();
  const blocks: { at: number; rms: number; powers: number[] }[] = [];
  const goertzel = (samples: Float32Array, hertz: number): number => {
    const factor = 2 * Math.cos((2 * Math.PI * hertz) / context.sampleRate);
    let one = 0;
    let two = 0;
    for (const sample of samples) [one, two] = [sample + factor * one - two, one];
    return Math.sqrt(Math.abs(one * one + two * two - factor * one * two)) / samples.length;
  };
  connection.ontrack = ({ track }) => {
    const stream = new MediaStream([track]);
    const element = new Audio();
    element.srcObject = stream;
    element.muted = true;
    void element.play();
    const meter = context.createScriptProcessor(256, 1, 1);
    meter.onaudioprocess = ({ inputBuffer, playbackTime }) => {
      const samples = inputBuffer.getChannelData(0);
      const rms = Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length);
      const powers = options.listenFor.map((hertz) => goertzel(samples, hertz));
      blocks.push({ at: playbackTime, rms, powers });
    };
    context.createMediaStreamSource(stream).connect(meter).connect(context.destination);
  };
  const [track] = microphone.stream.getAudioTracks();
  let sender: RTCRtpSender | undefined;
  const attach = (): void => {
    if (!sender && track) sender = connection.addTrack(track, microphone.stream);
  };
  const gathered = (): Promise<void> =>
    new Promise((resolve) => {
      if (connection.iceGatheringState === 'complete') resolve();
      connection.onicegatheringstatechange = () => {
        if (connection.iceGatheringState === 'complete') resolve();
      };
    });
  window.phone = {
    async offer() {
      attach();
      await connection.setLocalDescription(await connection.createOffer());
      await gathered();
      return connection.localDescription?.sdp ?? '';
    },
    async answerTo(sdp) {
      await connection.setRemoteDescription({ type: 'offer', sdp });
      attach();
      await connection.setLocalDescription(await connection.createAnswer());
      await gathered();
      return connection.localDescription?.sdp ?? '';
    },
    takeAnswer: (sdp) => connection.setRemoteDescription({ type: 'answer', sdp }),
    state: () => connection.connectionState,
    now: () => context.currentTime,
    blocksSince: (at) => blocks.filter((block) => block.at >= at),
    press: (digits) => sender?.dtmf?.insertDTMF(digits, 100, 70),
    setDirection(direction) {
      for (const transceiver of connection.getTransceivers()) transceiver.direction = direction;
    },
    preferOnly(mimeType) {
      attach();
      const codecs = RTCRtpReceiver.getCapabilities('audio')?.codecs ?? [];
      const kept = codecs.filter(
        (codec) =>
          mimeType === null || codec.mimeType === mimeType || codec.mimeType.endsWith('event'),
      );
      for (const transceiver of connection.getTransceivers()) transceiver.setCodecPreferences(kept);
    },
    async received() {
      const report = [...(await connection.getStats()).values()];
      const inbound = report.find((one) => one.type === 'inbound-rtp');
      const codec = report.find((one) => one.id === inbound?.codecId);
      return {
        codec: codec?.mimeType ?? '',
        lost: inbound?.packetsLost ?? -1,
        concealedMs: (inbound?.concealedSamples ?? Number.NaN) / 48,
      };
    },
    close: () => connection.close(),
  };
}

/** A twentieth of what the tones of these tests sound like. */
const SILENCE = 0.01;

export class BrowserPhone {
  readonly page: Page;
  readonly #listenFor: readonly number[];

  static async open(
    browser: Browser,
    options: { readonly hertz: number; readonly listenFor: readonly number[] },
  ): Promise<BrowserPhone> {
    const page = await (await browser.newContext()).newPage();
    await page.evaluate(installPhone, options);
    return new BrowserPhone(page, options.listenFor);
  }

  private constructor(page: Page, listenFor: readonly number[]) {
    this.page = page;
    this.#listenFor = listenFor;
  }

  offer = (): Promise<string> => this.page.evaluate(() => window.phone.offer());
  answerTo = (sdp: string): Promise<string> =>
    this.page.evaluate((text) => window.phone.answerTo(text), sdp);
  takeAnswer = (sdp: string): Promise<void> =>
    this.page.evaluate((text) => window.phone.takeAnswer(text), sdp);
  state = (): Promise<string> => this.page.evaluate(() => window.phone.state());
  now = (): Promise<number> => this.page.evaluate(() => window.phone.now());
  press = (digits: string): Promise<void> =>
    this.page.evaluate((text) => window.phone.press(text), digits);
  received = (): Promise<ReceivedStats> => this.page.evaluate(() => window.phone.received());
  setDirection = (direction: RTCRtpTransceiverDirection): Promise<void> =>
    this.page.evaluate((wanted) => window.phone.setDirection(wanted), direction);
  preferOnly = (mimeType: string | null): Promise<void> =>
    this.page.evaluate((type) => window.phone.preferOnly(type), mimeType);
  blocksSince = (at: number): Promise<HeardBlock[]> =>
    this.page.evaluate((since) => window.phone.blocksSince(since), at);

  /** Waits until most of the newest 100 ms is the tone, and nearly nothing of the other tones. @returns the phone's time then */
  async hears(hertz: number, withinMs = 5_000): Promise<number> {
    const which = this.#listenFor.indexOf(hertz);
    const deadline = Date.now() + withinMs;
    for (;;) {
      const since = (await this.now()) - 0.15;
      const blocks = await this.blocksSince(since);
      const clear = blocks.filter((block) => dominant(block) === which);
      if (blocks.length >= 10 && clear.length > blocks.length * 0.8) return since;
      if (Date.now() > deadline) {
        throw new Error(`did not hear ${hertz} Hz; last: ${JSON.stringify(blocks.slice(-3))}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  }

  /** The longest run of near silence since a time, milliseconds. */
  async longestSilenceMs(since: number): Promise<number> {
    const blocks = await this.blocksSince(since);
    let longest = 0;
    let run = 0;
    for (const block of blocks) {
      run = block.rms < SILENCE ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    return (longest * 256) / 48;
  }
}

/** Index of the tone that stands out, or -1. */
function dominant(block: HeardBlock): number {
  const ranked = block.powers.map((power, i) => ({ power, i })).sort((a, b) => b.power - a.power);
  const [first, second] = ranked;
  if (!first || first.power < 0.01) return -1;
  return second && second.power * 2 > first.power ? -1 : first.i;
}
