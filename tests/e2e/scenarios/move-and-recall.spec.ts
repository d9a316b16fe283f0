/** Scenarios 2, 3 and 6 of the product: between one's own devices, from somebody else's phone, and when nobody takes it. */
import { expect, test } from '@playwright/test';
import { closeAllNotifications, displayedCount } from '../desktop/desktop.ts';
import type { BrowserPhone } from '../kit/browser-phone.ts';
import { CLIENT } from '../kit/client.ts';
import type { ClientCall } from '../kit/client.ts';
import type { DesktopPhone } from '../kit/desktop-phone.ts';
import { expectHears, expectTalk } from '../kit/hearing.ts';
import { Office } from '../kit/office.ts';
import type { PhoneScreen } from '../kit/phone-screen.ts';

let office: Office;
let bob: DesktopPhone;
let bobsBrowser: BrowserPhone;
let alice: DesktopPhone;
let carol: BrowserPhone;

/** Long enough for a retrieve without a recall, short enough to wait for one. */
const RECALL_MS = 12_000;
const RETRY_MS = 2_000;

test.beforeAll(async () => {
  office = await Office.open({ settings: { recall: { timerMs: RECALL_MS, retryMs: RETRY_MS } } });
  bob = await office.desktop('101');
  bobsBrowser = await office.browser('101');
  alice = await office.desktop('102');
  carol = await office.browser('103');
});
test.beforeEach(() => closeAllNotifications());
test.afterEach(() => office.tidyUp());
test.afterAll(() => office?.close());

/** Both devices of Bob ring; he answers at the desktop, and the browser stops. */
async function bobTalksToClient(): Promise<ClientCall> {
  const client = await office.outside.call(office.server, '101');
  await bob.rings(CLIENT);
  await bobsBrowser.rings(CLIENT);
  await bob.answer();
  await expect(bobsBrowser.incoming).toHaveCount(0);
  await expectTalk(bob, client);
  return client;
}

async function bobParks(client: ClientCall, code: string, slot: string): Promise<void> {
  await bob.transferTo(code);
  await expectHears(client.ear, 'music');
  await bob.isTold(`Parked on ${slot}, retrieve with *88${slot}`);
  await bob.isIdle();
}

async function takenBy(retriever: PhoneScreen, client: ClientCall): Promise<void> {
  await retriever.talksTo(CLIENT);
  await expectTalk(retriever, client);
  for (const phone of [bob, bobsBrowser, alice, carol]) {
    await expect(phone.waitingCards).toHaveCount(0);
  }
  await retriever.hangUp();
  await client.hasEnded();
}

test('parked with *68 at the desktop, retrieved by one press on my other device', async () => {
  const client = await bobTalksToClient();
  await bobParks(client, '*68', '101');
  await bobsBrowser.showsParked(CLIENT, { slot: '101', by: 'me' });
  await alice.showsNothingParked();
  await carol.showsNothingParked();
  await bobsBrowser.retrieve(CLIENT);
  await takenBy(bobsBrowser, client);
});

test('parked with *68 at the desktop, retrieved by dialling *88 on my other device', async () => {
  const client = await bobTalksToClient();
  await bobParks(client, '*68', '101');
  await bobsBrowser.dial('*88');
  await takenBy(bobsBrowser, client);
});

test('parked by the Park button, retrieved on the same device, and put back by one press', async () => {
  const client = await bobTalksToClient();
  await bob.park();
  await expectHears(client.ear, 'music');
  await bob.isIdle();
  await bob.retrieve(CLIENT);
  await bob.talksTo(CLIENT);
  await expectTalk(bob, client);
  await bob.page.getByRole('button', { name: 'Put back on 101' }).click();
  await expectHears(client.ear, 'music');
  await bob.isIdle();
  await bobsBrowser.retrieve(CLIENT);
  await takenBy(bobsBrowser, client);
});

test('retrieved with *88101 from a phone of somebody else, with the caller’s name on it', async () => {
  const client = await bobTalksToClient();
  await bobParks(client, '*68', '101');
  await carol.showsNothingParked();
  await carol.dial('*88101');
  await takenBy(carol, client);
});

test('nobody takes it: the parker rings on every device, again after a pause, and talks to the caller', async () => {
  const client = await bobTalksToClient();
  await bobParks(client, '*68102', '102');
  await alice.showsParked(CLIENT, { slot: '102', by: 'Bob' });

  await recallRings(bob);
  await recallRings(bobsBrowser);
  await expectHears(client.ear, 'music');
  await expect(alice.card(CLIENT)).toHaveAttribute('data-state', 'recalling');
  await expect(alice.card(CLIENT)).toContainText('Ringing Bob');
  await expect(alice.incoming).toHaveCount(0);
  await expect(carol.incoming).toHaveCount(0);

  // Refused on every device: tried again after the pause.
  await bob.incoming.getByRole('button', { name: 'Decline' }).click();
  await bobsBrowser.incoming.getByRole('button', { name: 'Decline' }).click();
  await expect(alice.card(CLIENT)).toHaveAttribute('data-state', 'parked');
  await expectHears(client.ear, 'music');
  await recallRings(bob, RETRY_MS + 3_000);

  await bob.answer();
  await bob.talksTo(CLIENT);
  await expect(bob.call).toContainText('Recall, 102');
  await expect(bobsBrowser.incoming).toHaveCount(0);
  await expectTalk(bob, client);
  await expect(alice.card(CLIENT)).toContainText('Went back to Bob');
  await expect(alice.waitingCards).toHaveCount(0);
  await expect.poll(displayedCount).toBe(0);
  await bob.hangUp();
  await client.hasEnded();
});

test('retrieved while the parker rings: the ringing stops, and the retriever talks', async () => {
  const client = await bobTalksToClient();
  await bobParks(client, '*68102', '102');
  await recallRings(bob);
  await alice.retrieve(CLIENT);
  await expect(bob.incoming).toHaveCount(0);
  await expect(bobsBrowser.incoming).toHaveCount(0);
  await takenBy(alice, client);
});

/** The ringing names the caller and the slot: it is no ordinary call. */
async function recallRings(phone: PhoneScreen, withinMs = RECALL_MS + 3_000): Promise<void> {
  await expect(phone.incoming, `${phone.name} rings for the recall`).toBeVisible({
    timeout: withinMs,
  });
  await phone.rings(CLIENT);
  await expect(phone.incoming).toHaveAttribute('data-recall', 'true');
  await expect(phone.incoming).toContainText('Recall from slot 102');
}

test('no page complained', () => {
  expect(office.complaints).toEqual([]);
});
