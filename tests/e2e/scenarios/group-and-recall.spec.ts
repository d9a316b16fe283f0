/** Scenarios 5 and 6 of the product: parked to a group, and what becomes of a call that nobody of it takes. */
import { expect, test } from '@playwright/test';
import type { RecallSettings } from '../../../shared/domain/recall-policy.ts';
import type { RingGroupId } from '../../../shared/domain/ids.ts';
import { closeAllNotifications, closedNotifications, displayedCount } from '../desktop/desktop.ts';
import type { BrowserPhone } from '../kit/browser-phone.ts';
import { CLIENT, SECOND_CLIENT } from '../kit/client.ts';
import type { CallerIdentity, ClientCall } from '../kit/client.ts';
import type { DesktopPhone } from '../kit/desktop-phone.ts';
import { expectHears, expectTalk } from '../kit/hearing.ts';
import { OfficeGroups } from '../kit/office-groups.ts';
import { Office } from '../kit/office.ts';
import type { PhoneScreen } from '../kit/phone-screen.ts';

/** Calls are parked on the first of them who is free: Carol. */
const MEMBERS = ['103', '102', '101'];

let office: Office;
let groups: OfficeGroups;
let sales: RingGroupId;
let bob: DesktopPhone;
let alice: DesktopPhone;
let alicesBrowser: BrowserPhone;
let carol: BrowserPhone;

test.beforeAll(async () => {
  office = await Office.open();
  groups = new OfficeGroups(office.server);
  groups.savePark('Support', MEMBERS);
  sales = groups.addRing('Sales', ['102', '103']);
  bob = await office.desktop('101');
  alice = await office.desktop('102');
  alicesBrowser = await office.browser('102');
  carol = await office.browser('103');
});
test.beforeEach(async () => {
  await closeAllNotifications();
  for (const phone of everyone()) await phone.collectAnnouncements();
});
test.afterEach(() => office.tidyUp());
test.afterAll(() => office?.close());

const everyone = (): readonly PhoneScreen[] => [bob, alice, alicesBrowser, carol];
const allButBob = (): readonly PhoneScreen[] => [alice, alicesBrowser, carol];

const recallBy = (recall: Partial<RecallSettings>): void =>
  groups.savePark('Support', MEMBERS, recall);

async function bobTalksTo(as: Parameters<Office['outside']['call']>[2] = {}): Promise<ClientCall> {
  const client = await office.outside.call(office.server, '101', as);
  await bob.rings(client.identity);
  await bob.answer();
  await expectTalk(bob, client);
  return client;
}

/** Bob transfers to `*58`; the client hears music, and Bob is told where it went. */
async function bobParks(client: ClientCall): Promise<void> {
  await bob.transferTo('*58');
  await bobHasParked(client);
}

async function bobHasParked(client: ClientCall): Promise<void> {
  await expectHears(client.ear, 'music');
  await bob.isTold('Parked on 103, retrieve with *88103');
  await bob.isIdle();
}

const isAlert = (announcement: string): boolean => announcement.startsWith('Parked call');

async function isAlertedOnce(phone: PhoneScreen, by: string): Promise<void> {
  const words = new RegExp(`^Parked call: Client, .*on 103, Support, by ${by}$`);
  await expect
    .poll(async () => (await phone.announcements()).filter(isAlert), {
      message: `${phone.name} is alerted once`,
    })
    .toEqual([expect.stringMatching(words)]);
}

/** All members on all devices; whoever parked it only sees it. */
async function allAreAlertedButBob(): Promise<void> {
  for (const device of allButBob()) {
    await device.showsParked(CLIENT, { slot: '103, Support', by: 'Bob' });
    await isAlertedOnce(device, 'Bob');
  }
  await bob.showsParked(CLIENT, { slot: '103, Support', by: 'me' });
  await expect.poll(displayedCount, { message: 'one desktop is notified, once' }).toBe(1);
  expect((await bob.announcements()).filter(isAlert)).toEqual([]);
}

