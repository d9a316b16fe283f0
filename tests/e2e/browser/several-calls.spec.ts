/** Call waiting, swapping, retrieving while talking, and several people who reach for the same call. */
import { expect, test } from '@playwright/test';
import type { Locator } from '@playwright/test';
import { BrowserPhone } from '../kit/browser-phone.ts';
import { CLIENT, Outside, SECOND_CLIENT } from '../kit/client.ts';
import type { ClientCall } from '../kit/client.ts';
import { expectHears, expectTalk } from '../kit/hearing.ts';
import { TestServer } from '../kit/test-server.ts';

let server: TestServer;
let outside: Outside;
let bob: BrowserPhone;
let alice: BrowserPhone;
let carol: BrowserPhone;

test.beforeAll(async () => {
  server = await TestServer.start();
  outside = await Outside.open();
  bob = await BrowserPhone.signedIn(server, '101');
  alice = await BrowserPhone.signedIn(server, '102');
  carol = await BrowserPhone.signedIn(server, '103');
});
test.afterEach(async () => {
  await outside.hangUpAll();
  for (const phone of [bob, alice, carol]) await phone.isIdle();
});
test.afterAll(async () => {
  for (const phone of [bob, alice, carol]) await phone?.close();
  await outside?.close();
  await server?.dispose();
});

async function bobAnswers(as: Parameters<Outside['call']>[2] = {}): Promise<ClientCall> {
  const client = await outside.call(server, '101', as);
  await bob.rings(client.identity);
  await bob.answer();
  await bob.talksTo(client.identity);
  return client;
}

const second = { identity: SECOND_CLIENT, voice: 'second client' } as const;

test('answering a second call holds the first, and swapping goes back and forth', async () => {
  const first = await bobAnswers();
  const other = await bobAnswers(second);
  await expectTalk(bob, other);
  await expectHears(first.ear, 'music');

  await bob.page.getByRole('button', { name: 'Swap to Client' }).click();
  await bob.talksTo(CLIENT);
  await expectTalk(bob, first);
  await expectHears(other.ear, 'music');

  await bob.call.getByRole('button', { name: 'Hang up' }).click();
  await first.hasEnded();
  await bob.page.getByRole('button', { name: 'Hold', exact: true }).click();
  await expectTalk(bob, other);
});

test('a call that comes in or goes moves no button of the one that goes on, and is in view', async () => {
  const first = await bobAnswers();
  // As large as the desktop app's window is at first.
  await bob.page.setViewportSize({ width: 400, height: 760 });
  const mute = bob.call.getByRole('button', { name: 'Mute', exact: true });
  const hangUp = bob.call.getByRole('button', { name: 'Hang up' });
  const places = async () => [await middleOf(mute), await middleOf(hangUp)];
  await mute.focus();
  const before = await places();
  await bob.page.mouse.move(before[0]?.x ?? 0, before[0]?.y ?? 0);
  await bob.page.mouse.down();
  const other = await outside.call(server, '101', second);
  await bob.rings(SECOND_CLIENT);
  await bob.page.mouse.up();
  await expect(mute).toHaveAttribute('aria-pressed', 'true');
  await expect(bob.incoming).toBeInViewport({ ratio: 1 });
  await expect(mute).toBeFocused();
  expect(await places()).toEqual(before);
  other.hangUp();
  await expect(bob.incoming).toHaveCount(0);
  expect(await places()).toEqual(before);
  await bob.page.setViewportSize({ width: 420, height: 860 });
  await bob.toggle('Mute');
  await expectTalk(bob, first);
});

test('a call is declined and answered while a sheet is open, which keeps what was typed', async () => {
  const first = await bobAnswers();
  await bob.call.getByRole('button', { name: 'Transfer', exact: true }).click();
  const sheet = bob.page.getByRole('dialog', { name: 'Transfer the call' });
  const field = sheet.getByLabel('To', { exact: true });
  await field.fill('0301');
  const other = await outside.call(server, '101', second);
  await bob.rings(SECOND_CLIENT);
  await expect(bob.incoming).toBeInViewport({ ratio: 1 });
  await expect(field).toBeFocused();
  await bob.incoming.getByRole('button', { name: 'Decline' }).click();
  await other.hasEnded();
  await expect(bob.incoming).toHaveCount(0);
  await expect(field).toHaveValue('0301');
  await expect(field).toBeFocused();

  const third = await outside.call(server, '101', second);
  await bob.rings(SECOND_CLIENT);
  await field.press('Shift+Tab');
  await bob.page.keyboard.press('Shift+Tab');
  await expect(bob.incoming.getByRole('button', { name: 'Answer' })).toBeFocused();
  await bob.page.keyboard.press('Enter');
  await bob.talksTo(SECOND_CLIENT);
  await expect(sheet).toHaveCount(0);
  await expectTalk(bob, third);
  await expectHears(first.ear, 'music');
});

test('retrieving while talking holds the call first', async () => {
  const parked = await bobAnswers();
  await bob.parkOn(/Alice/);
  await bob.isIdle();
  const talking = await outside.call(server, '102', second);
  await alice.rings(SECOND_CLIENT);
  await alice.answer();
  await expectTalk(alice, talking);

  await alice.retrieve(CLIENT);
  await alice.talksTo(CLIENT);
  await expectTalk(alice, parked);
  await expectHears(talking.ear, 'music');
  await alice.page.getByRole('button', { name: 'Swap to Ms Second' }).click();
  await expectTalk(alice, talking);
  await expectHears(parked.ear, 'music');
});

