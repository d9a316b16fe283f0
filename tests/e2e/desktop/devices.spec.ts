/**
 * The packed app on real devices, by ear: which loudspeaker plays what, what is unplugged in mid-call, who hears whom. Every
 * assertion is made to fail once.
 */
import { expect, test } from '@playwright/test';
import type { BrowserPhone } from '../kit/browser-phone.ts';
import { CLIENT, SECOND_CLIENT } from '../kit/client.ts';
import type { ClientCall } from '../kit/client.ts';
import type { DesktopPhone } from '../kit/desktop-phone.ts';
import { choose, chooseDevice } from '../kit/device-choice.ts';
import { expectHears, expectVoices, freshEars } from '../kit/hearing.ts';
import { Office } from '../kit/office.ts';
import { SoundSink } from '../kit/sound-sink.ts';
import { SoundSource } from '../kit/sound-source.ts';
import { loudness } from '../kit/spectrum.ts';

/** dBFS: more is a sound, less is none. */
const SOUND_DB = -50;
const NOTHING_DB = -60;
/** So long a negative control waits for what must not come. */
const SOON_MS = 1_200;

const SINKS = ['usual', 'headset', 'bell'] as const;
type SinkName = (typeof SINKS)[number];

let office: Office;
let bob: DesktopPhone;
let alice: BrowserPhone;
let headsetMicrophone: SoundSource;
let deskMicrophone: SoundSource;
const sinks = new Map<SinkName, SoundSink>();

test.beforeAll(async () => {
  office = await Office.open();
  for (const name of SINKS) await plugIn(name);
  deskMicrophone = await SoundSource.open('desk-microphone', '103');
  headsetMicrophone = await SoundSource.open('headset-microphone', '101');
  bob = await office.desktop('101', { sink: 'usual', source: deskMicrophone.name });
  alice = await office.browser('102');
  await chooseDevice(bob, 'Speaker', 'headset');
  await chooseDevice(bob, 'Microphone', 'headset-microphone');
});
test.afterEach(() => office.tidyUp());
test.afterAll(async () => {
  await office?.close();
  for (const sink of sinks.values()) await sink.close();
  for (const source of [headsetMicrophone, deskMicrophone]) await source?.close();
});

async function plugIn(name: SinkName): Promise<void> {
  sinks.set(name, await SoundSink.open(name));
}

async function unplug(name: SinkName): Promise<void> {
  await at(name).close();
  sinks.delete(name);
}

function at(name: SinkName): SoundSink {
  const sink = sinks.get(name);
  if (sink === undefined) throw new Error(`${name} is not plugged in`);
  return sink;
}

const loudAt = (name: SinkName, above = NOTHING_DB): boolean =>
  loudness(at(name).recording()) > above;

/** Something is heard there, whatever it is. */
async function soundsAt(name: SinkName, withinMs = 5_000): Promise<void> {
  await expect
    .poll(() => loudAt(name, SOUND_DB), {
      message: `something is heard at ${name}`,
      timeout: withinMs,
      intervals: [50],
    })
    .toBe(true);
}

/** It gets quiet there and stays so for a while. */
async function isQuietAt(...names: readonly SinkName[]): Promise<void> {
  const message = `nothing is heard at ${names.join(', ')}`;
  const loud = (): readonly SinkName[] => names.filter((name) => loudAt(name));
  await expect.poll(loud, { message, timeout: 4_000 }).toEqual([]);
  await freshEars();
  expect(loud(), message).toEqual([]);
}

async function clientIsHeardOnlyAt(name: SinkName, withinMs?: number): Promise<void> {
  await expectHears(at(name).ear, 'client', withinMs);
  await isQuietAt(...[...sinks.keys()].filter((other) => other !== name));
}

async function clientCalls(as: Parameters<Office['outside']['call']>[2] = {}) {
  const client = await office.outside.call(office.server, '101', as);
  await bob.rings(client.identity);
  return client;
}

async function bobTalks(): Promise<ClientCall> {
  const client = await clientCalls();
  await bob.answer();
  return client;
}

