/** Our phone on a PortSIP PBX as PortSIP's guide describes it; what it does not publish is assumed, and named so in `kit/pbx/portsip-messages.ts`. */
import { expect, test } from '@playwright/test';
import { BrowserPhone } from '../kit/browser-phone.ts';
import { expectHears } from '../kit/hearing.ts';
import { openPageSite, type PageSite } from '../kit/page-site.ts';
import { assumedWords } from '../kit/pbx/portsip-messages.ts';
import { ScriptedPortSip } from '../kit/pbx/portsip.ts';
import { ANNOUNCER } from '../kit/pbx/voiced-calls.ts';
import { signInTo } from '../kit/pbx/sign-in.ts';

const CLIENT = { name: 'Client', number: '003386002678', voice: 'client' } as const;

let portsip: ScriptedPortSip;
let site: PageSite;
let bob: BrowserPhone;
let alice: BrowserPhone;

async function signedIn(extension: '101' | '102'): Promise<BrowserPhone> {
  const phone = await BrowserPhone.open(site.url, {
    voice: extension,
    name: `${extension}'s phone`,
  });
  await signInTo(phone, {
    system: 'PortSIP PBX',
    pbx: portsip.pbx,
    extension,
    domain: assumedWords.domain,
  });
  return phone;
}

test.beforeAll(async () => {
  portsip = await ScriptedPortSip.start();
  site = await openPageSite([portsip.pbx.webSocketUrl.replace(/\/ws$/, '')]);
  bob = await signedIn('101');
  alice = await signedIn('102');
});
test.afterEach(async () => {
  await noCalls();
  expect(portsip.pbx.surprises).toEqual([]);
});
test.afterAll(async () => {
  for (const phone of [bob, alice]) await phone?.close();
  await site?.close();
  await portsip?.close();
});

/** The phone has said BYE, or was told so; its screen says for a while how the call ended. */
const noCalls = () => expect.poll(() => portsip.pbx.liveCalls, 'calls that are left').toBe(0);

const hangUp = (phone: BrowserPhone) => phone.call.getByRole('button', { name: 'Hang up' }).click();

async function bobTalks(): Promise<void> {
  const answered = bob.rings(CLIENT).then(() => bob.answer());
  await Promise.all([portsip.ring('101', CLIENT), answered]);
}

async function parkOn(extension: string): Promise<void> {
  await bob.call.getByRole('button', { name: 'More ways to park' }).click();
  const menu = bob.page.getByRole('dialog', { name: 'Park this call' });
  await menu.getByLabel('On a colleague').fill(extension);
  await menu.getByRole('option', { name: extension }).click();
}

const retrieveOwn = (phone: BrowserPhone) =>
  phone.parkList.getByRole('button', { name: 'Retrieve (*88)' });

test('what this PBX does not have is absent: no list is asked for, no note, no group, no voicemail lamp', async () => {
  await expect(alice.parkList).toHaveAttribute('data-mood', 'unsupported');
  await expect(alice.parkList).toContainText('announces parked calls, but keeps no list of them');
  expect(portsip.pbx.received('SUBSCRIBE').map(({ firstLine }) => firstLine)).not.toContainEqual(
    expect.stringMatching(/\*88|\*58/),
  );
  await expect(alice.page.locator('.voicemail-lamp')).toHaveCount(0);
  await bobTalks();
  await bob.call.getByRole('button', { name: 'More ways to park' }).click();
  const menu = bob.page.getByRole('dialog', { name: 'Park this call' });
  await expect(menu.getByLabel(/Note/)).toHaveCount(0);
  await expect(menu.getByRole('button', { name: 'Park to my group' })).toHaveCount(0);
  await bob.page.keyboard.press('Escape');
  await hangUp(bob);
});

test('a call parked on a colleague by *68102 is announced there, and one press takes it', async () => {
  await bobTalks();
  await parkOn('102');
  await noCalls();
  await bob.isTold('Parked.');
  await alice.isTold('A call is parked for you');
  await retrieveOwn(alice).click();
  await alice.isTalking();
  await expectHears(alice.ear, 'client');
  expect(portsip.parkedOn('102')).toBe(0);
  await hangUp(alice);
});

test('a call parked on my own extension by *68 is taken back by *88, or by *88101 elsewhere', async () => {
  await bobTalks();
  await bob.park();
  await noCalls();
  await retrieveOwn(bob).click();
  await bob.isTalking();
  await expectHears(bob.ear, 'client');
  await bob.park();
  await noCalls();
  await alice.dismissNotices();
  await alice.dial('*88101');
  await alice.isTalking();
  await expectHears(alice.ear, 'client');
  await hangUp(alice);
});

test('a call for an extension that does not exist stays with whoever parks', async () => {
  await bobTalks();
  await parkOn('199');
  await bob.isTold('Not parked: there is no such extension');
  await bob.isTalking();
  await expectHears(bob.ear, 'client');
  await hangUp(bob);
});

test('a PBX that hangs up as soon as it parks leaves nothing behind', async () => {
  portsip.hangsUpOnRefer = true;
  await bobTalks();
  await bob.park();
  await noCalls();
  expect(portsip.parkedOn('101')).toBe(1);
  portsip.hangsUpOnRefer = false;
  await retrieveOwn(bob).click();
  await bob.isTalking();
  await hangUp(bob);
});

test('registrations are refreshed, and no UPDATE is sent to a PBX that does not allow it', async () => {
  await expect.poll(() => portsip.pbx.received('REGISTER').length).toBeGreaterThan(4);
  expect(portsip.pbx.received('UPDATE')).toEqual([]);
});

test('after a restart the phone signs in again, and hears that nobody waits any more', async () => {
  await portsip.restart();
  for (const phone of [bob, alice])
    await expect(phone.page.getByTestId('line-state')).toHaveAttribute('data-line', 'registered', {
      timeout: 20_000,
    });
  await retrieveOwn(bob).click();
  await bob.isTalking();
  await expectHears(bob.ear, ANNOUNCER);
  await noCalls();
});