test('a retrieve that comes too late says who took the call, and the call that was held for it goes on', async () => {
  const parked = await bobAnswers();
  await bob.parkOn(/Alice/);
  await bob.isIdle();
  const talking = await outside.call(server, '103', second);
  await carol.rings(SECOND_CLIENT);
  await carol.answer();
  await expectTalk(carol, talking);
  await alice.retrieve(CLIENT);
  await expectTalk(alice, parked);

  await carol.dial('*88102');
  await carol.isTold('Retrieved by Alice');
  await carol.talksTo(SECOND_CLIENT);
  await expectTalk(carol, talking);
  await expectTalk(alice, parked);
});

test('of two who retrieve at the same moment one talks, and the other is told who', async () => {
  for (const round of [1, 2, 3]) {
    await test.step(`round ${round}`, twoReachForOneCall);
  }
});

async function twoReachForOneCall(): Promise<void> {
  const parked = await bobAnswers();
  await bob.parkOn(/Alice/);
  await bob.isIdle();
  await carol.page.getByRole('tab', { name: 'Keypad' }).click();
  await carol.dialField.fill('*88102');
  await alice.showsParked(CLIENT, { slot: '102', by: 'Bob' });
  const { x, y } = await middleOf(alice.card(CLIENT).getByRole('button', { name: 'Retrieve' }));
  await Promise.all([alice.page.mouse.click(x, y), carol.dialField.press('Enter')]);

  const talks = async (phone: BrowserPhone) =>
    (await phone.page.locator('article[data-state="active"]').count()) === 1;
  await expect.poll(async () => (await talks(alice)) !== (await talks(carol))).toBe(true);
  const [winner, loser, name] = (await talks(alice))
    ? [alice, carol, 'Alice']
    : [carol, alice, 'Carol'];
  // On the card, or as a notice: as early as it is known.
  await expect(loser.page.locator('body')).toContainText(`Retrieved by ${name}`);
  await winner.talksTo(CLIENT);
  await expectTalk(winner, parked);
  await loser.isIdle();
  await winner.hangUp();
  await parked.hasEnded();
}

async function middleOf(target: Locator): Promise<{ x: number; y: number }> {
  const box = await target.boundingBox();
  if (box === null) throw new Error('not on the screen');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

test('a press belongs to the call that was under the pointer when it went down', async () => {
  const first = await bobAnswers();
  await bob.parkOn(/Alice/);
  await bob.isIdle();
  await bobAnswers(second);
  await bob.parkOn(/Alice/);
  await bob.isIdle();
  const { x, y } = await middleOf(alice.card(CLIENT).getByRole('button', { name: 'Retrieve' }));
  await alice.page.mouse.move(x, y);
  await alice.page.mouse.down();
  first.hangUp();
  await expect(alice.card(CLIENT)).toHaveAttribute('data-state', 'ended');
  await expect(alice.card(SECOND_CLIENT)).toBeVisible();
  await alice.page.mouse.up();
  // Longer than an ended card stays.
  await expect(alice.card(SECOND_CLIENT)).toHaveAttribute('data-state', 'parked');
  await alice.page.mouse.move(0, 0);
  await expect(alice.card(CLIENT)).toHaveCount(0);
  await expect(alice.card(SECOND_CLIENT)).toHaveAttribute('data-state', 'parked');
  await alice.isIdle();
});

/** Bob asks Alice first, while the client waits. */
async function bobAsksAlice(client: ClientCall): Promise<void> {
  await bob.call.getByRole('button', { name: 'Transfer', exact: true }).click();
  const sheet = bob.page.getByRole('dialog', { name: 'Transfer the call' });
  await sheet.getByLabel('To', { exact: true }).fill('102');
  await sheet.getByRole('button', { name: 'Ask first' }).click();
  await alice.rings({ name: 'Bob', number: '101' });
  await expectHears(client.ear, 'music');
}

const join = () => bob.call.getByRole('button', { name: /^Join with / });
const swapTo = (who: string) => bob.page.getByRole('button', { name: `Swap to ${who}` });

test('an attended transfer: ask, go back and forth, and join the two', async () => {
  const client = await bobAnswers();
  await bobAsksAlice(client);
  await expect(join()).toHaveCount(0);
  await alice.answer();
  await bob.talksTo({ name: 'Alice', number: '102' });
  await expectTalk(bob, alice);
  await swapTo('Client').click();
  await bob.talksTo(CLIENT);
  await expectTalk(bob, client);
  await expectHears(alice.ear, 'music');
  await swapTo('Alice').click();
  await expectTalk(bob, alice);
  await expectHears(client.ear, 'music');

  await expect(join()).toHaveText('Join with Client');
  await join().click();
  await bob.isTold('was transferred.');
  await bob.isIdle();
  await expectTalk(alice, client);
  await alice.talksTo(CLIENT);
  await alice.hangUp();
  await client.hasEnded();
});

test('a question that is taken back leaves the client with whoever asked, answered or not', async () => {
  const client = await bobAnswers();
  await bobAsksAlice(client);
  await bob.call.getByRole('button', { name: 'Cancel call' }).click();
  await expect(alice.incoming).toHaveCount(0);
  await bob.talksTo(CLIENT);
  await expectTalk(bob, client);

  await bobAsksAlice(client);
  await alice.answer();
  await expectTalk(bob, alice);
  await bob.call.getByRole('button', { name: 'Hang up' }).click();
  await alice.isIdle();
  await expectHears(client.ear, 'music');
  await bob.toggle('Hold');
  await expectTalk(bob, client);
});

test('a client who hangs up while somebody is asked leaves the two talking', async () => {
  const client = await bobAnswers();
  await bobAsksAlice(client);
  await alice.answer();
  client.hangUp();
  await expect(join()).toHaveCount(0);
  await expectTalk(bob, alice);
  await bob.hangUp();
  await alice.isIdle();
});
