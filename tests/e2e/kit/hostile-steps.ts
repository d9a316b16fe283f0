import { expect } from '@playwright/test';
import { parkIdOf, type ParkedSketch } from '../../fakes/park-documents.ts';
import type { HostileServer } from './hostile-server.ts';
import { pressAndSee } from './page-watch.ts';
import type { PhoneScreen } from './phone-screen.ts';

/** A phone that is signed in to a hostile server. */
export interface HostileScene {
  readonly phone: PhoneScreen;
  readonly server: HostileServer;
}

/** The one call that is parked before a server goes wrong. */
export const HOSTILE_CLIENT: ParkedSketch = {
  id: parkIdOf(1),
  name: 'Client',
  slot: '101',
  parker: '102',
};
export const MANY_CALLS = 5_000;
/** A window that hangs takes no key for far longer, and one that works takes it sooner also where other tests load the machine; ms. */
export const AT_ONCE_MS = 3_000;
/** A list that was asked for in vain is asked for again after ten seconds, and then a little later each time. */
export const PATIENT_MS = 25_000;

const MANY = Array.from({ length: MANY_CALLS }, (_, n): ParkedSketch => ({
  id: parkIdOf(n + 100),
  name: `Client ${n}`,
  slot: n % 2 === 0 ? '101' : '104',
  ...(n % 2 === 0 ? {} : { group: 'Support' }),
  parker: '102',
  waited: MANY_CALLS - n,
}));

/** A call that waits is on the screen. */
export async function oneCallIsParked({ phone, server }: HostileScene): Promise<void> {
  server.tellAll([HOSTILE_CLIENT]);
  await expect(phone.card({ name: 'Client', number: '' })).toHaveAttribute('data-state', 'parked');
}

/** A key is taken and drawn. */
export async function isUsable(phone: PhoneScreen, when?: string): Promise<void> {
  await phone.page.getByRole('tab', { name: 'Keypad' }).click();
  await phone.dialField.fill('');
  await phone.dialField.focus();
  expect(await pressAndSee(phone.page, '7'), when).toBeLessThan(AT_ONCE_MS);
  await expect(phone.dialField).toHaveValue('7');
  await phone.dialField.fill('');
}

export const listIsUnknown = ({ parkList }: PhoneScreen): Promise<void> =>
  expect(parkList).toHaveAttribute('data-mood', 'unknown');

/** All of them newly parked, beside the one that was: none of it may become a storm of notifications or announcements. */
export async function fiveThousandAreParked({ phone, server }: HostileScene): Promise<void> {
  server.tell(MANY);
  await expect(phone.parkList.locator('.count')).toHaveText(String(MANY_CALLS + 1), {
    timeout: PATIENT_MS,
  });
}

/** While five thousand calls wait and change, keys are taken. */
export async function takesKeysWithFiveThousand({ phone, server }: HostileScene): Promise<void> {
  const { page } = phone;
  await isUsable(phone, 'after they came');
  await phone.dialField.focus();
  for (let n = 0; n < 4; n += 1) {
    server.tell([{ ...(MANY[n] ?? HOSTILE_CLIENT), note: `changed ${n}` }]);
    expect(await pressAndSee(page, '7'), 'while they change').toBeLessThan(AT_ONCE_MS);
  }
  await expect(phone.dialField).toHaveValue('7777');
  await expect(phone.cards.first()).toContainText('Client 0');
}

/** The list is told anew, with one call in it. */
export async function onlyOneIsLeft({ phone, server }: HostileScene): Promise<void> {
  server.tellAll([HOSTILE_CLIENT]);
  await expect(phone.waitingCards).toHaveCount(1, { timeout: PATIENT_MS });
  await expect(phone.parkList).toHaveAttribute('data-mood', 'parked');
}

export async function talks({ phone }: HostileScene): Promise<void> {
  await phone.dial('103');
  await phone.isTalking();
}

/** In a call the server falls silent for good, and the network claims to be there: line and list say so within seconds. */
export async function serverFallsSilent({ phone, server }: HostileScene): Promise<void> {
  server.moods.set('*', 'silent');
  await phone.page.evaluate(() => window.dispatchEvent(new Event('online')));
  const state = phone.page.getByTestId('line-state');
  await expect(state).not.toHaveAttribute('data-line', 'registered');
  await listIsUnknown(phone);
  await expect(phone.waitingCards).toHaveCount(1);
}

/** Nobody answers the end of the call: it is over all the same. */
export async function endsItsCall({ phone }: HostileScene): Promise<void> {
  await phone.call.getByRole('button', { name: 'Hang up' }).click();
  await phone.isIdle();
}

/** Cut off, and signed in over a new connection: a page that has not noticed yet still looks signed in. */
export async function cutAndBack({ phone, server }: HostileScene): Promise<void> {
  const before = server.registrations;
  server.cut();
  await expect.poll(() => server.registrations, { timeout: 15_000 }).toBeGreaterThan(before);
  await phone.ready();
}