async function aliceTakesItAt(retriever: PhoneScreen, client: ClientCall): Promise<void> {
  await retriever.talksTo(CLIENT);
  await expectTalk(retriever, client);
  await expect.poll(displayedCount, { message: 'the notification is withdrawn' }).toBe(0);
  for (const phone of everyone()) {
    await expect(phone.waitingCards, `${phone.name} shows nothing that waits`).toHaveCount(0);
  }
  for (const phone of [bob, carol]) {
    await expect.poll(() => phone.announcements()).toContainEqual('Client: Retrieved by Alice');
  }
  await retriever.hangUp();
  await client.hasEnded();
}

const scopeMark = (phone: PhoneScreen) => phone.card(CLIENT).locator('.mark');

test('parked to the group from the Park menu: all members are alerted on all devices, and one takes it with one press', async () => {
  const client = await bobTalksTo();
  await bob.parkToMyGroup();
  await bobHasParked(client);
  await allAreAlertedButBob();
  await expect(scopeMark(bob)).toHaveText('Parked by me');
  await expect(scopeMark(alice)).toHaveText('Group');
  await expect(scopeMark(carol)).toHaveText('Mine');
  await alice.retrieve(CLIENT);
  await aliceTakesItAt(alice, client);
  const [notified] = await closedNotifications();
  expect(notified).toMatchObject({ title: 'Client – Parked on 103', body: CLIENT.number });
});

test('parked to the group with *58, taken with *88 by a member with nothing parked on her own extension', async () => {
  const client = await bobTalksTo();
  await bobParks(client);
  await allAreAlertedButBob();
  await alicesBrowser.dial('*88');
  await aliceTakesItAt(alicesBrowser, client);
});

test('whoever parked is alerted too where the tenant wants that', async () => {
  groups.changeSettings({ alertParker: true });
  const client = await bobTalksTo();
  await bobParks(client);
  await isAlertedOnce(bob, 'me');
  await expect.poll(displayedCount, { message: 'both desktops are notified' }).toBe(2);
  groups.changeSettings({ alertParker: false });
  client.hangUp();
  for (const phone of everyone()) await expect(phone.waitingCards).toHaveCount(0);
  await expect.poll(displayedCount).toBe(0);
});

/** Seconds on a card until the recall. */
async function countdown(phone: PhoneScreen, of: CallerIdentity): Promise<number> {
  const words = await phone.card(of).locator('.card-recall').innerText();
  const [, minutes, seconds] = /in (\d+):(\d\d)/.exec(words) ?? [];
  return Number(minutes) * 60 + Number(seconds);
}

test('a snooze changes the countdown on every phone, and what an admin changes meanwhile concerns later calls only', async () => {
  const destination = {
    kind: 'parker-then-ring-group',
    ringGroupId: sales,
    waitMs: 30_000,
  } as const;
  recallBy({ timerMs: 60_000, destination });
  const first = await bobTalksTo();
  await bobParks(first);
  for (const phone of everyone()) {
    await expect(phone.card(CLIENT)).toContainText(/back to Bob in (?:1:00|0:5\d), then to Sales/);
  }
  await expect.poll(() => countdown(alice, CLIENT)).toBeLessThan(56);
  const before = await countdown(alice, CLIENT);
  await alice.card(CLIENT).getByRole('button', { name: 'Snooze the recall of Client' }).click();
  await Promise.all(
    everyone().map((phone) =>
      expect
        .poll(() => countdown(phone, CLIENT), { message: `${phone.name} shows more time` })
        .toBeGreaterThan(before),
    ),
  );

  recallBy({ timerMs: 200_000, destination: { kind: 'ring-group', ringGroupId: sales } });
  const second = await bobTalksTo({ identity: SECOND_CLIENT, voice: 'second client' });
  await bob.transferTo('*58');
  await bob.isIdle();
  await expect(carol.card(SECOND_CLIENT)).toContainText(/(?<!then )to Sales in 3:1\d/);
  await expect(carol.card(CLIENT)).toContainText(/back to Bob in 0:\d\d, then to Sales/);
  await expectHears(first.ear, 'music');
  await expectHears(second.ear, 'music');
});

