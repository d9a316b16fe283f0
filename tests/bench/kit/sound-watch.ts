import type { Page } from '@playwright/test';

/** A stretch of 2.5 ms of what a page hears. */
export interface SoundBlock {
  /** When it was played out, ms on the page's clock. */
  readonly at: number;
  /** dBFS. */
  readonly level: number;
  /** Share (0–1) of its 10 ms that is the watched tone. */
  readonly tone: number;
}

export interface CodecsInUse {
  readonly sending: readonly string[];
  readonly receiving: readonly string[];
}

/** What the page's receiver counted, summed over its calls. */
export interface Reception {
  readonly packetsLost: number;
  readonly packetsDiscarded: number;
  readonly concealedMs: number;
}

/** Chromium's (https://www.w3.org/TR/mediacapture-transform/); TypeScript's library does not know it. */
declare const MediaStreamTrackProcessor: new (init: { readonly track: MediaStreamTrack }) => {
  readonly readable: ReadableStream<AudioData>;
};

interface WatchWindow {
  parklineSound?: { heard: SoundBlock[]; pressedAt: number; peers: RTCPeerConnection[] };
}

/**
 * Measures what a page hears after its jitter buffer, 10 ms at a time, and remembers when a pointer or a key was last pressed.
 * Must be installed before the page's first call.
 */
export class SoundWatch {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  /** @param toneHz the tone to be told from everything else */
  static async install(page: Page, toneHz: number): Promise<SoundWatch> {
    await page.evaluate(installWatch, toneHz);
    return new SoundWatch(page);
  }

  /** What was heard since the last call, and when something was pressed last. */
  async take(): Promise<{ readonly heard: readonly SoundBlock[]; readonly pressedAt: number }> {
    return this.#page.evaluate(() => {
      const watch = (window as WatchWindow).parklineSound;
      if (watch === undefined) throw new Error('no watch');
      return { heard: watch.heard.splice(0), pressedAt: watch.pressedAt };
    });
  }

  /** Waits until the watched tone has been heard for some time after the last press. */
  async toneHeard(forMs: number, limitMs = 5_000): Promise<void> {
    const wanted = forMs / 2.5;
    await this.#page.waitForFunction(
      (count) => {
        const watch = (window as WatchWindow).parklineSound;
        const heard = watch?.heard.filter((each) => each.at > (watch?.pressedAt ?? 0)) ?? [];
        return heard.filter((each) => each.tone > 0.5).length >= count;
      },
      wanted,
      { timeout: limitMs, polling: 100 },
    );
  }

  async reception(): Promise<Reception> {
    const stats = await this.#inbound();
    const sum = (name: string): number =>
      stats.reduce((total, each) => total + Number(each[name] ?? 0), 0);
    return {
      packetsLost: sum('packetsLost'),
      packetsDiscarded: sum('packetsDiscarded'),
      concealedMs: (sum('concealedSamples') / 48_000) * 1_000,
    };
  }

  codecs(): Promise<CodecsInUse> {
    return this.#page.evaluate(async () => {
      const used = { sending: [] as string[], receiving: [] as string[] };
      for (const peer of (window as WatchWindow).parklineSound?.peers ?? []) {
        if (peer.connectionState !== 'connected') continue;
        const report = await peer.getStats();
        for (const stat of report.values()) {
          const mime: unknown = report.get(stat.codecId)?.mimeType;
          if (typeof mime !== 'string') continue;
          if (stat.type === 'outbound-rtp' && stat.packetsSent > 0) used.sending.push(mime);
          if (stat.type === 'inbound-rtp' && stat.packetsReceived > 0) used.receiving.push(mime);
        }
      }
      return used;
    });
  }

  #inbound(): Promise<readonly Record<string, unknown>[]> {
    return this.#page.evaluate(async () => {
      const found: Record<string, unknown>[] = [];
      for (const peer of (window as WatchWindow).parklineSound?.peers ?? []) {
        const report = await peer.getStats();
        for (const stat of report.values()) if (stat.type === 'inbound-rtp') found.push(stat);
      }
      return found;
    });
  }
}

/** Runs in the page. */
function installWatch(toneHz: number): void {
  const watch = { heard: [] as SoundBlock[], pressedAt: 0, peers: [] as RTCPeerConnection[] };
  (window as WatchWindow).parklineSound = watch;
  const press = (event: Event): void => void (watch.pressedAt = event.timeStamp);
  window.addEventListener('pointerdown', press, { capture: true });
  window.addEventListener('keydown', press, { capture: true });

  const decibel = (power: number): number => 10 * Math.log10(power + 1e-12);

  /** Power of one frequency over the power of everything (Goertzel). */
  const toneShare = (samples: Float32Array, rate: number): number => {
    const k = 2 * Math.cos((2 * Math.PI * toneHz) / rate);
    let [before, last, power] = [0, 0, 0];
    for (const sample of samples) {
      [before, last] = [last, sample + k * last - before];
      power += sample * sample;
    }
    const tone = (2 * (last * last + before * before - k * last * before)) / samples.length;
    return power === 0 ? 0 : tone / power;
  };

  const listen = async (track: MediaStreamTrack): Promise<void> => {
    const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
    for (;;) {
      const { value: data } = await reader.read();
      if (data === undefined) return;
      const samples = new Float32Array(data.numberOfFrames);
      data.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
      const [at, tone] = [performance.now(), toneShare(samples, data.sampleRate)];
      const size = samples.length / 4;
      for (let block = 0; block < 4; block += 1) {
        const part = samples.subarray(block * size, (block + 1) * size);
        const power = part.reduce((sum, sample) => sum + sample * sample, 0) / size;
        watch.heard.push({ at: at + block * 2.5 - 7.5, level: decibel(power), tone });
      }
      data.close();
    }
  };

  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      watch.peers.push(this);
      this.addEventListener('track', ({ track }) => {
        if (track.kind === 'audio') void listen(track);
      });
    }
  };
}
