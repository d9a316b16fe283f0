/** Our phone on an Asterisk whose every message follows Asterisk's own sources: `kit/pbx/asterisk-messages.ts` says which. */
import { expect, test } from '@playwright/test';
import { BrowserPhone } from '../kit/browser-phone.ts';
import { expectHears } from '../kit/hearing.ts';
import { openPageSite, type PageSite } from '../kit/page-site.ts';
import { ScriptedAsterisk } from '../kit/pbx/asterisk.ts';
import { ANNOUNCER } from '../kit/pbx/voiced-calls.ts';
import { headerOf } from '../kit/pbx/sip-text.ts';
import { signInTo } from '../kit/pbx/sign-in.ts';

const CLIENT = { name: 'Client', number: '003386002678', voice: 'client' } as const;
const OTHER = { name: 'Ms Second', number: '00493012345', voice: 'second client' } as const;

let asterisk: ScriptedAsterisk;
let site: PageSite;
let bob: BrowserPhone;

const slotCard = (slot: string) => bob.waitingCards.filter({ hasText: `on ${slot}` });
const parkButton = () => bob.call.getByRole('button', { name: 'Park this call' });

test.beforeAll(async () => {
  asterisk = await ScriptedAsterisk.start({
    slots: ['701', '702', '703'],
    hints: 'yes',
    mail: 2,
  });
  site = await openPageSite([asterisk.pbx.webSocketUrl.replace(/\/ws$/, '')]);
  bob = await BrowserPhone.open(site.url, { voice: '101', name: "101's phone" });
  await signInTo(bob, {
    system: 'Asterisk, FreePBX',
    pbx: asterisk.pbx,
    extension: '101',
    domain: 'pbx.test',
    slots: '701-703',
  });
  await bob.ready();
});
test.afterEach(async () => {
  for (const slot of asterisk.taken) asterisk.free(slot);
  await noCallsOn(asterisk);
  await bob.showsNothingParked();
  expect(asterisk.pbx.surprises).toEqual([]);
});
test.afterAll(async () => {
  await bob?.close();
  await site?.close();
  await asterisk?.close();
});

/** The phone has said BYE, or was told so; its screen says for a while how the call ended. */
const noCallsOn = ({ pbx }: ScriptedAsterisk) =>
  expect.poll(() => pbx.liveCalls, 'calls that are left').toBe(0);

const hangUp = (phone: BrowserPhone) => phone.call.getByRole('button', { name: 'Hang up' }).click();

async function bobTalks(): Promise<void> {
  const [call] = await Promise.all([asterisk.ring('101', CLIENT), answered()]);
  expect(call.over).toBe(false);
}

async function answered(): Promise<void> {
  await bob.rings(CLIENT);
  await bob.answer();
}

test('a call is parked by transfer to 700, its slot is announced, and one press takes it back', async () => {
  await bobTalks();
  await expectHears(bob.ear, 'client');
  await parkButton().click();
  // Asterisk says the number to whoever parks, and only then that it is done.
  await expectHears(bob.ear, ANNOUNCER);
  await noCallsOn(asterisk);
  await bob.isTold('Parked.');
  await expect(slotCard('701')).toHaveCount(1);
  // Asterisk tells neither who waits nor who parked: the card claims nothing.
  await expect(slotCard('701')).not.toContainText(/Client|Group|by me/);

  await slotCard('701').getByRole('button', { name: 'Retrieve' }).click();
  await bob.isTalking();
  await expectHears(bob.ear, 'client');
  await expect(bob.callName).toHaveText('701');
  await bob.showsNothingParked();
  await hangUp(bob);
});

test('the lamp of the voicemail box is lit, and calls it', async () => {
  await expect(bob.page.getByRole('button', { name: '2 new voicemails' })).toBeEnabled();
});

test('a slot that is taken already is passed over, and each card is its own call', async () => {
  asterisk.parkElsewhere(OTHER);
  await expect(slotCard('701')).toHaveCount(1);
  await bobTalks();
  await parkButton().click();
  await expect(slotCard('702')).toHaveCount(1);
  await noCallsOn(asterisk);
  // The caller in 701 hangs up.
  asterisk.free('701');
  await expect(slotCard('701')).toHaveCount(0);
  await slotCard('702').getByRole('button', { name: 'Retrieve' }).click();
  await bob.isTalking();
  await hangUp(bob);
});

test('a full lot is not given the call, and a code that does not exist keeps it', async () => {
  for (const slot of ['701', '702', '703']) expect(asterisk.parkElsewhere(OTHER)).toBe(slot);
  await expect(bob.waitingCards).toHaveCount(3);
  await bobTalks();
  const refers = asterisk.pbx.received('REFER').length;
  await parkButton().click();
  await bob.isTold('Not parked: the slot is full');
  expect(asterisk.pbx.received('REFER')).toHaveLength(refers);
  await bob.transferTo('799');
  await bob.isTold('Not transferred');
  await bob.isTalking();
  await expectHears(bob.ear, 'client');
  await hangUp(bob);
});

