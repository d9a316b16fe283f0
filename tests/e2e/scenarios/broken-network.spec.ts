/** What users live through: the server is restarted, or the network is away for a while. */
import { expect, test } from '@playwright/test';
import type { BrowserPhone } from '../kit/browser-phone.ts';
import { Cable } from '../kit/cable.ts';
import { CLIENT, SECOND_CLIENT } from '../kit/client.ts';
import type { DesktopPhone } from '../kit/desktop-phone.ts';
import { expectHears, expectTalk } from '../kit/hearing.ts';
import { Office } from '../kit/office.ts';
import type { PhoneScreen } from '../kit/phone-screen.ts';

const BACK_WITHIN_MS = 5_000;
const CUT_MS = 10_000;

let office: Office;
let bob: DesktopPhone;
let alice: BrowserPhone;
let cable: Cable;

test.beforeAll(async () => {
  office = await Office.open();
  bob = await office.desktop('101');
  cable = await Cable.to(office.server.httpPort);
  alice = await office.browser('102', { origin: cable.origin });
});
test.afterEach(() => office.tidyUp());
test.afterAll(async () => {
  await office?.close();
  await cable?.close();
});

async function aCallIsParkedOnAlice() {
  const client = await office.outside.call(office.server, '101');
  await bob.rings(CLIENT);
  await bob.answer();
  await expectTalk(bob, client);
  await bob.transferTo('*68102');
  await bob.isIdle();
  await alice.showsParked(CLIENT, { slot: '102', by: 'Bob' });
  return client;
}

async function knowsThatItIsOffline(phone: PhoneScreen): Promise<void> {
  const state = phone.page.getByTestId('line-state');
  await expect(state, `${phone.name} knows that it is offline`).not.toHaveAttribute(
    'data-line',
    'registered',
  );
  await expect(phone.parkList).toHaveAttribute('data-mood', 'unknown');
}

test('with the signalling away for ten seconds the list is kept and greyed, the call goes on, and then all is right', async () => {
  const parked = await aCallIsParkedOnAlice();
  const talking = await office.outside.call(office.server, '102', {
    identity: SECOND_CLIENT,
    voice: 'second client',
  });
  await alice.rings(SECOND_CLIENT);
  await alice.answer();
  await expectTalk(alice, talking);

  cable.cut();
  const cutAt = Date.now();
  await knowsThatItIsOffline(alice);
  await expect(alice.card(CLIENT)).toBeVisible();
  await expect(alice.parkList).toContainText(/Last synced \d\d:\d\d:\d\d/);
  await expect(alice.card(CLIENT).getByRole('button', { name: 'Retrieve' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  // What happens meanwhile is not known to Alice, and not guessed.
  parked.hangUp();
  await expect(bob.waitingCards).toHaveCount(0);
  await new Promise((elapsed) => setTimeout(elapsed, CUT_MS - (Date.now() - cutAt)));
  await expectTalk(alice, talking);
  await expect(alice.card(CLIENT)).toHaveAttribute('data-state', 'parked');

  cable.mend();
  await alice.ready(BACK_WITHIN_MS);
  await alice.showsNothingParked();
  await expectTalk(alice, talking);
  await alice.toggle('Hold');
  await expectHears(talking.ear, 'music');
  await alice.toggle('Hold');
  await expectTalk(alice, talking);
  await alice.hangUp();
  await talking.hasEnded();
});

test('a call that rings when the connection breaks leaves nothing behind, and rings again on the next one', async () => {
  const client = await office.outside.call(office.server, '102');
  await alice.rings(CLIENT);
  cable.cut();
  await alice.isTold('Client: The connection was lost');
  await expect(alice.incoming, 'nothing could answer it').toHaveCount(0);
  cable.mend();
  await alice.ready(BACK_WITHIN_MS);
  await alice.rings(CLIENT);
  await alice.answer();
  await expectTalk(alice, client);
  await alice.hangUp();
});

test('after a restart of the server all phones are back by themselves, with the right list', async () => {
  await aCallIsParkedOnAlice();
  await office.server.stop();
  await knowsThatItIsOffline(bob);
  await knowsThatItIsOffline(alice);
  await expect(alice.card(CLIENT)).toBeVisible();

  await office.server.startAgain();
  await Promise.all([bob.ready(BACK_WITHIN_MS), alice.ready(BACK_WITHIN_MS)]);
  await alice.showsNothingParked();
  await bob.showsNothingParked();

  const client = await aCallIsParkedOnAlice();
  await alice.retrieve(CLIENT);
  await alice.talksTo(CLIENT);
  await expectTalk(alice, client);
});
