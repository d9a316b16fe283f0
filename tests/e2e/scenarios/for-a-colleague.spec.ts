/** Scenarios 1, 3 and 4 of the product: parked for a colleague, and taken by one press or by dialling. */
import { expect, test } from '@playwright/test';
import {
  clickNewestNotification,
  closeAllNotifications,
  closedNotifications,
  displayedCount,
} from '../desktop/desktop.ts';
import type { BrowserPhone } from '../kit/browser-phone.ts';
import { CLIENT } from '../kit/client.ts';
import type { ClientCall } from '../kit/client.ts';
import type { DesktopPhone } from '../kit/desktop-phone.ts';
import { expectHears, expectTalk } from '../kit/hearing.ts';
import { Office } from '../kit/office.ts';
import type { PhoneScreen } from '../kit/phone-screen.ts';

let office: Office;
let bob: DesktopPhone;
let alice: DesktopPhone;
let alicesBrowser: BrowserPhone;
let carol: BrowserPhone;

test.beforeAll(async () => {
  office = await Office.open();
  bob = await office.desktop('101');
  alice = await office.desktop('102');
  alicesBrowser = await office.browser('102');
  carol = await office.browser('103');
});
test.beforeEach(async () => {
  await closeAllNotifications();
  for (const phone of [bob, alice, alicesBrowser, carol]) await phone.collectAnnouncements();
});
test.afterEach(() => office.tidyUp());
test.afterAll(() => office?.close());

/** The client is put through to Bob, who answers; the two talk. */
async function bobTalksToClient(): Promise<ClientCall> {
  const client = await office.outside.call(office.server, '101');
  await bob.rings(CLIENT);
  await expect(alice.incoming).toHaveCount(0);
  await expect(carol.incoming).toHaveCount(0);
  await bob.answer();
  await bob.talksTo(CLIENT);
  await expectTalk(bob, client);
  await expect.poll(displayedCount, { message: 'the ringing is no longer notified' }).toBe(0);
  return client;
}

/** Bob transfers the call to the code; the client hears music, Bob is told where it went and has no call any more. */
async function bobParksOnAlice(client: ClientCall): Promise<void> {
  await bob.transferTo('*68102');
  await expectHears(client.ear, 'music');
  await bob.isTold('Parked on 102, retrieve with *88102');
  await bob.isIdle();
}

/** On each device of hers, and nowhere else. */
async function onlyAliceIsAlerted(): Promise<void> {
  for (const device of [alice, alicesBrowser]) {
    await device.showsParked(CLIENT, { slot: '102', by: 'Bob' });
    await expect
      .poll(async () => (await device.announcements()).filter(isAlert), {
        message: `${device.name} is alerted once`,
      })
      .toEqual([expect.stringMatching(/^Parked call: Client, .*on 102, by Bob$/)]);
  }
  await expect.poll(displayedCount, { message: 'one desktop is notified, once' }).toBe(1);
  // Bob sees what he parked; Carol sees nothing. Neither is alerted.
  await expect(bob.card(CLIENT)).toContainText('on 102');
  await carol.showsNothingParked();
  expect((await bob.announcements()).filter(isAlert)).toEqual([]);
  expect(await carol.announcements()).toEqual([]);
}

const isAlert = (announcement: string): boolean => announcement.startsWith('Parked call');

/** The retriever talks to the client and sees who it is; everybody else knows that it is over. */
async function takenBy(retriever: PhoneScreen, who: string, client: ClientCall): Promise<void> {
  await retriever.talksTo(CLIENT);
  await expectTalk(retriever, client);
  await expect.poll(displayedCount, { message: 'the notification is withdrawn' }).toBe(0);
  for (const other of [bob, alice, alicesBrowser, carol]) {
    await expect(other.waitingCards, `${other.name} shows nothing that waits`).toHaveCount(0);
  }
  await expect.poll(() => bob.announcements()).toContainEqual(`Client: Retrieved by ${who}`);
}

test('the retriever presses once on a device of hers, is heard, and the call ends with her', async () => {
  const client = await bobTalksToClient();
  await bobParksOnAlice(client);
  await onlyAliceIsAlerted();
  await alice.retrieve(CLIENT);
  await takenBy(alice, 'Alice', client);
  const [notified] = await closedNotifications();
  expect(notified?.title).toBe('Client – Parked on 102');
  expect(notified?.body).toBe('003386002678');
  await alice.hangUp();
  await client.hasEnded();
});

test('the browser app retrieves with the same one press', async () => {
  const client = await bobTalksToClient();
  await bobParksOnAlice(client);
  await onlyAliceIsAlerted();
  await alicesBrowser.retrieve(CLIENT);
  await takenBy(alicesBrowser, 'Alice', client);
});

test('a click on the notification retrieves while the window is hidden', async () => {
  await alice.hideWindow();
  await closeAllNotifications();
  const client = await bobTalksToClient();
  await bobParksOnAlice(client);
  await onlyAliceIsAlerted();
  await clickNewestNotification();
  await takenBy(alice, 'Alice', client);
  expect(await alice.windowIsVisible()).toBe(false);
  await alice.showWindow();
  client.hangUp();
  await alice.isIdle();
});

for (const code of ['*88', '*88102']) {
  test(`the colleague may dial ${code} instead`, async () => {
    const client = await bobTalksToClient();
    await bobParksOnAlice(client);
    await alice.showsParked(CLIENT, { slot: '102', by: 'Bob' });
    await alice.dial(code);
    await takenBy(alice, 'Alice', client);
    client.hangUp();
    await alice.isIdle();
  });
}

test('somebody else takes it with *88102 when the colleague is away', async () => {
  const client = await bobTalksToClient();
  await bobParksOnAlice(client);
  await onlyAliceIsAlerted();
  await carol.dial('*88102');
  await takenBy(carol, 'Carol', client);
  for (const device of [alice, alicesBrowser]) {
    await expect.poll(() => device.announcements()).toContainEqual('Client: Retrieved by Carol');
  }
  client.hangUp();
  await carol.isIdle();
});

test('a caller who hangs up is gone from every list within a second', async () => {
  const client = await bobTalksToClient();
  await bobParksOnAlice(client);
  await onlyAliceIsAlerted();
  client.hangUp();
  for (const device of [alice, alicesBrowser, bob]) {
    await expect(device.waitingCards).toHaveCount(0, { timeout: 1_000 });
  }
  await expect.poll(displayedCount, { timeout: 1_000 }).toBe(0);
  await expect.poll(() => alice.announcements()).toContainEqual('Client: Caller hung up');
});

test('no page complained', () => {
  expect(office.complaints).toEqual([]);
});