test('who comes too late hears that nobody is there', async () => {
  const slot = asterisk.parkElsewhere(OTHER);
  await expect(slotCard(slot)).toHaveCount(1);
  asterisk.freeInSilence(slot);
  await slotCard(slot).getByRole('button', { name: 'Retrieve' }).click();
  await bob.isTalking();
  await expectHears(bob.ear, ANNOUNCER);
  await noCallsOn(asterisk);
  asterisk.free(slot);
});

test('attended: whoever dials 700 hears the slot first and then joins the two', async () => {
  await bobTalks();
  await bob.dismissNotices();
  await bob.dial('700');
  await bob.isTalking();
  await expectHears(bob.ear, ANNOUNCER);
  await expect(slotCard('701')).toHaveCount(1);
  await bob.call.getByRole('button', { name: /Join with/ }).click();
  await noCallsOn(asterisk);
  await slotCard('701').getByRole('button', { name: 'Retrieve' }).click();
  await bob.isTalking();
  await expectHears(bob.ear, 'client');
  await hangUp(bob);
});

test('a call that nobody takes comes back as a call, and its card goes', async () => {
  asterisk.parkElsewhere(CLIENT);
  await expect(slotCard('701')).toHaveCount(1);
  await Promise.all([asterisk.timeOut('701', '101'), answered()]);
  await bob.talksTo(CLIENT);
  await hangUp(bob);
});

test('an old document changes nothing, and after a lost one the slot is asked anew', async () => {
  asterisk.parkElsewhere(OTHER);
  await expect(slotCard('701')).toHaveCount(1);
  asterisk.free('701');
  await bob.showsNothingParked();
  asterisk.repeatOldDocument('701');
  asterisk.parkElsewhere(CLIENT);
  await expect(slotCard('701')).toHaveCount(1);
  asterisk.free('701');
  await bob.showsNothingParked();

  const asked = asterisk.pbx.received('SUBSCRIBE').length;
  asterisk.sendPartialAfterLoss('702');
  await expect(bob.parkList).toHaveAttribute('data-mood', 'unknown');
  await bob.knowsItsList(10_000);
  expect(asterisk.pbx.received('SUBSCRIBE').length).toBeGreaterThan(asked);
  await bob.showsNothingParked();
});

test('all that the phone asked was asked with MD5, its registration was refreshed, and it sent no UPDATE', async () => {
  await expect.poll(() => asterisk.pbx.received('REGISTER').length).toBeGreaterThan(2);
  const { received } = { received: (method: string) => asterisk.pbx.received(method) };
  for (const method of ['REGISTER', 'SUBSCRIBE']) {
    const algorithms = received(method).map((each) => headerOf(each, 'Authorization'));
    expect(algorithms.filter((each) => each !== '' && !/algorithm=MD5/.test(each))).toEqual([]);
  }
  expect(received('UPDATE')).toEqual([]);
});

test('after a restart of Asterisk the phone signs in again and shows what is parked now: nothing', async () => {
  asterisk.parkElsewhere(OTHER);
  await expect(slotCard('701')).toHaveCount(1);
  await asterisk.restart();
  await bob.ready(20_000);
  await bob.showsNothingParked();
  asterisk.parkElsewhere(CLIENT);
  await expect(slotCard('701')).toHaveCount(1);
});

test('where the lot has no hints (404) there is no list, and parking still works', async () => {
  const plain = await ScriptedAsterisk.start({ slots: ['701'], hints: 'no', mail: null });
  const page = await openPageSite([plain.pbx.webSocketUrl.replace(/\/ws$/, '')]);
  const alice = await BrowserPhone.open(page.url, { voice: '102', name: "102's phone" });
  try {
    await signInTo(alice, {
      system: 'Asterisk, FreePBX',
      pbx: plain.pbx,
      extension: '102',
      domain: 'pbx.test',
      slots: '701',
    });
    await expect(alice.parkList).toHaveAttribute('data-mood', 'unsupported');
    await expect(alice.page.locator('.voicemail-lamp')).toHaveCount(0);
    await Promise.all([plain.ring('102', CLIENT), alice.rings(CLIENT).then(() => alice.answer())]);
    await alice.call.getByRole('button', { name: 'Park this call' }).click();
    await expectHears(alice.ear, ANNOUNCER);
    await noCallsOn(plain);
    expect(plain.taken).toEqual(['701']);
    await alice.dismissNotices();
    await alice.dial('701');
    await alice.isTalking();
    await expectHears(alice.ear, 'client');
    await hangUp(alice);
    await noCallsOn(plain);
    expect(plain.pbx.surprises).toEqual([]);
  } finally {
    await alice.close();
    await page.close();
    await plain.close();
  }
});
