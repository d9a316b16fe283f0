/** Scenarios 1 and 2 by ear: a received track does not prove that anybody hears it, a loudspeaker does. */
import { expect, test } from '@playwright/test';
import { CLIENT } from '../kit/client.ts';
import type { ClientCall } from '../kit/client.ts';
import type { BrowserPhone } from '../kit/browser-phone.ts';
import type { DesktopPhone } from '../kit/desktop-phone.ts';
import { expectHears, freshEars } from '../kit/hearing.ts';
import { Office } from '../kit/office.ts';
import { SoundSink } from '../kit/sound-sink.ts';
import { loudness } from '../kit/spectrum.ts';

/** Whoever is not in the call hears less than this, in dBFS. */
const NOTHING_DB = -60;

let office: Office;
let bob: DesktopPhone;
let alice: DesktopPhone;
let carol: BrowserPhone;
let bobsBrowser: BrowserPhone;
const sinks = new Map<string, SoundSink>();

async function sink(name: string): Promise<string> {
  const opened = await SoundSink.open(name);
  sinks.set(name, opened);
  return opened.name;
}

function at(name: string): SoundSink {
  const found = sinks.get(name);
  if (found === undefined) throw new Error(`no loudspeaker ${name}`);
  return found;
}

test.beforeAll(async () => {
  office = await Office.open();
  bob = await office.desktop('101', { sink: await sink('bobs-desk') });
  alice = await office.desktop('102', { sink: await sink('alices-desk') });
  carol = await office.browser('103', { sink: await sink('carols-browser') });
  bobsBrowser = await office.browser('101', { sink: await sink('bobs-browser') });
});
test.afterEach(() => office.tidyUp());
test.afterAll(async () => {
  await office?.close();
  for (const each of sinks.values()) await each.close();
});

/** The client is heard at that loudspeaker, and nothing at any other. */
async function clientIsHeardOnlyAt(name: string, withinMs = 8_000): Promise<void> {
  await expectHears(at(name).ear, 'client', withinMs);
  await nothingIsHeardAt([...sinks.keys()].filter((other) => other !== name));
}

/** It gets quiet there, and stays so. */
async function nothingIsHeardAt(names: readonly string[]): Promise<void> {
  const message = `nothing is heard at ${names.join(', ')}`;
  const loud = () => names.filter((name) => loudness(at(name).recording()) > NOTHING_DB);
  await expect.poll(loud, { message }).toEqual([]);
  await freshEars();
  expect(loud(), message).toEqual([]);
}

async function bobTalksToClient(): Promise<ClientCall> {
  const client = await office.outside.call(office.server, '101');
  await bob.rings(CLIENT);
  await bob.answer();
  await clientIsHeardOnlyAt('bobs-desk');
  await expectHears(client.ear, '101');
  return client;
}

test('scenario 1: Bob hears the client, then nobody does, then Alice and only she', async () => {
  const client = await bobTalksToClient();
  await bob.transferTo('*68102');
  await expectHears(client.ear, 'music');
  await bob.isIdle();
  await nothingIsHeardAt(['bobs-desk']);
  await alice.retrieve(CLIENT);
  await clientIsHeardOnlyAt('alices-desk');
  await expectHears(client.ear, '102');
  await alice.hangUp();
  await nothingIsHeardAt(['alices-desk']);
});

test('scenario 2: Bob hears the client at his desk, then at his other device and only there', async () => {
  const client = await bobTalksToClient();
  await bob.transferTo('*68');
  await expectHears(client.ear, 'music');
  await bob.isIdle();
  await bobsBrowser.dial('*88');
  await clientIsHeardOnlyAt('bobs-browser');
  await expectHears(client.ear, '101');
  await bobsBrowser.hangUp();
});

test('a waiting call chimes at the loudspeakers of the one it is parked for, and at no other', async () => {
  await bobTalksToClient();
  const chimes = expect
    .poll(() => loudness(at('alices-desk').recording()), { intervals: [100], timeout: 8_000 })
    .toBeGreaterThan(NOTHING_DB + 10);
  await Promise.all([chimes, bob.transferTo('*68102')]);
  await bob.isIdle();
  await nothingIsHeardAt(['bobs-desk', 'bobs-browser', 'carols-browser']);
});

test.describe('the same assertion fails', () => {
  test('when the page that talks plays nothing', async () => {
    await bobTalksToClient();
    await mute(bob, true);
    await expect(clientIsHeardOnlyAt('bobs-desk', 2_000)).rejects.toThrow('hears client');
    await mute(bob, false);
    await clientIsHeardOnlyAt('bobs-desk');
  });

  test('when another page plays what it should not', async () => {
    await bobTalksToClient();
    const playing = await carol.page.evaluateHandle(() => {
      const context = new AudioContext();
      const oscillator = context.createOscillator();
      const gain = context.createGain();
      // Far below what anybody would notice: -50 dBFS.
      gain.gain.value = 0.0045;
      oscillator.connect(gain).connect(context.destination);
      oscillator.start();
      return context;
    });
    await expect(clientIsHeardOnlyAt('bobs-desk', 2_000)).rejects.toThrow('nothing is heard at');
    await playing.evaluate((context) => context.close());
  });

  test('when the sound is looked for at somebody else’s', async () => {
    await bobTalksToClient();
    await expect(clientIsHeardOnlyAt('alices-desk', 2_000)).rejects.toThrow('hears client');
  });
});

async function mute(phone: DesktopPhone, muted: boolean): Promise<void> {
  const count = await phone.page.locator('audio[data-role="call"]').evaluateAll((elements, on) => {
    for (const element of elements) if (element instanceof HTMLAudioElement) element.muted = on;
    return elements.length;
  }, muted);
  expect(count).toBe(1);
}
