import type { Page } from '@playwright/test';
import { writeWav } from '../../../shared/media/music/wav.ts';

const RATE = 48_000;
const LEVEL = 0.35;

/** One second of a tone without pauses, for playing in a loop: what is missing of it was lost on the way. */
export function steadyWav(hertz: number): Uint8Array {
  const samples = Int16Array.from({ length: RATE }, (_, n) =>
    Math.round(32_767 * LEVEL * Math.sin((2 * Math.PI * hertz * n) / RATE)),
  );
  return writeWav({ rate: RATE, samples });
}

/**
 * Gives a page a microphone that speaks a tone without pauses. It is not a device: what a browser does to a voice
 * (suppress steady tones as noise) is left out, and so is the time that a device takes to open.
 */
export async function speakSteadily(page: Page, hertz: number): Promise<void> {
  await page.evaluate(
    ({ hz, level }) => {
      const context = new AudioContext();
      void context.resume();
      navigator.mediaDevices.getUserMedia = async () => {
        await context.resume();
        const [tone, gain] = [context.createOscillator(), context.createGain()];
        const mouth = context.createMediaStreamDestination();
        tone.frequency.value = hz;
        gain.gain.value = level;
        tone.connect(gain).connect(mouth);
        tone.start();
        return mouth.stream;
      };
    },
    { hz: hertz, level: LEVEL },
  );
}