/** The ringing names the caller and the slot: it is no ordinary call. */
async function recallRings(phone: PhoneScreen): Promise<void> {
  await phone.rings(CLIENT);
  await expect(phone.incoming).toHaveAttribute('data-recall', 'true');
  await expect(phone.incoming).toContainText('Recall from slot 103');
}

async function onlyBobIsRung(): Promise<void> {
  await recallRings(bob);
  for (const phone of allButBob()) {
    await expect(phone.card(CLIENT)).toHaveAttribute('data-state', 'recalling');
    await expect(phone.card(CLIENT)).toContainText('Ringing Bob');
    await expect(phone.incoming).toHaveCount(0);
  }
}

/** An ordinary call, on every device of the ring group's members; it is parked no longer. */
async function salesIsRung(): Promise<void> {
  for (const phone of allButBob()) {
    await phone.rings(CLIENT);
    await expect(phone.incoming).toHaveAttribute('data-recall', 'false');
  }
  await expect(bob.incoming).toHaveCount(0);
  for (const phone of everyone()) {
    await expect(phone.waitingCards).toHaveCount(0);
    await expect
      .poll(() => phone.announcements())
      .toContainEqual('Client: Went to the ring group Sales');
  }
}

async function answeredBy(member: PhoneScreen, client: ClientCall): Promise<void> {
  await member.answer();
  await member.talksTo(CLIENT);
  await expectTalk(member, client);
  for (const phone of everyone()) await expect(phone.incoming).toHaveCount(0);
}

/** It is nobody's call any more, and nobody is rung again. */
async function endsWith(member: PhoneScreen, client: ClientCall): Promise<void> {
  await member.hangUp();
  await client.hasEnded();
  for (const phone of everyone()) await phone.isIdle();
}

test('nobody takes it, and the parker alone is recalled: again after a refusal, and then they talk', async () => {
  recallBy({ timerMs: 4_000, retryMs: 1_000, destination: { kind: 'parker' } });
  const client = await bobTalksTo();
  await bobParks(client);
  await onlyBobIsRung();
  await expectHears(client.ear, 'music');
  await bob.incoming.getByRole('button', { name: 'Decline' }).click();
  await expect(bob.incoming).toHaveCount(0);
  await onlyBobIsRung();
  await answeredBy(bob, client);
  await expect(bob.call).toContainText('Recall, 103');
  for (const phone of allButBob()) {
    await expect.poll(() => phone.announcements()).toContainEqual('Client: Went back to Bob');
    await expect(phone.waitingCards).toHaveCount(0);
  }
  await endsWith(bob, client);
});

test('nobody takes it, nor does the parker: the ring group has it for good', async () => {
  const destination = {
    kind: 'parker-then-ring-group',
    ringGroupId: sales,
    waitMs: 4_000,
  } as const;
  recallBy({ timerMs: 4_000, destination });
  const client = await bobTalksTo();
  await bobParks(client);
  await onlyBobIsRung();
  await expectHears(client.ear, 'music');
  await salesIsRung();
  await expectHears(client.ear, 'music');
  await answeredBy(carol, client);
  await endsWith(carol, client);
  await bob.page.getByRole('tab', { name: 'History' }).click();
  const ended = bob.page.getByText('Went to the ring group Sales, parked on 103');
  await expect(ended.first()).toBeVisible();
});

test('nobody takes it: the ring group is rung at once, as it was set when the call was parked', async () => {
  recallBy({ timerMs: 5_000, destination: { kind: 'ring-group', ringGroupId: sales } });
  const client = await bobTalksTo();
  await bobParks(client);
  recallBy({ timerMs: 300_000, destination: { kind: 'parker' } });
  await salesIsRung();
  await expectHears(client.ear, 'music');
  await answeredBy(alice, client);
  await endsWith(alice, client);
});

test('no page complained', () => {
  expect(office.complaints).toEqual([]);
});
