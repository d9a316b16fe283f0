import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { launchPhone } from './phone-app.ts';
import type { DrivenPhone } from './phone-app.ts';
import {
  createMicrophone,
  createSink,
  hearsNothing,
  hearsTone,
  listen,
  toneFile,
} from './sound.ts';
import type { Microphone, Sink } from './sound.ts';

/** Proof that the ears of these tests hear: every assertion about sound is made to fail once. */
const TONE_HZ = 620;
const MICROPHONE_HZ = 440;

let phone: DrivenPhone;
let speaker: Sink;
let other: Sink;
let microphone: Microphone;

test.beforeAll(async () => {
  speaker = await createSink('phone-a-speaker', 'Phone A speaker');
  other = await createSink('phone-a-ringer', 'Phone A ringer');
  microphone = await createMicrophone('phone-a-microphone', 'Phone A microphone', MICROPHONE_HZ);
  phone = await launchPhone({ sink: speaker.name, source: microphone.name });
});
test.afterAll(async () => {
  await phone.close();
  await speaker.remove();
  await other.remove();
  await microphone.remove();
});

interface Playing {
  readonly frequencyHz: number;
  readonly muted?: boolean;
  /** Label of the loudspeaker; the default one when absent. */
  readonly label?: string;
}

/** Plays a tone through an audio element, as the phone plays a call: a file, whose sound does not depend on how busy the machine is. */
async function play(
  page: Page,
  { frequencyHz, muted, label }: Playing,
): Promise<() => Promise<void>> {
  const wav = readFileSync(toneFile(frequencyHz)).toString('base64');
  await page.evaluate(
    async ({ wav, muted, label }) => {
      const bytes = Uint8Array.from(atob(wav), (character) => character.charCodeAt(0));
      const element = new Audio(URL.createObjectURL(new Blob([bytes], { type: 'audio/wav' })));
      element.muted = muted === true;
      const devices = await navigator.mediaDevices.enumerateDevices();
      const device = devices.find(
        ({ kind, label: name }) => kind === 'audiooutput' && name === label,
      );
      if (label !== undefined && device === undefined) {
        throw new Error(devices.map((it) => it.label).join());
      }
      if (device !== undefined) await element.setSinkId(device.deviceId);
      await element.play();
      Object.assign(window, { stopTestSound: () => element.pause() });
    },
    { wav, muted, label },
  );
  await page.waitForTimeout(300);
  return () =>
    page.evaluate(() => (window as unknown as { stopTestSound(): void }).stopTestSound());
}

test('what a phone plays is heard at its own sink and at no other', async () => {
  const stop = await play(phone.page, { frequencyHz: TONE_HZ });
  // The first moments of a sink may stutter on a busy machine; what lasts is what counts.
  const heard = async (): Promise<string | null> => {
    const [here, there] = await listen([speaker, other], 1000);
    if (here === undefined || there === undefined) return 'nothing was recorded';
    return hearsTone(here, TONE_HZ) ?? hearsNothing(there);
  };
  await expect.poll(heard).toBeNull();
  await stop();
});

test('negative control: a muted element makes the same assertion fail', async () => {
  const stop = await play(phone.page, { frequencyHz: TONE_HZ, muted: true });
  const [here] = await listen([speaker], 1000);
  await stop();
  expect(here && hearsTone(here, TONE_HZ)).toMatch(/620 Hz is at .* dBFS only/);
  expect(here && hearsNothing(here)).toBeNull();
});

test('negative control: a swapped sink makes both assertions fail', async () => {
  const stop = await play(phone.page, { frequencyHz: TONE_HZ, label: 'Phone A ringer' });
  const [here, there] = await listen([speaker, other], 1000);
  await stop();
  expect(here && hearsTone(here, TONE_HZ)).toMatch(/dBFS only/);
  expect(there && hearsNothing(there)).toMatch(/something is at/);
  expect(there && hearsTone(there, TONE_HZ)).toBeNull();
});

test('negative control: another tone is not taken for the right one', async () => {
  const stop = await play(phone.page, { frequencyHz: 900 });
  const [here] = await listen([speaker], 1000);
  await stop();
  expect(here && hearsTone(here, TONE_HZ)).not.toBeNull();
});

/** Strongest frequency of what the page's microphone hears. */
function microphoneTone(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    });
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
    context.createMediaStreamSource(stream).connect(analyser);
    const bins = new Float32Array(analyser.frequencyBinCount);
    // The audio process may just be starting: five seconds for the first sound.
    bins.fill(-Infinity);
    for (let look = 0; look < 50 && Math.max(...bins) < -60; look += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      analyser.getFloatFrequencyData(bins);
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    analyser.getFloatFrequencyData(bins);
    const rate = context.sampleRate;
    await context.close();
    stream.getTracks().forEach((track) => track.stop());
    return (bins.indexOf(Math.max(...bins)) * rate) / 8192;
  });
}

test('the microphone of a phone is its own tone', async () => {
  const heard = await microphoneTone(phone.page);
  expect(Math.abs(heard - MICROPHONE_HZ)).toBeLessThan(15);
});

test('so it is when the microphone is a file', async () => {
  const second = await launchPhone({ profile: 'b', microphoneFile: toneFile(530) });
  expect(Math.abs((await microphoneTone(second.page)) - 530)).toBeLessThan(15);
  await second.close();
});
