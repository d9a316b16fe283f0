import type { PhoneScreen } from './phone-screen.ts';

/** A drop-down list of the settings that names a device. */
export type DeviceList = 'Microphone' | 'Speaker' | 'Ringer plays on' | 'Chime plays on';

/** Chooses in a drop-down list of the settings, as a user does. */
export async function choose(phone: PhoneScreen, list: string, option: string): Promise<void> {
  const { page } = phone;
  await page.getByRole('tab', { name: 'Settings' }).click();
  const field = page
    .locator('.field')
    .filter({ has: page.locator('.field-label', { hasText: new RegExp(`^${list}$`) }) });
  await field.getByRole('button').click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

export const chooseDevice = (phone: PhoneScreen, list: DeviceList, device: string): Promise<void> =>
  choose(phone, list, device);