test('a loudspeaker and a microphone that are unplugged in mid-call give way, and take their place again', async () => {
  const client = await bobTalks();
  await clientIsHeardOnlyAt('headset');
  await expectHears(client.ear, '101');

  await unplug('headset');
  await clientIsHeardOnlyAt('usual');
  await bob.isTold('Speaker: the chosen device is not connected. Using System default now.');
  await plugIn('headset');

  await headsetMicrophone.close();
  await expectHears(client.ear, '103', 15_000);
  // PulseAudio moves the stream at once; only what the phone has missed does it take back.
  await bob.isTold('Microphone: the chosen device is not connected. Using System default now.');
  headsetMicrophone = await SoundSource.open('headset-microphone', '101');
  await expectHears(client.ear, '101', 15_000);
  await expect(expectHears(client.ear, '103', SOON_MS), 'the control fails').rejects.toThrow();

  await clientIsHeardOnlyAt('headset', 15_000);
  await bob.isTold('Speaker: headset is back and in use.');
  await expect(clientIsHeardOnlyAt('usual', SOON_MS), 'the control fails').rejects.toThrow();
  await bob.hangUp();
});

test('what is muted is silence at the other end, until it is muted no more', async () => {
  const client = await bobTalks();
  await expectHears(client.ear, '101');
  await expect(expectHears(client.ear, 'silence', SOON_MS), 'the control fails').rejects.toThrow();
  await bob.toggle('Mute');
  await expectHears(client.ear, 'silence');
  await expect(bob.call).toHaveAttribute('data-state', 'active');
  await bob.toggle('Mute');
  await expectHears(client.ear, '101');
  await bob.hangUp();
});

test('in a conference everyone hears the two others', async () => {
  const first = await bobTalks();
  const other = await clientCalls({ identity: SECOND_CLIENT, voice: 'second client' });
  await bob.answer();
  await bob.page.keyboard.press('Alt+j');
  await expect(bob.page.locator('article.strip')).toHaveAttribute('data-company', 'conference');
  await expectVoices(first.ear, { heard: ['101', 'second client'], unheard: ['client'] });
  await expectVoices(other.ear, { heard: ['101', 'client'], unheard: ['second client'] });
  await expectVoices(at('headset').ear, { heard: ['client', 'second client'], unheard: ['101'] });

  await bob.toggle('Mute');
  await expectVoices(first.ear, { heard: ['second client'], unheard: ['101'] });
  await expect(
    expectVoices(first.ear, { heard: ['101', 'second client'], unheard: [] }, SOON_MS),
    'the control fails',
  ).rejects.toThrow();
});

test('the ringer rings at its own loudspeaker and at no other', async () => {
  await chooseDevice(bob, 'Ringer plays on', 'bell');
  await clientCalls();
  await soundsAt('bell');
  await isQuietAt('usual', 'headset');
  await office.outside.hangUpAll();
  await isQuietAt('bell');

  await chooseDevice(bob, 'Ringer plays on', 'headset');
  await clientCalls();
  await soundsAt('headset');
  await expect(soundsAt('bell', SOON_MS), 'the control fails').rejects.toThrow();
});

test('the park chime sounds and repeats while a call waits, never while the phone rings or talks', async () => {
  // Waits between chimes pass at once; what is heard is heard in real time.
  await bob.page.clock.install();
  const nextChimeIsDue = () => bob.page.clock.fastForward(16_000);
  await chooseDevice(bob, 'Chime plays on', 'bell');
  await choose(bob, 'Repeat while a call waits', 'Every 15 seconds');

  const parked = await office.outside.call(office.server, '102');
  await alice.rings(CLIENT);
  await alice.answer();
  await Promise.all([soundsAt('bell', 8_000), alice.transferTo('*68101')]);
  await isQuietAt('bell', 'usual', 'headset');
  await nextChimeIsDue();
  await soundsAt('bell');
  await isQuietAt('bell');

  await clientCalls({ identity: SECOND_CLIENT, voice: 'second client' });
  await nextChimeIsDue();
  await expect(soundsAt('bell', SOON_MS), 'silent while it rings').rejects.toThrow();
  await bob.answer();
  await nextChimeIsDue();
  await expect(soundsAt('bell', SOON_MS), 'silent while talking').rejects.toThrow();
  await Promise.all([soundsAt('bell'), bob.hangUp()]);
  await isQuietAt('bell');

  parked.hangUp();
  await bob.showsNothingParked();
  await nextChimeIsDue();
  await expect(soundsAt('bell', SOON_MS), 'silent when nothing waits').rejects.toThrow();
});
