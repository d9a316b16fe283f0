import type { Page } from '@playwright/test';
import type { Ear } from './hearing.ts';

interface ListeningWindow {
  /** Last samples of all that reaches this page over WebRTC, as 16-bit numbers in base64. */
  parklineEar?: () => { readonly rate: number; readonly samples: string };
}

/**
 * Puts an ear into a page, before its first call: every audio track that a peer connection receives is mixed into an
 * analyser. It hears what arrives; whether the page plays it, and where, is for the sound sinks to prove.
 */
export async function putEarInto(page: Page): Promise<void> {
  await page.evaluate(installEar);
}

/** The ear of a page. */
export function pageEar(page: Page, whose: string): Ear {
  return {
    whose,
    listen: async () => {
      const heard = await page.evaluate(() => (window as ListeningWindow).parklineEar?.());
      if (heard === undefined) throw new Error(`${whose} has no ear`);
      const bytes = Buffer.from(heard.samples, 'base64');
      const samples = Float32Array.from(
        { length: bytes.length / 2 },
        (_, n) => bytes.readInt16LE(2 * n) / 32_768,
      );
      return { rate: heard.rate, samples };
    },
  };
}

/** Runs in the page. */
function installEar(): void {
  const target = window as ListeningWindow;
  if (target.parklineEar !== undefined) return;
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 32_768;
  const samples = new Float32Array(analyser.fftSize);
  void context.resume();

  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      const sources: MediaStreamAudioSourceNode[] = [];
      this.addEventListener('track', ({ track }) => {
        if (track.kind !== 'audio') return;
        void context.resume();
        const source = context.createMediaStreamSource(new MediaStream([track]));
        source.connect(analyser);
        sources.push(source);
      });
      const close = this.close.bind(this);
      this.close = () => {
        for (const source of sources.splice(0)) source.disconnect();
        close();
      };
    }
  };

  target.parklineEar = () => {
    analyser.getFloatTimeDomainData(samples);
    const bytes = new Uint8Array(samples.length * 2);
    const view = new DataView(bytes.buffer);
    samples.forEach((sample, n) => {
      view.setInt16(2 * n, Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768))), true);
    });
    let binary = '';
    for (let at = 0; at < bytes.length; at += 8_192) {
      binary += String.fromCharCode(...bytes.subarray(at, at + 8_192));
    }
    return { rate: context.sampleRate, samples: btoa(binary) };
  };
}
